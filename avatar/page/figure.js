// @ts-check
/**
 * The agent's figure: a friendly rounded person on the 22 joints of the wire (plus two bones a finger), one skinned mesh.
 *
 * `apply` takes a pose as it is on the wire; nothing here invents motion. All shapes are made by code from the skeleton's own
 * numbers, so there is no asset to license. Metres, y up, facing +z, left is +x.
 */
import * as THREE from "./vendor/three.module.min.js";
import { Face } from "./face.js";
import { PALETTE } from "./palette.js";
import { Shell, add, mix, normal } from "./shapes.js";
import { HAND_M, SKELETON } from "./skeleton.js";
import { FINGERS } from "./wire.js";

/** Lengths of the fingers as shares of the hand, where they begin across the palm (towards the front), and radius in metres. */
const FINGER_SHAPES = {
  index: { length: 0.45, across: 0.028, radius: 0.0105 },
  middle: { length: 0.49, across: 0.0095, radius: 0.0108 },
  ring: { length: 0.455, across: -0.0095, radius: 0.0104 },
  little: { length: 0.37, across: -0.027, radius: 0.0094 },
};
const PALM_SHARE = 0.51;
const CURL_RAD = [1.35, 1.75];
/** Bend of the two joints of a finger at full curl. */
const THUMB_CURL_RAD = [0.75, 0.95];
const SPREAD_RAD = 0.16;

export class Figure {
  /** @param {boolean} detailed physically based shading, for machines with a GPU */
  constructor(detailed) {
    this.root = new THREE.Group();
    const place = (/** @type {string} */ name) => this.rest[this.number.get(name) ?? 0];
    /** @type {number[][]} */
    this.rest = [];
    this.number = new Map(SKELETON.map((joint, i) => [joint.name, i]));
    /** @type {THREE.Bone[]} */
    this.bones = SKELETON.map((joint) => {
      const bone = new THREE.Bone();
      bone.name = joint.name;
      bone.position.fromArray(joint.offset);
      this.rest.push(joint.parent < 0 ? [...joint.offset] : add(this.rest[joint.parent], joint.offset));
      return bone;
    });
    SKELETON.forEach((joint, i) => {
      if (joint.parent >= 0) this.bones[joint.parent].add(this.bones[i]);
    });
    this.hipsRest = this.bones[0].position.clone();

    const shell = new Shell();
    this.torso(shell, place);
    /** @type {{bones: THREE.Bone[], left: boolean, thumb: boolean, across: number}[][]} */
    this.fingers = [];
    for (const side of ["left", "right"]) {
      this.arm(shell, place, side);
      this.fingers.push(this.hand(shell, place, side));
      this.leg(shell, place, side);
    }

    const material = makeMaterial(detailed);
    const mesh = new THREE.SkinnedMesh(shell.geometry(true), material);
    mesh.frustumCulled = false;
    mesh.castShadow = detailed;
    mesh.add(this.bones[0]);
    mesh.updateMatrixWorld(true);
    mesh.bind(new THREE.Skeleton(this.bones));
    this.mesh = mesh;
    this.root.add(mesh);

    this.face = new Face(material);
    this.bones[this.number.get("head") ?? 0].add(this.face.root);
  }

