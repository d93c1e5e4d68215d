// @ts-check
/**
 * The head: face, eyes that look, lids, brows, and a mouth driven by the 15 visemes and the five expressions.
 *
 * The face is a tapered ellipsoid; the mouth lies on its surface as a small mesh whose outline is recomputed each frame from five
 * numbers (opening, width, rounding, smile, teeth). Local frame: the head joint; metres.
 */
import * as THREE from "./vendor/three.module.min.js";
import { Mouth } from "./mouth.js";
import { PALETTE } from "./palette.js";
import { Shell } from "./shapes.js";
import { EXPRESSIONS } from "./wire.js";

const CENTRE = [0, 0.092, 0.012];
const RADII = [0.109, 0.134, 0.116];
const EYE = { x: 0.0405, y: 0.002, r: 0.0265, sink: 0.0165 };
const BROW = { x: 0.043, y: 0.05 };
const LID_OPEN_RAD = 0.78;
const LID_CLOSED_RAD = -0.42;
const LOWER_OPEN_RAD = -0.86;
const LOWER_CLOSED_RAD = -0.36;

/** Narrowing of the face towards the chin and, less, the crown. @param {number} v height share, -1 chin to 1 crown */
const taper = (v) => (v < 0 ? 1 - 0.2 * v * v : 1 - 0.04 * v * v);

/** Depth of the face's surface at x, y (relative to the centre). @param {number} x @param {number} y */
export function surface(x, y) {
  const v = y / RADII[1];
  const u = x / (RADII[0] * taper(v));
  return RADII[2] * Math.sqrt(Math.max(0.02, 1 - u * u - v * v));
}

export class Face {
  /** @param {THREE.Material} material */
  constructor(material) {
    this.root = new THREE.Group();
    this.root.position.fromArray(CENTRE);
    const mesh = (/** @type {Shell} */ shell, /** @type {THREE.Object3D} */ parent) => {
      const made = new THREE.Mesh(shell.geometry(), material);
      made.castShadow = true;
      parent.add(made);
      return made;
    };
    mesh(headShell(), this.root);

    /** @type {{ball: THREE.Object3D, glint: THREE.Object3D, upper: THREE.Object3D, lower: THREE.Object3D, brow: THREE.Object3D, side: number}[]} */
    this.eyes = [1, -1].map((side) => {
      const socket = new THREE.Group();
      socket.position.set(side * EYE.x, EYE.y, surface(EYE.x, EYE.y) - EYE.sink);
      this.root.add(socket);
      const ball = mesh(eyeShell(), socket);
      const glint = new THREE.Mesh(new THREE.SphereGeometry(0.0036, 8, 6), new THREE.MeshBasicMaterial({ color: 0xffffff }));
      glint.position.set(0.0068, 0.0085, EYE.r * 0.955);
      socket.add(glint);
      const upper = mesh(lidShell(1), socket);
      const lower = mesh(lidShell(-1), socket);
      const hinge = new THREE.Group();
      hinge.position.set(side * BROW.x, BROW.y, 0);
      this.root.add(hinge);
      mesh(browShell(side), hinge);
      return { ball, glint, upper, lower, brow: hinge, side };
    });
    this.mouth = new Mouth(surface);
    this.root.add(this.mouth.root);
  }

  /** @param {import("./wire.js").Pose} pose */
  apply(pose) {
    const [yaw, pitch, left, right] = pose.face;
    /** @type {Record<string, number>} */
    const felt = {};
    EXPRESSIONS.forEach((name, i) => (felt[name] = pose.expression[i]));
    const { happy, sad, angry, surprised, relaxed } = felt;
    const lids = [left, right];
    this.eyes.forEach((eye, i) => {
      eye.ball.rotation.set(-pitch, yaw, 0, "YXZ");
      const rest = 0.16 * relaxed + 0.2 * sad + 0.18 * angry + 0.1 * happy - 0.28 * surprised - 0.35 * pitch;
      const closed = Math.min(1, Math.max(-0.3, lids[i] + (1 - lids[i]) * rest));
      // Rotation about x by -a lifts the front rim by a; the rim's height above the middle of the eye is the lid's opening.
      eye.upper.rotation.x = -(LID_OPEN_RAD + (LID_CLOSED_RAD - LID_OPEN_RAD) * closed);
      const squint = Math.min(1, Math.max(0, 0.6 * lids[i] + 0.75 * happy + 0.25 * angry));
      eye.lower.rotation.x = -(LOWER_OPEN_RAD + (LOWER_CLOSED_RAD - LOWER_OPEN_RAD) * squint);
      eye.upper.rotation.z = eye.side * (0.22 * angry - 0.16 * sad);
      const lift = 0.004 * happy + 0.014 * surprised - 0.008 * angry + 0.003 * sad;
      eye.brow.position.y = BROW.y + lift;
      eye.glint.visible = closed < 0.62;
      eye.brow.rotation.z = eye.side * (0.3 * angry - 0.26 * sad - 0.06 * surprised);
    });
    this.mouth.apply(pose.visemes, felt);
  }
}

