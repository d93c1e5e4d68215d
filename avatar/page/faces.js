// @ts-check
/**
 * The triangles of a mesh that can be seen, chosen anew for each picture, for low quality: those that show their back and those below
 * the picture cost a processor that draws as much as the others until it drops them.
 */
import * as THREE from "./vendor/three.module.min.js";

/** Where the camera is, looking along -z, and the slope of the lower edge of its picture (height over depth). @typedef {{x: number, y: number, z: number, slope: number}} View */

export class Faces {
  /** @param {THREE.Mesh} mesh @param {Uint32Array} vertices those that are drawn; triangles name them by their place here */
  constructor(mesh, vertices) {
    const { geometry, material } = mesh;
    const named = geometry.index?.array ?? vertices;
    const place = new Uint32Array(geometry.getAttribute("position").count);
    vertices.forEach((vertex, i) => (place[vertex] = i));
    this.all = Uint32Array.from(named, (vertex) => place[vertex]);
    const materials = /** @type {any[]} */ ([material].flat());
    const groups = Array.isArray(material) ? geometry.groups : [{ start: 0, count: named.length, materialIndex: 0 }];
    /** Outlines are left out at low quality; a group may claim more than there is. */
    this.parts = groups
      .map(({ start, count, materialIndex = 0 }) => ({ start, count: Math.min(count, named.length - start), materialIndex }))
      .filter(({ materialIndex }) => !materials[materialIndex]?.isOutline);
    const most = this.parts.reduce((sum, { count }) => sum + count, 0);
    this.index = new THREE.BufferAttribute(vertices.length > 65_535 ? new Uint32Array(most) : new Uint16Array(most), 1).setUsage(THREE.DynamicDrawUsage);
    /** Which side of a part is drawn: 1 the front, -1 the back, 0 both. */
    this.sides = this.parts.map(({ materialIndex }) => SIDES[materials[materialIndex]?.side ?? THREE.FrontSide] ?? 1);
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
