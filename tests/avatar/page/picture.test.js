/** What is computed here instead of in shaders, which files are taken, when the picture becomes cheaper. */
import assert from "node:assert/strict";
import { drawnVertices, gathered } from "../../../avatar/page/attributes.js";
import { fold } from "../../../avatar/page/body.js";
import { Faces } from "../../../avatar/page/faces.js";
import { LIMIT_MIB, problemOf, tooLarge } from "../../../avatar/page/glb.js";
import { Morphs } from "../../../avatar/page/morphs.js";
import { Pace } from "../../../avatar/page/quality.js";
import * as THREE from "../../../avatar/page/vendor/three.module.min.js";
import { JOINTS } from "../../../avatar/page/wire.js";
import { near } from "./support.js";

const numbers = (...values) => new THREE.BufferAttribute(Float32Array.from(values), 3);

/** Two triangles in a buffer of seven vertices, of which the second is nobody's. */
function mesh() {
  const geometry = new THREE.BufferGeometry();
  geometry.setAttribute("position", numbers(0, 0, 0, 9, 9, 9, 1, 0, 0, 0, 1, 0, 5, 0, 0, 6, 0, 0, 5, 1, 0));
  geometry.setIndex([0, 2, 3, 6, 5, 4]);
  geometry.morphAttributes.position = [
    numbers(1, 0, 0, 7, 7, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    numbers(0, 2, 0, 7, 7, 7, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
  ];
  geometry.morphTargetsRelative = true;
  return new THREE.Mesh(geometry, new THREE.MeshBasicMaterial());
}

Deno.test("only the vertices that are drawn are read", () => {
  const { geometry } = mesh();
  const drawn = drawnVertices(geometry);
  assert.deepEqual([...drawn], [0, 2, 3, 4, 5, 6]);
  near(gathered(geometry.getAttribute("position"), drawn, 3).subarray(0, 6), [0, 0, 0, 1, 0, 0]);
  geometry.setIndex(null);
  assert.equal(drawnVertices(geometry).length, 7);
});

Deno.test("shapes add up by their weights and go back to nothing", () => {
  const made = mesh();
  const morphs = Morphs.of(made, drawnVertices(made.geometry));
  const set = (...weights) => {
    made.morphTargetInfluences.splice(0, 2, ...weights);
    morphs.update();
    return morphs.shown.subarray(0, 6);
  };
  near(set(0.5, 0.25), [0.5, 0.5, 0, 1, 0, 0.75]);
  near(set(0, 1), [0, 2, 0, 1, 0, 3]);
  near(set(0, 0), [0, 0, 0, 1, 0, 0]);
});

Deno.test("a mesh without shapes has none", () => {
  assert.equal(Morphs.of(new THREE.Mesh(new THREE.BoxGeometry()), new Uint32Array(1)), null);
});

for (const [side, seen] of [[THREE.FrontSide, [0, 1, 2]], [THREE.BackSide, [5, 4, 3]], [THREE.DoubleSide, [0, 1, 2, 5, 4, 3]]]) {
  Deno.test(`of side ${side} the triangles ${seen.join(" ")} are drawn`, () => {
    const made = mesh();
    made.material.side = side;
    const drawn = drawnVertices(made.geometry);
    const faces = new Faces(made, drawn);
    const count = faces.choose(gathered(made.geometry.getAttribute("position"), drawn, 3), { x: 3, y: 0.5, z: 5, slope: 1 });
    assert.deepEqual([...faces.index.array.subarray(0, count)], seen);
  });
}

Deno.test("what is below the picture is left out", () => {
  const made = mesh();
  const drawn = drawnVertices(made.geometry);
  const count = (y) => new Faces(made, drawn).choose(gathered(made.geometry.getAttribute("position"), drawn, 3), { x: 0, y, z: 5, slope: 1 });
  assert.deepEqual([count(5), count(7)], [3, 0]);
});

const parts = (...missing) => Object.fromEntries(fold((name) => JOINTS.includes(name) && !missing.includes(name)).map(({ bone, joints }) => [bone, joints.map((j) => JOINTS[j])]));

Deno.test("every rotation of the wire ends on a bone that is there", () => {
  assert.deepEqual(parts(), Object.fromEntries(JOINTS.map((name) => [name, [name]])));
  const few = parts("chest", "upperChest", "neck", "leftShoulder", "rightShoulder", "leftToes", "rightToes");
  assert.deepEqual(few.spine, ["spine", "chest", "upperChest"], "the back bends as a whole");
  assert.deepEqual(few.head, ["neck", "head"]);
  assert.deepEqual(few.leftUpperArm, ["leftShoulder", "leftUpperArm"]);
  assert.deepEqual(few.leftFoot, ["leftFoot"], "toes are left out");
  assert.deepEqual(parts("chest").spine, ["spine", "chest"]);
});

/** A GLB with this JSON. */
function glb(gltf, { version = 2, cut = 0 } = {}) {
  const json = new TextEncoder().encode(typeof gltf === "string" ? gltf : JSON.stringify(gltf));
  const view = new DataView(new ArrayBuffer(20 + json.length));
  [0x46546c67, version, 20 + json.length, json.length, 0x4e4f534a].forEach((value, i) => view.setUint32(4 * i, value, true));
  new Uint8Array(view.buffer).set(json, 20);
  return view.buffer.slice(0, view.byteLength - cut);
}
const VRM = { extensions: { VRMC_vrm: {} } };

for (const [what, bytes, problem] of [
  ["a VRM 1.0", glb(VRM), /^$/],
  ["a VRM 0.x", glb({ extensions: { VRM: {} } }), /^$/],
  ["an empty file", new ArrayBuffer(0), /not a VRM file/],
  ["a picture", new TextEncoder().encode("\x89PNG and more than twenty bytes").buffer, /not a VRM file/],
  ["a model without bones", glb({}), /not a VRM: it does not say which bone/],
  ["an old glTF", glb(VRM, { version: 1 }), /damaged/],
  ["a part of a file", glb(VRM, { cut: 3 }), /damaged/],
  ["no JSON", glb("{"), /damaged/],
  ["packed shapes", glb({ ...VRM, extensionsRequired: ["KHR_draco_mesh_compression"] }), /Draco compression/],
  ["parts in other files", glb({ ...VRM, images: [{ uri: "skin.png" }] }), /in other files/],
  ["parts inside", glb({ ...VRM, images: [{ uri: "data:image/png;base64," }, { bufferView: 0 }] }), /^$/],
]) {
  Deno.test(`a file to show: ${what}`, () => assert.match(problemOf(bytes), problem));
}

Deno.test("how large a file is and may be is said", () => {
  assert.equal(tooLarge(LIMIT_MIB * 2 ** 20 + 1).match(/\d+/g).join(), `${LIMIT_MIB + 1},${LIMIT_MIB}`);
});

Deno.test("a picture that is slow for four seconds in a row becomes cheaper; one good second counts anew", () => {
  const pace = new Pace();
  assert.deepEqual([20, 20, 20, 24, 20, 20, 20, 20].map((fps) => pace.take(fps)), [...Array(7).fill(false), true]);
});
