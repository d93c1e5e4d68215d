// @ts-check
/**
 * A mesh whose vertices are shaped, moved by the bones and lit here instead of in the vertex shader, for low quality.
 *
 * Where the processor draws, a vertex shader fetches each bone's matrix anew for every vertex and walks through all morph targets: it
 * costs several times what a plain loop does. Light falls on the vertices (Gouraud 1971); colours are in the display's own space (sRGB), so
 * that no pixel needs a conversion: a product of linear values is, but for the toe of the curve, the product of the encoded ones.
 */
import { drawnVertices, gathered } from "./attributes.js";
import { Faces } from "./faces.js";
import { LOW_LIGHT as LIGHT } from "./light.js";
import { Morphs } from "./morphs.js";
import * as THREE from "./vendor/three.module.min.js";

/** sRGB of a linear value from 0 to 2, in steps of 1/512. */
const STEPS = 512;
const ENCODED = Float32Array.from({ length: 2 * STEPS + 1 }, (_, i) => encoded(i / STEPS));

/** @param {number} value linear, 0 or more */
function encoded(value) {
  return value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
}

export class Vertices {
  /** Take the place of a mesh. @param {THREE.Mesh} mesh */
  constructor(mesh) {
    this.mesh = mesh;
    const { geometry } = mesh;
    /** Those of the mesh that are drawn. */
    this.of = drawnVertices(geometry);
    const count = this.of.length;
    this.morphs = Morphs.of(mesh, this.of);
    this.positions = this.morphs ? this.morphs.shown : gathered(geometry.getAttribute("position"), this.of, 3);
    if (!geometry.getAttribute("normal")) geometry.computeVertexNormals();
    this.normals = gathered(geometry.getAttribute("normal"), this.of, 3);
    this.colors = geometry.getAttribute("color") ? gathered(geometry.getAttribute("color"), this.of, 3).map(encoded) : new Float32Array(3 * count).fill(1);
    /** Up to four bones of a vertex and their weights; the heaviest first. */
    this.bones = new Uint16Array(4 * count);
    this.weights = new Float32Array(4 * count);
    const bones = mesh instanceof THREE.SkinnedMesh ? mesh.skeleton.bones.length : 0;
    if (bones > 0) this.readSkin(geometry);
    else for (let i = 0; i < 4 * count; i += 4) this.weights[i] = 1;
    this.matrices = new Float32Array(16 * Math.max(1, bones));
    this.matrix = new THREE.Matrix4();
    this.place = new THREE.BufferAttribute(new Float32Array(3 * count), 3).setUsage(THREE.DynamicDrawUsage);
    this.color = new THREE.BufferAttribute(new Float32Array(3 * count), 3).setUsage(THREE.DynamicDrawUsage);
    this.faces = new Faces(mesh, this.of);
    this.drawn = this.replacement();
    mesh.layers.disableAll(); // not `visible`, which would hide what hangs on it as well
    (mesh.parent ?? mesh).add(this.drawn);
  }

  /** @param {THREE.BufferGeometry} geometry */
  readSkin(geometry) {
    const index = gathered(geometry.getAttribute("skinIndex"), this.of, 4);
    const weight = gathered(geometry.getAttribute("skinWeight"), this.of, 4);
    for (let v = 0; v < this.of.length; v++) {
      const found = [0, 1, 2, 3].map((k) => [index[4 * v + k], weight[4 * v + k]]).sort((a, b) => b[1] - a[1]);
      const total = found.reduce((sum, [, w]) => sum + w, 0) || 1;
      found.forEach(([bone, w], k) => {
        this.bones[4 * v + k] = bone;
        this.weights[4 * v + k] = w / total;
      });
    }
  }

  /** The mesh that is drawn: its vertices are in the scene's own coordinates. */
  replacement() {
    const { geometry, material } = this.mesh;
    const made = new THREE.BufferGeometry();
    made.setIndex(this.faces.index);
    made.groups = this.faces.groups;
    const uv = geometry.getAttribute("uv");
    if (uv) made.setAttribute("uv", new THREE.BufferAttribute(gathered(uv, this.of, 2), 2));
    made.setAttribute("position", this.place);
    made.setAttribute("color", this.color);
    const drawn = new THREE.Mesh(made, [material].flat().map(plain)); // groups are heeded only with an array
    drawn.visible = this.mesh.visible;
    drawn.renderOrder = this.mesh.renderOrder;
    drawn.frustumCulled = false; // bounds do not follow the bones
    drawn.matrixAutoUpdate = drawn.matrixWorldAutoUpdate = false;
    return drawn;
  }

