// @ts-check
/**
 * Rounded shapes for the figure: tubes of elliptic rings, collected into one skinned or plain geometry with vertex colours.
 *
 * A ring is a centre, two half-axes and a colour; it hangs on one or two bones. One geometry for the whole body keeps the number of
 * draw calls small, which is what software rendering pays for.
 */
import * as THREE from "./vendor/three.module.min.js";

/**
 * @typedef {object} Ring
 * @property {number[]} c centre
 * @property {number[]} u first half-axis
 * @property {number[]} v second half-axis
 * @property {number} color 0xrrggbb
 * @property {[number, number][]} [bones] up to two (bone index, weight)
 */

export class Shell {
  /** Share of the segments around a tube that is drawn; less on machines without a GPU. */
  static detail = 1;

  constructor() {
    /** @type {number[]} */ this.position = [];
    /** @type {number[]} */ this.color = [];
    /** @type {number[]} */ this.skinIndex = [];
    /** @type {number[]} */ this.skinWeight = [];
    /** @type {number[]} */ this.index = [];
  }

  /** Add a tube through rings. @param {Ring[]} rings @param {number} [segments] */
  tube(rings, segments = 16) {
    segments = Math.max(7, Math.round(segments * Shell.detail));
    const first = this.position.length / 3;
    const along = sub(rings[rings.length - 1].c, rings[0].c);
    const middle = rings[Math.floor(rings.length / 2)];
    const flip = dot(cross(middle.u, middle.v), along) < 0 ? -1 : 1;
    const tint = new THREE.Color();
    for (const ring of rings) {
      tint.setHex(ring.color);
      const [[b0, w0], [b1, w1]] = /** @type {any} */ ([...(ring.bones ?? []), [0, 0], [0, 0]]);
      for (let s = 0; s < segments; s++) {
        const angle = (2 * Math.PI * s) / segments;
        const cos = Math.cos(angle);
        const sin = Math.sin(angle) * flip;
        for (let k = 0; k < 3; k++) this.position.push(ring.c[k] + ring.u[k] * cos + ring.v[k] * sin);
        this.color.push(tint.r, tint.g, tint.b);
        this.skinIndex.push(b0, b1, 0, 0);
        this.skinWeight.push(w0, w1, 0, 0);
      }
    }
    for (let r = 0; r + 1 < rings.length; r++) {
      for (let s = 0; s < segments; s++) {
        const a = first + r * segments + s;
        const b = first + r * segments + ((s + 1) % segments);
        this.index.push(a, b, a + segments, b, b + segments, a + segments);
      }
    }
    return this;
  }

  /**
   * Add a capsule with round ends around a segment.
   * @param {number[]} p @param {number[]} q @param {number} rp radius at p @param {number} rq radius at q
   * @param {number} color @param {number} bone @param {{segments?: number, flat?: number, up?: number[]}} [more]
   */
  capsule(p, q, rp, rq, color, bone, { segments = 14, flat = 1, up = [0, 1, 0] } = {}) {
    const axis = normal(sub(q, p));
    const side = normal(cross(Math.abs(dot(axis, up)) > 0.9 ? [1, 0, 0] : up, axis));
    const other = cross(axis, side);
    /** @type {Ring[]} */
    const rings = [];
    const add = (/** @type {number[]} */ c, /** @type {number} */ r) =>
      rings.push({ c, u: scale(side, Math.max(r, 1e-4)), v: scale(other, Math.max(r, 1e-4) * flat), color, bones: [[bone, 1]] });
    for (let i = 0; i <= 4; i++) add(mix(p, axis, -rp * Math.cos((i * Math.PI) / 8)), rp * Math.sin((i * Math.PI) / 8));
    for (let i = 4; i >= 0; i--) add(mix(q, axis, rq * Math.cos((i * Math.PI) / 8)), rq * Math.sin((i * Math.PI) / 8));
    return this.tube(rings, segments);
  }

  /** Add an ellipsoid. @param {number[]} c @param {number[]} r half-axes @param {number} color @param {number} [bone] */
  ball(c, r, color, bone = 0, segments = 18) {
    /** @type {Ring[]} */
    const rings = [];
    const steps = Math.max(6, segments >> 1);
    for (let i = 0; i <= steps; i++) {
      const angle = (i * Math.PI) / steps;
      const w = Math.max(Math.sin(angle), 1e-3);
      rings.push({ c: [c[0], c[1] - r[1] * Math.cos(angle), c[2]], u: [r[0] * w, 0, 0], v: [0, 0, r[2] * w], color, bones: [[bone, 1]] });
    }
    return this.tube(rings, segments);
  }

  /** @param {boolean} [skinned] @returns {THREE.BufferGeometry} */
  geometry(skinned = false) {
    const geometry = new THREE.BufferGeometry();
    geometry.setAttribute("position", new THREE.Float32BufferAttribute(this.position, 3));
    geometry.setAttribute("color", new THREE.Float32BufferAttribute(this.color, 3));
    if (skinned) {
      geometry.setAttribute("skinIndex", new THREE.Uint16BufferAttribute(this.skinIndex, 4));
      geometry.setAttribute("skinWeight", new THREE.Float32BufferAttribute(this.skinWeight, 4));
    }
    geometry.setIndex(this.index);
    geometry.computeVertexNormals();
    return geometry;
  }
}

/** @param {number[]} a @param {number[]} b */
export const sub = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
/** @param {number[]} a @param {number[]} b */
export const add = (a, b) => [a[0] + b[0], a[1] + b[1], a[2] + b[2]];
/** @param {number[]} a @param {number} s */
export const scale = (a, s) => [a[0] * s, a[1] * s, a[2] * s];
/** a + d * s @param {number[]} a @param {number[]} d @param {number} s */
export const mix = (a, d, s) => [a[0] + d[0] * s, a[1] + d[1] * s, a[2] + d[2] * s];
/** @param {number[]} a @param {number[]} b */
export const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
/** @param {number[]} a @param {number[]} b */
export const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
/** @param {number[]} a */
export const normal = (a) => scale(a, 1 / (Math.hypot(a[0], a[1], a[2]) || 1));
