// @ts-check
// Made by scripts/make_skeleton.py from motion/skeleton.py; do not edit. Metres, y up, facing +z, left is +x, rest is a T-pose.

/** @type {{name: string, parent: number, offset: number[]}[]} */
export const SKELETON = [
  {"name": "hips", "parent": -1, "offset": [0.0, 0.93, 0.0]},
  {"name": "spine", "parent": 0, "offset": [0.0, 0.08, -0.005]},
  {"name": "chest", "parent": 1, "offset": [0.0, 0.12, -0.005]},
  {"name": "upperChest", "parent": 2, "offset": [0.0, 0.13, 0.0]},
  {"name": "neck", "parent": 3, "offset": [0.0, 0.16, -0.005]},
  {"name": "head", "parent": 4, "offset": [0.0, 0.085, 0.015]},
  {"name": "leftShoulder", "parent": 3, "offset": [0.03, 0.115, -0.005]},
  {"name": "leftUpperArm", "parent": 6, "offset": [0.14, 0.0, 0.0]},
  {"name": "leftLowerArm", "parent": 7, "offset": [0.27, 0.0, 0.0]},
  {"name": "leftHand", "parent": 8, "offset": [0.245, 0.0, 0.0]},
  {"name": "rightShoulder", "parent": 3, "offset": [-0.03, 0.115, -0.005]},
  {"name": "rightUpperArm", "parent": 10, "offset": [-0.14, 0.0, 0.0]},
  {"name": "rightLowerArm", "parent": 11, "offset": [-0.27, 0.0, 0.0]},
  {"name": "rightHand", "parent": 12, "offset": [-0.245, 0.0, 0.0]},
  {"name": "leftUpperLeg", "parent": 0, "offset": [0.09, -0.03, 0.0]},
  {"name": "leftLowerLeg", "parent": 14, "offset": [0.0, -0.42, 0.0]},
  {"name": "leftFoot", "parent": 15, "offset": [0.0, -0.4, 0.0]},
  {"name": "leftToes", "parent": 16, "offset": [0.0, -0.055, 0.13]},
  {"name": "rightUpperLeg", "parent": 0, "offset": [-0.09, -0.03, 0.0]},
  {"name": "rightLowerLeg", "parent": 18, "offset": [-0.0, -0.42, 0.0]},
  {"name": "rightFoot", "parent": 19, "offset": [-0.0, -0.4, 0.0]},
  {"name": "rightToes", "parent": 20, "offset": [-0.0, -0.055, 0.13]},
];

/** Wrist to fingertip. */
export const HAND_M = 0.17;
