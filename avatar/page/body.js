// @ts-check
/**
 * Brings the wire's 22 joints and two hands onto the bones that a VRM has.
 *
 * Normalised bones: all rest rotations are identities, so a rotation of the wire is the bone's, whatever the proportions. A bone that a
 * model lacks hands its rotation on: along the spine to the bone below it, at neck and shoulders to the one above, so that all that
 * hangs on it keeps its direction; toes and fingers are left out. VRM 0.x models look to the back: x and z turn round.
 */
import * as THREE from "./vendor/three.module.min.js";
import { FINGERS, JOINTS, REST_HIPS_M } from "./wire.js";

/** Bones of a finger from the palm on, and their bend at full curl, radians. */
const FINGER_BONES = ["Proximal", "Intermediate", "Distal"];
const FINGER_CURL_RAD = [1.3, 1.6, 0.95];
const THUMB_BONES = ["Metacarpal", "Proximal", "Distal"];
const THUMB_CURL_RAD = [0.35, 0.6, 0.8];
const SPREAD_RAD = 0.16;
/** Where a finger lies across the palm, 1 towards the thumb. @type {Record<string, number>} */
const ACROSS = { index: 1, middle: 0.33, ring: -0.33, little: -1 };

export class Body {
  /** @param {import("@pixiv/three-vrm").VRMHumanoid} humanoid @param {boolean} backward whether the model looks to the back (VRM 0.x) */
  constructor(humanoid, backward) {
    this.sign = backward ? -1 : 1;
    const bone = (/** @type {string} */ name) => humanoid.getNormalizedBoneNode(/** @type {any} */ (name));
    /** @type {{node: THREE.Object3D, joints: number[]}[]} */
    this.parts = fold((name) => bone(name) !== null).map(({ bone: name, joints }) => ({
      node: /** @type {THREE.Object3D} */ (bone(name)), joints,
    }));
    this.hips = /** @type {THREE.Object3D} */ (bone("hips"));
    this.hipsRest = this.hips.position.clone();
    this.scale = this.hipsRest.y / REST_HIPS_M;
    /** @type {{node: THREE.Object3D, hand: number, finger: number, segment: number, name: string}[]} */
    this.fingers = [];
    ["left", "right"].forEach((side, hand) => {
      FINGERS.forEach((name, finger) => {
        const title = name[0].toUpperCase() + name.slice(1);
        (name === "thumb" ? THUMB_BONES : FINGER_BONES).forEach((part, segment) => {
          const node = bone(`${side}${title}${part}`);
          if (node) this.fingers.push({ node, hand, finger, segment, name });
        });
      });
    });
    this.one = new THREE.Quaternion();
    this.turn = new THREE.Euler();
  }

  /** @param {import("./wire.js").Pose} pose */
  apply(pose) {
    const { one, sign } = this;
    for (const { node, joints } of this.parts) {
      node.quaternion.fromArray(pose.rotations, 4 * joints[0]);
      for (let i = 1; i < joints.length; i++) node.quaternion.multiply(one.fromArray(pose.rotations, 4 * joints[i]));
      this.face(node.quaternion);
    }
    const [x, y, z] = pose.hips;
    this.hips.position.set(this.hipsRest.x + sign * this.scale * x, this.hipsRest.y + this.scale * y, this.hipsRest.z + sign * this.scale * z);
    for (const { node, hand, finger, segment, name } of this.fingers) {
      const side = hand === 0 ? 1 : -1;
      bend(this.turn, name, segment, pose.hands[6 * hand + finger], pose.hands[6 * hand + 5], side);
      this.face(node.quaternion.setFromEuler(this.turn));
    }
  }

  /** @param {THREE.Quaternion} quaternion */
  face(quaternion) {
    quaternion.x *= this.sign;
    quaternion.z *= this.sign;
  }
}

/**
 * Which joints make up the rotation of each bone that is there, in the order of their product.
 * @param {(name: string) => boolean} has @returns {{bone: string, joints: number[]}[]}
 */
export function fold(has) {
  /** @type {Map<string, number[]>} */
  const parts = new Map();
  const number = (/** @type {string} */ name) => JOINTS.indexOf(name);
  const spine = ["spine", "chest", "upperChest"];
  /** @type {Record<string, string>} */
  const above = { neck: "head", leftShoulder: "leftUpperArm", rightShoulder: "rightUpperArm" };
  for (const name of JOINTS) {
    if (has(name)) parts.set(name, [...(parts.get(name) ?? []), number(name)]);
    else if (name in above && has(above[name])) parts.set(above[name], [number(name)]);
    else if (spine.includes(name)) {
      const below = spine.slice(0, spine.indexOf(name)).reverse().find((lower) => parts.has(lower)) ?? "hips";
      parts.get(below)?.push(number(name));
    }
  }
  return [...parts].map(([bone, joints]) => ({ bone, joints }));
}

/**
 * Bend one bone of a finger: in the rest pose fingers point outwards, palms down.
 * @param {THREE.Euler} out @param {string} name @param {number} segment @param {number} curl @param {number} spread @param {number} side 1 left, -1 right
 */
function bend(out, name, segment, curl, spread, side) {
  if (name === "thumb") {
    const across = segment === 0 ? -0.35 * spread : 0;
    out.set(0, side * (curl * THUMB_CURL_RAD[segment] + across), segment === 0 ? -side * 0.35 * curl : 0);
  } else {
    const apart = segment === 0 ? -side * ACROSS[name] * spread * SPREAD_RAD * (1 - curl) : 0;
    out.set(0, apart, -side * curl * FINGER_CURL_RAD[segment]);
  }
}
