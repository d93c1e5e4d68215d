// @ts-check
/**
 * Life where no motion comes: while the page connects, and when the stream has halted, the figure breathes and blinks.
 *
 * The stream carries all motion of its own; while it runs nothing is added. When it begins or goes on, the figure passes over into it.
 */
import { blendPoses } from "./motion.js";
import { JOINTS, restPose } from "./wire.js";

/** No frame for this long: the stream has halted. */
export const HALTED_MS = 1_000;
const FADE_S = 0.6;
const JOIN_S = 0.45;
const BREATH_S = 4.2;
const BREATH_RAD = { chest: -0.014, upperChest: -0.01, neck: 0.012, head: 0.01 };
const SHOULDERS_RAD = 0.016;
/** Times of the blinks in a period, seconds; uneven, as people's are. */
const BLINKS_S = [0.9, 4.6, 7.2, 11.9];
const BLINK_PERIOD_S = 14.5;
const BLINK_S = 0.2;

export class Idle {
  constructor() {
    this.share = 1;
    this.halted = true;
    this.last_s = 0;
    this.joined_s = 0;
    this.joining = false;
    this.from = restPose();
    this.out = restPose();
  }

  /** Whether the stream is shown as it is. */
  get quiet() {
    return !this.joining && this.share === 0;
  }

  /** @param {import("./wire.js").Pose} pose of the stream @param {boolean} halted @param {number} now_s @returns {import("./wire.js").Pose} */
  over(pose, halted, now_s) {
    const delta_s = Math.min(0.1, Math.max(0, now_s - this.last_s));
    this.last_s = now_s;
    if (this.halted && !halted) {
      blendPoses(this.from, this.out, this.out, 0);
      this.joining = true;
      this.joined_s = now_s;
      this.share = 0;
    }
    this.halted = halted;
    if (halted) this.share = Math.min(1, this.share + delta_s / FADE_S);
    if (this.quiet) return pose;
    blendPoses(this.out, pose, pose, 0);
    if (this.joining) {
      const s = (now_s - this.joined_s) / JOIN_S;
      if (s >= 1) this.joining = false;
      else blendPoses(this.out, this.from, pose, s * s * (3 - 2 * s));
    }
    if (halted) breathe(this.out, this.share, now_s);
    return this.out;
  }
}

/** @param {import("./wire.js").Pose} pose @param {number} share @param {number} t_s */
function breathe(pose, share, t_s) {
  const breath = share * 0.5 * (1 - Math.cos((2 * Math.PI * t_s) / BREATH_S));
  for (const [name, angle] of Object.entries(BREATH_RAD)) turn(pose.rotations, name, 0, angle * breath);
  turn(pose.rotations, "leftShoulder", 2, SHOULDERS_RAD * breath);
  turn(pose.rotations, "rightShoulder", 2, -SHOULDERS_RAD * breath);
  const at = t_s % BLINK_PERIOD_S;
  const blink = Math.max(...BLINKS_S.map((begin) => Math.sin(Math.PI * Math.min(1, Math.max(0, (at - begin) / BLINK_S)))));
  for (const lid of [2, 3]) pose.face[lid] = Math.max(pose.face[lid], share * blink);
}

/** Turn a joint on by a small angle about one of its own axes. @param {Float32Array} rotations @param {string} name @param {number} axis @param {number} angle */
function turn(rotations, name, axis, angle) {
  const j = 4 * JOINTS.indexOf(name);
  const [x, y, z, w] = rotations.slice(j, j + 4);
  const c = Math.cos(angle / 2);
  const s = Math.sin(angle / 2);
  const product = axis === 0 ? [x * c + w * s, y * c + z * s, z * c - y * s, w * c - x * s] : [x * c + y * s, y * c - x * s, z * c + w * s, w * c - z * s];
  rotations.set(product, j);
}
