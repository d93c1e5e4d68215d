// @ts-check
/**
 * Morph targets computed here instead of in the vertex shader, for low quality.
 *
 * The shader walks through all targets of a mesh for every vertex, which costs a processor that draws as much as half a body; a face has
 * some sixty, of which a handful weigh anything at a time and each moves a part. Normals stay as they are.
 */
import * as THREE from "./vendor/three.module.min.js";

export class Morphs {
  /** The targets of a mesh, where it has some. @param {THREE.Mesh} mesh @returns {Morphs | null} */
  static of(mesh) {
    const targets = mesh.geometry.morphAttributes.position;
    return targets && mesh.morphTargetInfluences && mesh.geometry.morphTargetsRelative ? new Morphs(mesh, targets) : null;
  }

  /** @param {THREE.Mesh} mesh @param {(THREE.BufferAttribute | THREE.InterleavedBufferAttribute)[]} targets */
  constructor(mesh, targets) {
    this.influences = /** @type {number[]} */ (mesh.morphTargetInfluences);
    this.last = new Float32Array(targets.length);
    this.base = triples(mesh.geometry.getAttribute("position"));
    /** Where each target moves something, and by how much. @type {{at: Uint32Array, by: Float32Array}[]} */
    this.targets = targets.map((target) => {
      const moves = triples(target);
      const at = Uint32Array.from(moves.keys()).filter((i) => moves[i] !== 0);
      return { at, by: Float32Array.from(at, (i) => moves[i]) };
    });
    /** Where the vertices are, three numbers each. */
    this.shown = this.base.slice();
  }

  /** Move the vertices as the weights say. */
  update() {
    const { influences, last, targets, shown, base } = this;
    if (last.every((weight, i) => weight === Math.fround(influences[i]))) return;
    last.set(influences);
    shown.set(base);
    targets.forEach(({ at, by }, t) => {
      const weight = last[t];
      if (weight !== 0) for (let i = 0; i < at.length; i++) shown[at[i]] += weight * by[i];
    });
  }
}

/** @param {THREE.BufferAttribute | THREE.InterleavedBufferAttribute} attribute three or more numbers a vertex @returns {Float32Array} three of them */
export function triples(attribute) {
  const out = new Float32Array(3 * attribute.count);
  for (let i = 0, at = 0; i < attribute.count; i++) {
    out[at++] = attribute.getX(i);
    out[at++] = attribute.getY(i);
    out[at++] = attribute.getZ(i);
  }
  return out;
}