  /** @param {Shell} shell @param {(name: string) => number[]} place */
  torso(shell, place) {
    const spine = ["hips", "spine", "chest", "upperChest"].map((name) => ({ y: place(name)[1], bone: this.number.get(name) ?? 0 }));
    const bonesAt = (/** @type {number} */ y) => {
      /** @type {[number, number][]} */
      let bones = [[spine[0].bone, 1]];
      for (let i = 1; i < spine.length; i++) {
        const s = smooth((y - spine[i].y + 0.05) / 0.1);
        if (s > 0) bones = s >= 1 ? [[spine[i].bone, 1]] : [[spine[i - 1].bone, 1 - s], [spine[i].bone, s]];
      }
      return bones;
    };
    const ring = (/** @type {number} */ y, /** @type {number} */ a, /** @type {number} */ b, /** @type {number} */ color, z = 0) => ({
      c: [0, y, z], u: [a, 0, 0], v: [0, 0, b], color, bones: bonesAt(y),
    });
    const h = place("hips")[1];
    const n = place("neck")[1];
    const t = PALETTE.trousers;
    const s = PALETTE.sweater;
    shell.tube([
      ring(h - 0.1, 0.001, 0.001, t), ring(h - 0.095, 0.05, 0.045, t), ring(h - 0.075, 0.105, 0.082, t), ring(h - 0.04, 0.145, 0.106, t),
      ring(h, 0.156, 0.114, t), ring(h + 0.035, 0.153, 0.112, t), ring(h + 0.036, 0.001, 0.001, t),
    ], 28);
    shell.tube([
      ring(h + 0.012, 0.148, 0.106, s), ring(h + 0.005, 0.158, 0.118, s), ring(h + 0.008, 0.163, 0.121, s), ring(h + 0.022, 0.164, 0.122, s),
      ring(h + 0.03, 0.161, 0.119, PALETTE.trim), ring(h + 0.031, 0.16, 0.118, s), ring(h + 0.07, 0.15, 0.112, s),
      ring(h + 0.13, 0.141, 0.105, s), ring(h + 0.19, 0.144, 0.107, s), ring(h + 0.26, 0.156, 0.112, s), ring(h + 0.33, 0.17, 0.114, s),
      ring(h + 0.385, 0.18, 0.109, s, -0.004), ring(h + 0.43, 0.182, 0.1, s, -0.006), ring(h + 0.458, 0.17, 0.088, s, -0.006),
      ring(h + 0.475, 0.142, 0.08, s, -0.006), ring(h + 0.488, 0.107, 0.073, s, -0.005), ring(h + 0.5, 0.068, 0.063, s, -0.003), ring(h + 0.505, 0.062, 0.061, PALETTE.trim, -0.002),
      ring(h + 0.525, 0.058, 0.058, PALETTE.trim), ring(h + 0.53, 0.054, 0.054, PALETTE.trim), ring(h + 0.525, 0.046, 0.046, PALETTE.trim),
    ], 28);
    const chest = this.number.get("upperChest") ?? 0;
    const neck = this.number.get("neck") ?? 0;
    const head = this.number.get("head") ?? 0;
    const throat = (/** @type {number} */ y, /** @type {number} */ r, /** @type {[number, number][]} */ bones, z = 0) => ({
      c: [0, y, z], u: [r, 0, 0], v: [0, 0, r], color: PALETTE.skin, bones,
    });
    shell.tube([
      throat(n - 0.04, 0.05, [[chest, 1]]), throat(n, 0.047, [[chest, 0.5], [neck, 0.5]]), throat(n + 0.04, 0.045, [[neck, 1]], 0.004),
      throat(n + 0.085, 0.046, [[neck, 0.5], [head, 0.5]], 0.008), throat(n + 0.13, 0.05, [[head, 1]], 0.01),
    ], 18);
  }

  /** @param {Shell} shell @param {(name: string) => number[]} place @param {string} side */
  arm(shell, place, side) {
    const bone = (/** @type {string} */ name) => this.number.get(side + name) ?? 0;
    const shoulder = place(`${side}UpperArm`);
    const elbow = place(`${side}LowerArm`);
    const wrist = place(`${side}Hand`);
    const along = normal([elbow[0] - shoulder[0], 0, 0]);
    shell.ball(mix(add(shoulder, [0, -0.006, 0]), along, -0.045), [0.062, 0.05, 0.056], PALETTE.sweater, bone("Shoulder"), 24);
    shell.capsule(mix(shoulder, along, 0.002), elbow, 0.053, 0.043, PALETTE.sweater, bone("UpperArm"), { segments: 18 });
    shell.capsule(elbow, mix(wrist, along, -0.04), 0.0425, 0.035, PALETTE.sweater, bone("LowerArm"), { segments: 18 });
    shell.capsule(mix(wrist, along, -0.046), mix(wrist, along, -0.026), 0.0365, 0.0365, PALETTE.trim, bone("LowerArm"), { segments: 18 });
    shell.capsule(mix(wrist, along, -0.02), wrist, 0.026, 0.025, PALETTE.skin, bone("LowerArm"));
  }

