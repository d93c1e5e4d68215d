// @ts-check
/**
 * The face of a VRM: weights of its expressions, and its eyes, from the wire's values; `planFor` says which expressions these are.
 *
 * Eyes turn by what the model's own look-at says (bones or expressions, with its own ranges); a model without one turns its eye bones,
 * or has ARKit's shapes, or looks straight ahead. Where bones turn the eyes, the lids follow them up and down by the shapes that the
 * model has for looking so, less as far as the lids are closed anyway.
 */
import { planFor } from "./expressions.js";
import { lidsOnly } from "./lids.js";
import * as THREE from "./vendor/three.module.min.js";

const DEG = 180 / Math.PI;
/** Turn of the eyes at which ARKit's looking shapes are full, radians. */
const FULL_LOOK_RAD = 0.52;
/** Turn of the eyes up or down at which the lids have followed all the way, radians. */
const FULL_LIDS_RAD = 0.42;
const UP_OR_DOWN = /look(up|down)/i;

export class Face {
  /** @param {import("@pixiv/three-vrm").VRM} vrm @param {boolean} backward whether the model looks to the back (VRM 0.x) */
  constructor(vrm, backward) {
    this.manager = vrm.expressionManager;
    this.sign = backward ? -1 : 1;
    const able = (this.manager?.expressions ?? []).filter((expression) => expression.binds.length > 0);
    this.plan = planFor(able.map((expression) => expression.expressionName));
    /** Names that this page moves, and their weights now. @type {Map<string, number>} */
    this.weights = new Map();
    const { visemes, emotions, lids, gaze } = this.plan;
    const eyes = [vrm.humanoid.getNormalizedBoneNode("leftEye"), vrm.humanoid.getNormalizedBoneNode("rightEye")];
    const names = new Set(able.map((expression) => expression.expressionName));
    const looks = vrm.lookAt && (/** @type {any} */ (vrm.lookAt.applier.constructor).type === "expression" ? names.has("lookLeft") : eyes.every(Boolean));
    this.lookAt = looks ? vrm.lookAt : undefined;
    if (vrm.lookAt) vrm.lookAt.autoUpdate = false;
    /** @type {THREE.Object3D[]} */
    this.eyes = looks ? [] : /** @type {THREE.Object3D[]} */ (eyes.filter(Boolean));
    this.gaze = looks || this.eyes.length > 0 ? null : gaze;
    // Expressions that turn the eyes take the lids along.
    const byBones = this.eyes.length > 0 || (looks && /** @type {any} */ (vrm.lookAt?.applier.constructor).type === "bone");
    const lidShapes = byBones ? able.filter((e) => UP_OR_DOWN.test(e.expressionName) && lidsOnly(e, vrm)) : [];
    const { follows } = planFor(lidShapes.map((e) => e.expressionName));
    /** As in the plan. */
    this.follows = follows;
    for (const recipe of [...visemes, ...emotions, ...lids, ...follows, ...(this.gaze ?? [])]) for (const [name] of recipe) this.weights.set(name, 0);
    this.turn = new THREE.Euler(0, 0, 0, "YXZ");
  }

  /** @param {import("./wire.js").Pose} pose */
  apply(pose) {
    const { weights, plan } = this;
    for (const name of weights.keys()) weights.set(name, 0);
    let total = 0;
    for (let v = 1; v < pose.visemes.length; v++) total += pose.visemes[v];
    const share = total > 1 ? 1 / total : 1;
    for (let v = 1; v < pose.visemes.length; v++) this.add(plan.visemes[v], share * pose.visemes[v]);
    for (let e = 0; e < pose.expression.length; e++) this.add(plan.emotions[e], pose.expression[e]);
    const [yaw, pitch, left, right] = pose.face;
    this.add(plan.lids[0], left);
    this.add(plan.lids[1], right);
    this.look(yaw, pitch);
    this.follow(pitch, left, right);
    for (const [name, weight] of weights) this.manager?.setValue(name, Math.min(1, weight));
  }

  /** @param {[string, number][]} recipe @param {number} amount */
  add(recipe, amount) {
    if (amount <= 0) return;
    for (const [name, weight] of recipe) this.weights.set(name, (this.weights.get(name) ?? 0) + weight * amount);
  }

  /** Turn the eyes. @param {number} yaw left positive @param {number} pitch up positive */
  look(yaw, pitch) {
    if (this.lookAt) {
      this.lookAt.yaw = yaw * DEG;
      this.lookAt.pitch = -pitch * DEG;
    } else if (this.gaze) {
      const amounts = [yaw, -yaw, pitch, -pitch];
      this.gaze.forEach((recipe, i) => this.add(recipe, Math.min(1, amounts[i] / FULL_LOOK_RAD)));
    } else {
      this.turn.set(-pitch * this.sign, yaw, 0, "YXZ");
      for (const eye of this.eyes) eye.quaternion.setFromEuler(this.turn);
    }
  }
  /** Move the lids with the eyes. @param {number} pitch up positive @param {number} left closure of the left lid @param {number} right of the right one */
  follow(pitch, left, right) {
    const share = Math.min(1, Math.abs(pitch) / FULL_LIDS_RAD);
    const way = pitch > 0 ? 0 : 2;
    [left, right].forEach((closed, side) => {
      const recipe = this.follows[way + side];
      if (recipe) this.add(recipe, share * Math.max(0, 1 - closed));
    });
  }
}