function headShell() {
  const shell = new Shell();
  const rings = [];
  const steps = 26;
  for (let i = 0; i <= steps; i++) {
    const angle = (i * Math.PI) / steps;
    const v = -Math.cos(angle);
    const w = Math.max(Math.sin(angle), 1e-3);
    rings.push({ c: [0, RADII[1] * v, 0], u: [RADII[0] * taper(v) * w, 0, 0], v: [0, 0, RADII[2] * w], color: PALETTE.skin });
  }
  shell.tube(rings, 36);
  shell.ball([0, -0.021, surface(0, -0.021) + 0.003], [0.0125, 0.0115, 0.013], PALETTE.skin, 0, 16); // nose
  hair(shell);
  for (const side of [1, -1]) {
    const x = side * (RADII[0] - 0.002);
    const disc = (/** @type {number} */ d, /** @type {number} */ r, /** @type {number} */ color) => ({
      c: [x + side * d, -0.008, -0.008], u: [0, r, 0], v: [0, 0, r], color,
    });
    shell.tube([disc(-0.02, 0.026, PALETTE.trim), disc(0.004, 0.028, PALETTE.trim), disc(0.009, 0.026, PALETTE.trim), disc(0.0092, 0.019, PALETTE.earpiece),
      disc(0.013, 0.016, PALETTE.earpiece), disc(0.0135, 0.001, PALETTE.earpiece)], 20);
  }
  return shell;
}

/** A smooth cap of hair: part of a slightly larger head, cut by a plane tilted back, with a rolled rim. @param {Shell} shell */
function hair(shell) {
  const tilt = 0.62;
  const axis = [0, Math.cos(tilt), -Math.sin(tilt)];
  const forward = [0, Math.sin(tilt), Math.cos(tilt)];
  const bulge = (/** @type {number[]} */ d, /** @type {number} */ grow) => {
    const v = d[1];
    return [d[0] * RADII[0] * taper(v) * grow, d[1] * RADII[1] * grow, d[2] * RADII[2] * grow];
  };
  const segments = 36;
  const first = shell.position.length / 3;
  const tint = new THREE.Color(PALETTE.hair);
  const rows = [];
  const last = 1.72;
  for (let i = 0; i <= 18; i++) rows.push([0.02 + ((last - 0.02) * i) / 18, 1.075 + 0.02 * Math.sin((i / 18) * Math.PI)]);
  rows.push([last + 0.025, 1.06], [last + 0.035, 1.03], [last + 0.03, 0.98]);
  for (const [theta, grow] of rows) {
    for (let s = 0; s < segments; s++) {
      const phi = (2 * Math.PI * s) / segments;
      const reach = theta * (1 - 0.1 * Math.max(0, Math.cos(phi)) * (theta / last)); // a little higher over the forehead
      const c = Math.cos(reach);
      const r = Math.sin(reach);
      const d = [r * Math.sin(phi), c * axis[1] + r * Math.cos(phi) * forward[1], c * axis[2] + r * Math.cos(phi) * forward[2]];
      shell.position.push(...bulge(d, grow));
      shell.color.push(tint.r, tint.g, tint.b);
      shell.skinIndex.push(0, 0, 0, 0);
      shell.skinWeight.push(1, 0, 0, 0);
    }
  }
  for (let r = 0; r + 1 < rows.length; r++) {
    for (let s = 0; s < segments; s++) {
      const a = first + r * segments + s;
      const b = first + r * segments + ((s + 1) % segments);
      shell.index.push(a, a + segments, b, b, a + segments, b + segments);
    }
  }
}

function eyeShell() {
  const shell = new Shell();
  const rings = [];
  const bands = [
    [0.0, PALETTE.pupil], [0.24, PALETTE.pupil], [0.245, PALETTE.iris], [0.5, PALETTE.iris], [0.505, PALETTE.lash], [0.53, PALETTE.lash],
    [0.54, PALETTE.eye], [0.9, PALETTE.eye], [1.3, PALETTE.eye], [1.7, PALETTE.eye], [2.2, PALETTE.eye],
  ];
  for (const [angle, color] of bands) {
    const r = EYE.r * Math.max(Math.sin(angle), 0.002);
    rings.push({ c: [0, 0, EYE.r * Math.cos(angle)], u: [r, 0, 0], v: [0, r, 0], color });
  }
  return shell.tube(rings, 24);
}

/** Half a shell over the eye; its rim carries the lashes. @param {number} up 1 for the upper lid, -1 for the lower */
function lidShell(up) {
  const shell = new Shell();
  const rings = [];
  const R = EYE.r * 1.055;
  for (let i = 0; i <= 8; i++) {
    const angle = Math.max(0.03, (i / 8) * (Math.PI / 2));
    rings.push({ c: [0, up * R * Math.cos(angle), 0], u: [R * Math.sin(angle), 0, 0], v: [0, 0, R * Math.sin(angle)], color: PALETTE.skin });
  }
  const dark = up > 0 ? PALETTE.lash : PALETTE.blush;
  const edge = up > 0 ? 1.035 : 1.01;
  rings.push({ c: [0, up * 0.0004, 0], u: [R * edge, 0, 0], v: [0, 0, R * edge], color: dark });
  rings.push({ c: [0, -up * 0.0022, 0], u: [R * edge, 0, 0], v: [0, 0, R * edge], color: dark });
  rings.push({ c: [0, -up * 0.0024, 0], u: [R * 0.97, 0, 0], v: [0, 0, R * 0.97], color: dark });
  return shell.tube(rings, 24);
}

/** @param {number} side */
function browShell(side) {
  const shell = new Shell();
  const rings = [];
  for (let i = 0; i <= 10; i++) {
    const s = i / 10;
    const x = side * (0.02 + 0.046 * s);
    const y = 0.044 + 0.0075 * Math.sin(Math.PI * (0.25 + 0.6 * s));
    const r = Math.max(0.0004, 0.0046 * Math.pow(Math.sin(Math.PI * (0.06 + 0.9 * s)), 0.55) * (1.15 - 0.45 * s));
    rings.push({ c: [x - side * BROW.x, y - BROW.y, surface(x, y) + 0.0015], u: [0, r, 0], v: [0, 0, r * 0.8], color: PALETTE.brow });
  }
  return shell.tube(rings, 8);
}
