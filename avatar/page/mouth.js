// @ts-check
/**
 * The mouth: lips, teeth and tongue as one small mesh on the face's surface, its outline recomputed from visemes and expression.
 *
 * Each viseme is a target of five numbers; the weights of a frame blend them (what is left over belongs to silence), so
 * co-articulation comes from the overlapping weights of the stream. Units: metres in the face's frame.
 */
import * as THREE from "./vendor/three.module.min.js";
import { PALETTE } from "./palette.js";
import { VISEMES } from "./wire.js";

/** [opening, width, rounding, upper teeth shown, tongue] per viseme, after the Oculus viseme reference pictures. */
const TARGETS = {
  sil: [0, 0.5, 0, 0, 0], PP: [-0.12, 0.42, 0.12, 0, 0], FF: [0.14, 0.5, 0, 1, 0], TH: [0.26, 0.52, 0, 0.7, 1], DD: [0.26, 0.55, 0, 0.7, 0.6],
  kk: [0.32, 0.52, 0, 0.4, 0.2], CH: [0.3, 0.3, 0.6, 0.8, 0], SS: [0.16, 0.66, 0, 1, 0], nn: [0.24, 0.54, 0, 0.6, 0.7], RR: [0.28, 0.34, 0.5, 0.4, 0.2],
  aa: [1, 0.56, 0, 0.5, 0.3], E: [0.55, 0.7, 0, 0.6, 0.3], ih: [0.38, 0.7, 0, 0.7, 0.2], oh: [0.7, 0.28, 0.75, 0.2, 0.1], ou: [0.36, 0.12, 1, 0, 0],
};
const TABLE = VISEMES.map((name) => TARGETS[/** @type {keyof typeof TARGETS} */ (name)]);

const N = 28;
/** Points across the mouth. */
const ROWS = 11;
/** Across the height: upper lip 3, opening 5 (teeth, dark, tongue), lower lip 3. */
const Y = -0.0635;

export class Mouth {
  /** @param {(x: number, y: number) => number} surface depth of the face */
  constructor(surface) {
    this.surface = surface;
    this.root = new THREE.Group();
    this.shape = Float32Array.from([0, 0.5, 0, 0, 0]);
    const geometry = new THREE.BufferGeometry();
    this.position = new Float32Array(3 * N * ROWS);
    geometry.setAttribute("position", new THREE.BufferAttribute(this.position, 3).setUsage(THREE.DynamicDrawUsage));
    const rowColors = [PALETTE.lip, PALETTE.lip, PALETTE.lipline, PALETTE.teeth, PALETTE.teeth, PALETTE.mouth, PALETTE.mouth, PALETTE.tongue, PALETTE.lipline, PALETTE.lip, PALETTE.lip];
    const color = new Float32Array(3 * N * ROWS);
    const tint = new THREE.Color();
    for (let r = 0; r < ROWS; r++) {
      tint.setHex(rowColors[r]);
      for (let i = 0; i < N; i++) tint.toArray(color, 3 * (r * N + i));
    }
    geometry.setAttribute("color", new THREE.BufferAttribute(color, 3));
    const index = [];
    for (let r = 0; r + 1 < ROWS; r++) {
      for (let i = 0; i + 1 < N; i++) {
        const a = r * N + i;
        index.push(a, a + N, a + 1, a + 1, a + N, a + N + 1);
      }
    }
    geometry.setIndex(index);
    // Unlit: on so small a surface shading only makes the teeth grey.
    this.mesh = new THREE.Mesh(geometry, new THREE.MeshBasicMaterial({ vertexColors: true, side: THREE.DoubleSide }));
    this.mesh.frustumCulled = false;
    this.root.add(this.mesh);
  }

  /** @param {Float32Array} visemes @param {Record<string, number>} felt */
  apply(visemes, felt) {
    const out = this.shape.fill(0);
    let total = 0;
    for (let v = 1; v < visemes.length; v++) total += visemes[v];
    const norm = total > 1 ? 1 / total : 1;
    const silence = Math.max(0, 1 - total);
    for (let k = 0; k < 5; k++) {
      out[k] = silence * TABLE[0][k];
      for (let v = 1; v < visemes.length; v++) out[k] += norm * visemes[v] * TABLE[v][k];
    }
    const smile = 0.22 + 0.8 * felt.happy + 0.2 * felt.relaxed - 0.75 * felt.sad - 0.55 * felt.angry;
    const open = Math.max(-0.1, out[0] + 0.3 * felt.surprised + 0.22 * Math.max(0, felt.happy - 0.3));
    const wide = out[1] + 0.2 * felt.happy - 0.15 * felt.surprised - 0.08 * felt.sad;
    this.draw(open, wide, out[2] + 0.25 * felt.surprised, smile, Math.max(out[3], felt.happy), out[4]);
  }

  /** @param {number} open @param {number} wide @param {number} round @param {number} smile @param {number} teeth @param {number} tongue */
  draw(open, wide, round, smile, teeth, tongue) {
    const half = 0.019 + 0.0205 * wide;
    const gap = 0.035 * Math.max(0, open - 0.05); // a slit of less would only flicker
    const lip = 0.0054 + 0.0022 * round + 0.012 * Math.min(0, open);
    const p = this.position;
    for (let i = 0; i < N; i++) {
      const u = (2 * i) / (N - 1) - 1;
      const x = half * u;
      const arch = Math.pow(Math.max(0, 1 - u * u), 0.62);
      const curve = smile * 0.0165 * (u * u - 0.35);
      const bow = 0.0009 * Math.exp(-((Math.abs(u) - 0.24) ** 2) / 0.02) - 0.0006 * Math.exp(-(u * u) / 0.01);
      const top = Y + curve + 0.38 * gap * arch;
      const bottom = Y + curve - 0.62 * gap * arch - 0.0002;
      const thick = 0.06 + 0.94 * arch;
      const height = top - bottom;
      const toothline = top - Math.min(height, 0.0085 * teeth * arch);
      const tonguetop = bottom + height * 0.42 * Math.min(1, 0.55 + 0.45 * tongue) * (open > 0.2 ? 1 : 0);
      const rows = [top + lip * thick + bow, top + lip * thick * 0.8 + bow, top, top, toothline, toothline, tonguetop, tonguetop, bottom, bottom - 1.1 * lip * thick * 0.85, bottom - 1.1 * lip * thick];
      const inset = [0.0006, 0.0022, 0.0016, 0.0009, 0.0009, 0.0007, 0.0007, 0.001, 0.0018, 0.0026, 0.0006];
      for (let r = 0; r < ROWS; r++) {
        const k = 3 * (r * N + i);
        p[k] = x;
        p[k + 1] = rows[r];
        p[k + 2] = this.surface(x, rows[r]) + inset[r] + 0.006 * round * arch * (inset[r] > 0.0012 ? 1 : 0.5);
      }
    }
    this.mesh.geometry.attributes.position.needsUpdate = true;
  }
}
