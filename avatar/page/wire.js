// @ts-check
/**
 * The house's wire messages as this page reads and writes them: MessagePack maps with a `type` key (runtime/messages/ is the
 * truth). Arrays of numbers come as little-endian float32 bytes. Times are nanoseconds of session time; as JavaScript numbers they
 * are exact for 104 days.
 */
import { decode, encode } from "./vendor/msgpack.min.js";

export const SCHEMA = 1;

/** Order of `MotionFrame.rotations`: VRM 1.0 humanoid bone names. */
export const JOINTS = [
  "hips", "spine", "chest", "upperChest", "neck", "head",
  "leftShoulder", "leftUpperArm", "leftLowerArm", "leftHand",
  "rightShoulder", "rightUpperArm", "rightLowerArm", "rightHand",
  "leftUpperLeg", "leftLowerLeg", "leftFoot", "leftToes",
  "rightUpperLeg", "rightLowerLeg", "rightFoot", "rightToes",
];
/** Height of the hips at rest in the body that motion is made for (motion/skeleton.py). */
export const REST_HIPS_M = 0.93;
export const FINGERS = ["thumb", "index", "middle", "ring", "little"];
export const VISEMES = ["sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou"];
export const EXPRESSIONS = ["happy", "sad", "angry", "surprised", "relaxed"];

/**
 * One moment of the body.
 * @typedef {object} Pose
 * @property {number} t_ns session time of the tick
 * @property {Float32Array} rotations 22 quaternions x, y, z, w
 * @property {Float32Array} hips translation from rest, metres
 * @property {Float32Array} hands 2 x (5 curls, spread)
 * @property {Float32Array} face eye yaw, eye pitch, left lid, right lid
 * @property {Float32Array} visemes 15 weights
 * @property {Float32Array} expression 5 weights
 */

/** @param {Uint8Array} bytes @returns {Float32Array} */
const floats = (bytes) => new Float32Array(bytes.slice().buffer);

/** @param {ArrayBuffer} payload @returns {Record<string, any> & {type: string}} */
export function read(payload) {
  return /** @type {any} */ (decode(new Uint8Array(payload)));
}

/** @param {any} frame a decoded MotionFrame @returns {Pose} */
export function poseOf(frame) {
  return {
    t_ns: frame.t_ns,
    rotations: floats(frame.rotations),
    hips: Float32Array.from(frame.hips_m),
    hands: floats(frame.hands),
    face: Float32Array.from([...frame.eyes_rad, ...frame.blink]),
    visemes: floats(frame.visemes),
    expression: floats(frame.expression),
  };
}

/** @returns {Pose} */
export function restPose() {
  const rotations = new Float32Array(4 * JOINTS.length);
  for (let j = 0; j < JOINTS.length; j++) rotations[4 * j + 3] = 1;
  // Arms hang relaxed until the first frame arrives (the rest pose of the skeleton is a T).
  const arm = (/** @type {string} */ name, /** @type {number} */ z) => {
    const j = 4 * JOINTS.indexOf(name);
    rotations[j + 2] = Math.sin(z / 2);
    rotations[j + 3] = Math.cos(z / 2);
  };
  arm("leftUpperArm", -1.3);
  arm("rightUpperArm", 1.3);
  return {
    t_ns: 0, rotations, hips: new Float32Array(3), hands: new Float32Array(12).fill(0.25), face: new Float32Array(4),
    visemes: new Float32Array(15), expression: new Float32Array(5),
  };
}

/** @param {string} type @param {object} fields @returns {Uint8Array<ArrayBuffer>} */
export function message(type, fields) {
  return encode({ type, schema: SCHEMA, ...fields });
}
