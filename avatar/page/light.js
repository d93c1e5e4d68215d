// @ts-check
/**
 * The light on the set, in both qualities: from above and below, a warm key from the front left, a cool rim from behind.
 *
 * `low` computes it once a vertex (Gouraud 1971) instead of once a pixel: on a processor that draws, pixels are what costs. It needs no
 * light in the scene, and supposes that the camera looks straight along -z, which it does (stage.js).
 */
import * as THREE from "./vendor/three.module.min.js";

const SKY = { above: 0xffffff, below: 0xd8c3b4, high: 2.0, low: 2.05 };
const KEY = { color: 0xfff3e2, at: [-1.4, 2.9, 2.6], high: 1.9, low: 1.6 };
const RIM = { color: 0xcfe4ff, at: [2.2, 2.2, -2.2], high: 1.2, low: 0.7 };

/** Add the lights of `high`, with the shadow of the key. @param {THREE.Object3D} set */
export function addLights(set) {
  set.add(new THREE.HemisphereLight(SKY.above, SKY.below, SKY.high));
  const [key, rim] = [KEY, RIM].map(({ color, at, high }) => {
    const light = new THREE.DirectionalLight(color, high);
    light.position.fromArray(at);
    set.add(light);
    return light;
  });
  key.castShadow = true;
  key.shadow.mapSize.set(2048, 2048);
  key.shadow.bias = -0.0004;
  key.shadow.normalBias = 0.014;
  key.shadow.radius = 6;
  key.shadow.intensity = 0.6;
  Object.assign(key.shadow.camera, { left: -1.2, right: 1.2, top: 1.4, bottom: -1.4, near: 0.5, far: 7 });
  for (const light of [key, rim]) {
    light.target.position.set(0, 0.9, 0);
    set.add(light.target);
  }
}

/** @param {number} color @param {number} intensity a colour times what a matt surface gives back of it, as GLSL */
function shone(color, intensity) {
  const { r, g, b } = new THREE.Color(color);
  return `vec3(${[r, g, b].map((part) => ((part * intensity) / Math.PI).toFixed(4)).join(", ")})`;
}

/** @param {number[]} at */
const towards = (at) => `normalize(vec3(${at.map((part) => part.toFixed(2)).join(", ")}))`;

const VERTEX_LIGHT = `
  vec3 lit = normalize(transformedNormal);
  vLight = mix(${shone(SKY.below, SKY.low)}, ${shone(SKY.above, SKY.low)}, 0.5 + 0.5 * lit.y)
    + ${shone(KEY.color, KEY.low)} * max(0.0, dot(lit, ${towards(KEY.at)}))
    + ${shone(RIM.color, RIM.low)} * max(0.0, dot(lit, ${towards(RIM.at)}));
`;

/** Skinning by two bones instead of four, the same where the others weigh nothing: half the fetches of a vertex. @type {[string, string][]} */
const TWO_BONES = [
  ["#include <skinbase_vertex>", "mat4 skin = skinWeight.x * getBoneMatrix(skinIndex.x) + skinWeight.y * getBoneMatrix(skinIndex.y);"],
  ["#include <skinnormal_vertex>", "objectNormal = (bindMatrixInverse * (skin * (bindMatrix * vec4(objectNormal, 0.0)))).xyz;"],
  ["#include <skinning_vertex>", "transformed = (bindMatrixInverse * (skin * (bindMatrix * vec4(transformed, 1.0)))).xyz;"],
];

/**
 * A matt material that is lit at its vertices, in the place of another.
 * @param {any} material @param {boolean} twoBones whether it is for a mesh that hangs on at most two bones a vertex @returns {THREE.Material}
 */
export function vertexLit(material, twoBones) {
  const made = new THREE.MeshBasicMaterial({
    name: material.name, color: material.color, map: material.map ?? null, vertexColors: material.vertexColors, side: material.side,
    transparent: material.transparent, opacity: material.opacity ?? 1, alphaTest: material.alphaTest, depthWrite: material.depthWrite,
  });
  made.onBeforeCompile = (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace("void main() {", "varying vec3 vLight;\nvoid main() {")
      .replace("#if defined ( USE_ENVMAP ) || defined ( USE_SKINNING )", "#if 1")
      .replace("#include <begin_vertex>", `${VERTEX_LIGHT}#include <begin_vertex>`);
    if (twoBones) for (const [four, two] of TWO_BONES) shader.vertexShader = shader.vertexShader.replace(four, two);
    shader.fragmentShader = shader.fragmentShader
      .replace("void main() {", "varying vec3 vLight;\nvoid main() {")
      .replace("#include <color_fragment>", "#include <color_fragment>\ndiffuseColor.rgb *= vLight;");
  };
  made.customProgramCacheKey = () => (twoBones ? "vertex-lit, two bones" : "vertex-lit");
  return made;
}