  /** Shape, move and light the vertices; the bones' world matrices must be up to date. @param {import("./faces.js").View} view */
  update(view) {
    this.morphs?.update();
    this.readBones();
    const { positions: p, normals: n, colors: c, bones, weights, matrices: m } = this;
    const at = this.place.array;
    const color = this.color.array;
    const [skyR, skyG, skyB, riseR, riseG, riseB, keyR, keyG, keyB, keyX, keyY, keyZ, rimR, rimG, rimB, rimX, rimY, rimZ] = LIGHT;
    for (let i = 0, v = 0; i < p.length; i += 3, v += 4) {
      let a = 16 * bones[v];
      let w = weights[v];
      let m0 = w * m[a], m1 = w * m[a + 1], m2 = w * m[a + 2], m4 = w * m[a + 4], m5 = w * m[a + 5], m6 = w * m[a + 6];
      let m8 = w * m[a + 8], m9 = w * m[a + 9], m10 = w * m[a + 10], m12 = w * m[a + 12], m13 = w * m[a + 13], m14 = w * m[a + 14];
      for (let k = v + 1; k < v + 4 && weights[k] > 0; k++) {
        a = 16 * bones[k];
        w = weights[k];
        m0 += w * m[a]; m1 += w * m[a + 1]; m2 += w * m[a + 2]; m4 += w * m[a + 4]; m5 += w * m[a + 5]; m6 += w * m[a + 6];
        m8 += w * m[a + 8]; m9 += w * m[a + 9]; m10 += w * m[a + 10]; m12 += w * m[a + 12]; m13 += w * m[a + 13]; m14 += w * m[a + 14];
      }
      const x = p[i], y = p[i + 1], z = p[i + 2];
      at[i] = m0 * x + m4 * y + m8 * z + m12;
      at[i + 1] = m1 * x + m5 * y + m9 * z + m13;
      at[i + 2] = m2 * x + m6 * y + m10 * z + m14;
      const u = n[i], q = n[i + 1], r = n[i + 2];
      let nx = m0 * u + m4 * q + m8 * r, ny = m1 * u + m5 * q + m9 * r, nz = m2 * u + m6 * q + m10 * r;
      const scale = 1 / Math.sqrt(nx * nx + ny * ny + nz * nz + 1e-20);
      nx *= scale; ny *= scale; nz *= scale;
      const up = 0.5 + 0.5 * ny;
      const key = Math.max(0, nx * keyX + ny * keyY + nz * keyZ);
      const rim = Math.max(0, nx * rimX + ny * rimY + nz * rimZ);
      color[i] = c[i] * ENCODED[(STEPS * (skyR + riseR * up + keyR * key + rimR * rim)) | 0];
      color[i + 1] = c[i + 1] * ENCODED[(STEPS * (skyG + riseG * up + keyG * key + rimG * rim)) | 0];
      color[i + 2] = c[i + 2] * ENCODED[(STEPS * (skyB + riseB * up + keyB * key + rimB * rim)) | 0];
    }
    this.place.needsUpdate = this.color.needsUpdate = true;
    this.faces.choose(at, view);
  }

  readBones() {
    const { mesh, matrix, matrices } = this;
    if (!(mesh instanceof THREE.SkinnedMesh)) return void mesh.matrixWorld.toArray(matrices);
    const { bones, boneInverses } = mesh.skeleton;
    bones.forEach((bone, b) => matrix.multiplyMatrices(bone.matrixWorld, boneInverses[b]).multiply(mesh.bindMatrix).toArray(matrices, 16 * b));
  }

  dispose() {
    this.drawn.removeFromParent();
    this.drawn.geometry.dispose();
    for (const material of this.drawn.material) {
      material.map?.dispose();
      material.dispose();
    }
  }
}

/** The cheap form of a material. @param {any} material @returns {THREE.MeshBasicMaterial} */
function plain(material) {
  const map = material.map?.clone() ?? null;
  if (map) map.colorSpace = THREE.NoColorSpace;
  const made = new THREE.MeshBasicMaterial({
    name: material.name, map, vertexColors: true, side: material.side, transparent: material.transparent, opacity: material.opacity ?? 1,
    alphaTest: material.alphaTest, depthWrite: material.depthWrite,
  });
  if (material.color) made.color.copy(material.color).convertLinearToSRGB();
  return made;
}
