// @ts-check
/**
 * Morph targets computed here instead of in the vertex shader, for low quality.
 *
 * The shader walks through all targets of a mesh for every vertex, which costs a processor that draws as much as half a body; a face has
 * some sixty, of which a handful weigh anything at a time and each moves a part. Normals stay as they are.
 */
import * as THREE from "./vendor/three.module.min.js";

/** Larger meshes are left to the shader: the lists would take too long to make. */
const CELLS_MAX = 1_500_000;

export class Morphs {
  /** Take over a mesh's targets, or leave it as it is. @param {THREE.Mesh} mesh @returns {Morphs | null} */
  static of(mesh) {
    const targets = mesh.geometry.morphAttributes.position;
    if (!targets || !mesh.morphTargetInfluences || !mesh.geometry.morphTargetsRelative) return null;
    return targets.length * mesh.geometry.getAttribute("position").count > CELLS_MAX ? null : new Morphs(mesh, targets);
  }

  /** @param {THREE.Mesh} mesh @param {(THREE.BufferAttribute | THREE.InterleavedBufferAttribute)[]} targets */
  constructor(mesh, targets) {
    this.influences = /** @type {number[]} */ (mesh.morphTargetInfluences);
    this.last = new Float32Array(targets.length);
    const position = mesh.geometry.getAttribute("position");
    this.base = new Float32Array(3 * position.count);
    for (let i = 0; i < position.count; i++) this.base.set([position.getX(i), position.getY(i), position.getZ(i)], 3 * i);
    /** Where each target moves something, and by how much. @type {{at: Uint32Array, by: Float32Array}[]} */
    this.targets = targets.map((target) => {
      /** @type {number[]} */ const at = [];
      /** @type {number[]} */ const by = [];
      for (let i = 0; i < target.count; i++) {
        const move = [target.getX(i), target.getY(i), target.getZ(i)];
        move.forEach((value, k) => {
          if (value === 0) return;
          at.push(3 * i + k);
          by.push(value);
        });
      }
      return { at: Uint32Array.from(at), by: Float32Array.from(by) };
    });
    this.shown = new THREE.BufferAttribute(this.base.slice(), 3).setUsage(THREE.DynamicDrawUsage);
    mesh.geometry = mesh.geometry.clone(); // others may share it
    mesh.geometry.morphAttributes = {};
    mesh.geometry.setAttribute("position", this.shown);
  }

  /** Move the vertices as the weights say. */
  update() {
    const { influences, last, targets, shown, base } = this;
    if (last.every((weight, i) => weight === Math.fround(influences[i]))) return;
    last.set(influences);
    const out = shown.array;
    out.set(base);
    targets.forEach(({ at, by }, t) => {
      const weight = last[t];
      if (weight !== 0) for (let i = 0; i < at.length; i++) out[at[i]] += weight * by[i];
    });
    shown.needsUpdate = true;
  }
}
