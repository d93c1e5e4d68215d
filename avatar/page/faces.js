// @ts-check
/**
 * The triangles of a mesh that can be seen, chosen anew for each picture, for low quality: those that show their back and those below
 * the picture cost a processor that draws as much as the others until it drops them.
 */
import * as THREE from "./vendor/three.module.min.js";

/** Where the camera is, looking along -z, and the slope of the lower edge of its picture (height over depth). @typedef {{x: number, y: number, z: number, slope: number}} View */

export class Faces {
  /** @param {THREE.Mesh} mesh */
  constructor(mesh) {
    const { geometry, material } = mesh;
    const count = geometry.getAttribute("position").count;
    const index = geometry.index?.array ?? Uint32Array.from({ length: count }, (_, i) => i);
    this.all = Uint32Array.from(index);
    const made = count > 65_535 ? new Uint32Array(index.length) : new Uint16Array(index.length);
    this.index = new THREE.BufferAttribute(made, 1).setUsage(THREE.DynamicDrawUsage);
    this.parts = Array.isArray(material) ? geometry.groups.map((group) => ({ ...group })) : [{ start: 0, count: index.length, materialIndex: 0 }];
    const materials = [material].flat();
    /** Which side of a part is drawn: 1 the front, -1 the back, 0 both. */
    this.sides = this.parts.map(({ materialIndex }) => SIDES[materials[materialIndex ?? 0]?.side ?? THREE.FrontSide] ?? 1);
    this.groups = this.parts.map(({ start, materialIndex }) => ({ start, count: 0, materialIndex }));
  }

  /** @param {ArrayLike<number>} at places of the vertices @param {View} view */
  choose(at, { x, y, z, slope }) {
    const { all, parts, sides, groups } = this;
    const out = this.index.array;
    let to = 0;
    parts.forEach(({ start, count }, part) => {
      const side = sides[part];
      groups[part].start = to;
      for (let f = start; f < start + count; f += 3) {
        const a = 3 * all[f], b = 3 * all[f + 1], c = 3 * all[f + 2];
        const ax = at[a] - x, ay = at[a + 1] - y, az = at[a + 2] - z;
        const bx = at[b] - x, by = at[b + 1] - y, bz = at[b + 2] - z;
        const cx = at[c] - x, cy = at[c + 1] - y, cz = at[c + 2] - z;
        if (ay < slope * az && by < slope * bz && cy < slope * cz) continue;
        // The volume that the camera spans with a triangle is negative where it sees the front.
        if (side * (ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx)) > 0) continue;
        out[to++] = all[f];
        out[to++] = all[f + 1];
        out[to++] = all[f + 2];
      }
      groups[part].count = to - groups[part].start;
    });
    this.index.clearUpdateRanges();
    this.index.addUpdateRange(0, to);
    this.index.needsUpdate = true;
    return to;
  }
}

/** @type {Record<number, number>} */
const SIDES = { [THREE.FrontSide]: 1, [THREE.BackSide]: -1, [THREE.DoubleSide]: 0 };
