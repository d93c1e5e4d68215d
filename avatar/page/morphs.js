// @ts-check
/**
 * Morph targets computed here instead of in the vertex shader, for low quality.
 *
 * The shader walks through all targets of a mesh for every vertex, which costs a processor that draws as much as half a body; a face has
 * some sixty, of which a handful weigh anything at a time and each moves a part. Normals stay as they are.
 */
import { gathered } from "./attributes.js";

export class Morphs {
  /**
   * The targets of a mesh, where it has some.
   * @param {import("./vendor/three.module.min.js").Mesh} mesh @param {Uint32Array} vertices those that are drawn @returns {Morphs | null}
   */
  static of(mesh, vertices) {
    const targets = mesh.geometry.morphAttributes.position;
    return targets && mesh.morphTargetInfluences && mesh.geometry.morphTargetsRelative ? new Morphs(mesh, vertices, targets) : null;
  }

  /** @param {import("./vendor/three.module.min.js").Mesh} mesh @param {Uint32Array} vertices @param {import("./attributes.js").Attribute[]} targets */
  constructor(mesh, vertices, targets) {
    this.influences = /** @type {number[]} */ (mesh.morphTargetInfluences);
    this.last = new Float32Array(targets.length);
    this.base = gathered(mesh.geometry.getAttribute("position"), vertices, 3);
    /** Where each target moves something, and by how much. @type {{at: Uint32Array, by: Float32Array}[]} */
    this.targets = targets.map((target) => {
      const moves = gathered(target, vertices, 3);
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
