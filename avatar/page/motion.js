// @ts-check
/**
 * Motion between ticks: the 50 Hz stream is shown a little late (`delay_ns`), so that the display mostly lies between two frames; where
 * a frame is late, the body goes on as it moved, for one tick at most.
 *
 * The delay follows how late frames really come (one tick plus the median lateness, 20 to 120 ms), so slowly that the figure's time runs
 * at most a twentieth faster or slower for it. Rotations are blended by normalised linear interpolation, which over 20 ms cannot be told
 * from slerp.
 */
import { restPose } from "./wire.js";

const KEEP = 32;
const TICK_NS = 20e6;
/** Frames by which lateness is judged, and how many must be new. */
const JUDGED = 50;
const NEW = 25;
const SLEW = 0.05;
const OVERTAKEN_NS = 500e6;

export class MotionBuffer {
  constructor() {
    /** @type {import("./wire.js").Pose[]} */
    this.frames = [];
    this.delay_ns = 30e6;
    this.wanted_ns = 30e6;
    this.last_ns = 0;
    this.received = 0;
    /** When the last frame came, in the page's own time. */
    this.arrived_ms = -Infinity;
    /** @type {number[]} */
    this.lateness = [];
    this.shown = restPose();
  }

  /** @param {import("./wire.js").Pose} pose @param {number} now_ns */
  push(pose, now_ns) {
    const last = this.frames.at(-1);
    if (last && pose.t_ns < last.t_ns && last.t_ns - pose.t_ns < OVERTAKEN_NS) return; // others overtook it on the way
    if (last && (pose.t_ns < last.t_ns || pose.t_ns - last.t_ns > 2e9)) this.frames.length = 0; // a new session or a long gap
    this.frames.push(pose);
    if (this.frames.length > KEEP) this.frames.shift();
    this.received += 1;
    this.arrived_ms = performance.now();
    this.lateness.push(now_ns - pose.t_ns);
    if (this.received % NEW !== 0 || this.lateness.length < NEW) return;
    this.lateness.splice(0, this.lateness.length - JUDGED);
    const sorted = this.lateness.toSorted((a, b) => a - b);
    this.wanted_ns = Math.min(120e6, Math.max(20e6, TICK_NS + sorted[sorted.length >> 1]));
  }

  /**
   * The pose to show at session time `now_ns`, with the mouth of `mouth_lag_ns` before: where the voice is late, the lips wait for it.
   * @param {number} now_ns @param {number} mouth_lag_ns
   */
  at(now_ns, mouth_lag_ns = 0) {
    const most = SLEW * Math.max(0, now_ns - this.last_ns);
    this.delay_ns += Math.min(most, Math.max(-most, this.wanted_ns - this.delay_ns));
    this.last_ns = now_ns;
    const t = now_ns - this.delay_ns;
    const shown = this.body(t);
    if (mouth_lag_ns > 1e6 && this.frames.length > 1) this.mouth(t - mouth_lag_ns, shown.visemes);
    return shown;
  }

  /** Blend the visemes of a time into `out`. @param {number} t @param {Float32Array} out */
  mouth(t, out) {
    const { frames } = this;
    const found = frames.findIndex((f) => f.t_ns > t);
    const after = Math.max(1, found < 0 ? frames.length - 1 : found);
    const a = frames[after - 1];
    const b = frames[after];
    const s = Math.min(1, Math.max(0, (t - a.t_ns) / Math.max(1, b.t_ns - a.t_ns)));
    for (let i = 0; i < out.length; i++) out[i] = a.visemes[i] + (b.visemes[i] - a.visemes[i]) * s;
  }

  /** @param {number} t session time of the pose */
  body(t) {
    const { frames } = this;
    if (frames.length === 0) return this.shown;
    let after = frames.findIndex((f) => f.t_ns > t);
    if (after === 0) return this.copy(frames[0]);
    if (after < 0) after = frames.length - 1;
    const b = frames[after];
    const a = frames[after - 1] ?? b;
    const step_ns = b.t_ns - a.t_ns;
    if (step_ns <= 0) return this.copy(b);
    const ahead_ns = step_ns > 2 * TICK_NS ? 0 : TICK_NS; // how the body moved last is not known of frames far apart
    return blendPoses(this.shown, a, b, Math.min(t - a.t_ns, step_ns + ahead_ns) / step_ns);
  }

  /** @param {import("./wire.js").Pose} a */
  copy(a) {
    return blendPoses(this.shown, a, a, 0);
  }
}

/**
 * Blend two poses; beyond 1 only joints and hips go on.
 * @param {import("./wire.js").Pose} out @param {import("./wire.js").Pose} a @param {import("./wire.js").Pose} b @param {number} s
 */
export function blendPoses(out, a, b, s) {
  out.t_ns = a.t_ns + (b.t_ns - a.t_ns) * s;
  const held = Math.min(1, s);
  for (let i = 0; i < a.rotations.length; i += 4) nlerp(out.rotations, a.rotations, b.rotations, i, s);
  for (let i = 0; i < out.hips.length; i++) out.hips[i] = a.hips[i] + (b.hips[i] - a.hips[i]) * s;
  for (const key of /** @type {const} */ (["hands", "face", "visemes", "expression"])) {
    for (let i = 0; i < out[key].length; i++) out[key][i] = a[key][i] + (b[key][i] - a[key][i]) * held;
  }
  return out;
}

/** @param {Float32Array} out @param {Float32Array} a @param {Float32Array} b @param {number} i @param {number} s */
function nlerp(out, a, b, i, s) {
  const dot = a[i] * b[i] + a[i + 1] * b[i + 1] + a[i + 2] * b[i + 2] + a[i + 3] * b[i + 3];
  const sb = dot < 0 ? -s : s;
  let length = 0;
  for (let k = i; k < i + 4; k++) {
    out[k] = a[k] * (1 - s) + b[k] * sb;
    length += out[k] * out[k];
  }
  const scale = length > 1e-12 ? 1 / Math.sqrt(length) : 0;
  for (let k = i; k < i + 4; k++) out[k] *= scale;
}