  /** @param {Shell} shell @param {(name: string) => number[]} place @param {string} side */
  hand(shell, place, side) {
    const left = side === "left";
    const x = left ? 1 : -1;
    const wrist = place(`${side}Hand`);
    const hand = this.number.get(`${side}Hand`) ?? 0;
    const palm = HAND_M * PALM_SHARE;
    const ring = (/** @type {number} */ d, /** @type {number} */ wide, /** @type {number} */ thick, z = 0) => ({
      c: [wrist[0] + x * d, wrist[1], wrist[2] + z], u: [0, thick, 0], v: [0, 0, wide], color: PALETTE.skin,
      bones: /** @type {[number, number][]} */ ([[hand, 1]]),
    });
    shell.tube([
      ring(-0.02, 0.001, 0.001), ring(-0.015, 0.018, 0.016), ring(0, 0.025, 0.02), ring(0.02, 0.033, 0.0195, 0.002), ring(0.05, 0.04, 0.018, 0.001),
      ring(palm - 0.012, 0.04, 0.0165), ring(palm, 0.037, 0.013), ring(palm + 0.007, 0.03, 0.007), ring(palm + 0.009, 0.001, 0.001),
    ], 18);
    /** @param {number[]} from @param {number[]} direction @param {number} length @param {number} radius @param {number} share */
    const finger = (from, direction, length, radius, share) => {
      const bend = mix(from, direction, length * share);
      const tip = mix(from, direction, length - radius);
      const names = [from, bend].map((point, i) => {
        const bone = new THREE.Bone();
        const parent = i === 0 ? this.bones[hand] : this.bones[this.bones.length - 1];
        const origin = i === 0 ? wrist : from;
        bone.position.set(point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]);
        parent.add(bone);
        this.bones.push(bone);
        return bone;
      });
      const first = this.bones.length - 2;
      shell.capsule(from, bend, radius * 1.06, radius, PALETTE.skin, first, { segments: 10 });
      shell.capsule(bend, tip, radius, radius * 0.86, PALETTE.skin, first + 1, { segments: 10 });
      return names;
    };
    return FINGERS.map((name) => {
      if (name === "thumb") {
        const from = [wrist[0] + x * 0.022, wrist[1] - 0.006, wrist[2] + 0.026];
        const bones = finger(from, normal([0.66 * x, -0.2, 0.72]), 0.078, 0.0125, 0.55);
        return { bones, left, thumb: true, across: 0 };
      }
      const shape = FINGER_SHAPES[/** @type {keyof typeof FINGER_SHAPES} */ (name)];
      const from = [wrist[0] + x * (palm - 0.006), wrist[1], wrist[2] + shape.across];
      const bones = finger(from, [x, 0, 0], HAND_M * shape.length, shape.radius, 0.52);
      return { bones, left, thumb: false, across: shape.across / 0.028 };
    });
  }

  /** @param {Shell} shell @param {(name: string) => number[]} place @param {string} side */
  leg(shell, place, side) {
    const bone = (/** @type {string} */ name) => this.number.get(side + name) ?? 0;
    const hip = place(`${side}UpperLeg`);
    const knee = place(`${side}LowerLeg`);
    const ankle = place(`${side}Foot`);
    shell.capsule(hip, knee, 0.08, 0.058, PALETTE.trousers, bone("UpperLeg"), { segments: 18 });
    shell.capsule(knee, mix(ankle, [0, 1, 0], 0.05), 0.0575, 0.047, PALETTE.trousers, bone("LowerLeg"), { segments: 18 });
    const sole = (/** @type {number} */ z, /** @type {number} */ wide, /** @type {number} */ top, color = PALETTE.shoe) => {
      const s = smooth((z - 0.1) / 0.06);
      return {
        c: [ankle[0], top / 2, ankle[2] + z], u: [wide, 0, 0], v: [0, top / 2, 0], color,
        bones: /** @type {[number, number][]} */ (s <= 0 ? [[bone("Foot"), 1]] : [[bone("Foot"), 1 - s], [bone("Toes"), s]]),
      };
    };
    shell.tube([
      sole(-0.085, 0.001, 0.02), sole(-0.082, 0.025, 0.06), sole(-0.06, 0.042, 0.1), sole(-0.02, 0.048, 0.115), sole(0.02, 0.048, 0.11),
      sole(0.06, 0.05, 0.09), sole(0.1, 0.053, 0.075), sole(0.14, 0.053, 0.066), sole(0.175, 0.045, 0.054), sole(0.195, 0.028, 0.04), sole(0.2, 0.001, 0.02),
    ], 18);
  }

  /** Show a pose. @param {import("./wire.js").Pose} pose */
  apply(pose) {
    for (let j = 0; j < SKELETON.length; j++) this.bones[j].quaternion.fromArray(pose.rotations, 4 * j);
    this.bones[0].position.set(this.hipsRest.x + pose.hips[0], this.hipsRest.y + pose.hips[1], this.hipsRest.z + pose.hips[2]);
    for (let h = 0; h < 2; h++) {
      const spread = pose.hands[6 * h + 5];
      for (let f = 0; f < 5; f++) bendFinger(this.fingers[h][f], pose.hands[6 * h + f], spread);
    }
    this.face.apply(pose);
  }
}

/** @param {{bones: THREE.Bone[], left: boolean, thumb: boolean, across: number}} finger @param {number} curl @param {number} spread */
function bendFinger(finger, curl, spread) {
  const side = finger.left ? 1 : -1;
  if (finger.thumb) {
    finger.bones[0].rotation.set(0, side * (curl * THUMB_CURL_RAD[0] - 0.35 * spread), -side * 0.35 * curl);
    finger.bones[1].rotation.set(0, side * curl * THUMB_CURL_RAD[1], 0);
    return;
  }
  finger.bones[0].rotation.set(0, -side * finger.across * spread * SPREAD_RAD * (1 - curl), -side * curl * CURL_RAD[0]);
  finger.bones[1].rotation.set(0, 0, -side * curl * CURL_RAD[1]);
}

/** @param {boolean} detailed */
function makeMaterial(detailed) {
  return detailed
    ? new THREE.MeshStandardMaterial({ vertexColors: true, roughness: 0.78, metalness: 0 })
    : new THREE.MeshLambertMaterial({ vertexColors: true });
}

/** @param {number} s */
function smooth(s) {
  const t = Math.min(1, Math.max(0, s));
  return t * t * (3 - 2 * t);
}
