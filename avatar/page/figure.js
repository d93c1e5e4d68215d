// @ts-check
/**
 * The agent's figure: a VRM that shows poses as they are on the wire. Metres, y up, facing +z, left is +x; nothing here invents motion,
 * but what hangs loose on a model (spring bones) swings along.
 */
import { Body } from "./body.js";
import { disposeCharacter } from "./character.js";
import { Face } from "./face.js";
import * as THREE from "./vendor/three.module.min.js";
import { Vertices } from "./vertices.js";

/** Eyes above the head joint where a model does not say, as a share of the head joint's height. */
const EYES_OVER_HEAD = 0.045;
/** After a longer pause (the page was hidden) loose parts begin at rest instead of flying. */
const PAUSE_S = 0.5;
const STEP_MAX_S = 0.05;

export class Figure {
  /** @param {import("@pixiv/three-vrm").VRM} vrm @param {"high" | "low"} quality */
  constructor(vrm, quality) {
    this.vrm = vrm;
    this.root = vrm.scene;
    const backward = vrm.meta?.metaVersion === "0";
    this.body = new Body(vrm.humanoid, backward);
    this.face = new Face(vrm, backward);
    this.root.updateMatrixWorld(true);
    this.eyeHeight_m = eyeHeight(vrm);
    this.top_m = new THREE.Box3().setFromObject(this.root).max.y;
    /** @type {Vertices[]} */
    this.vertices = [];
    /** @type {THREE.Mesh[]} */
    const meshes = [];
    this.root.traverse((node) => void (quality === "low" && node instanceof THREE.Mesh && meshes.push(node)));
    for (const mesh of meshes) this.vertices.push(new Vertices(mesh));
  }

  /**
   * Show a pose.
   * @param {import("./wire.js").Pose} pose @param {number} delta_s time since the last one @param {import("./faces.js").View} view of the camera
   */
  apply(pose, delta_s, view) {
    this.body.apply(pose);
    this.face.apply(pose);
    if (delta_s > PAUSE_S) {
      this.vrm.update(0);
      this.vrm.springBoneManager?.reset();
    } else this.vrm.update(Math.min(STEP_MAX_S, delta_s));
    if (this.vertices.length === 0) return;
    this.root.updateMatrixWorld();
    for (const vertices of this.vertices) vertices.update(view);
  }

  /** A bone by its VRM 1.0 name, in its normalised form. @param {string} name */
  bone(name) {
    return this.vrm.humanoid.getNormalizedBoneNode(/** @type {any} */ (name));
  }

  /** Weights of the expressions as shown, by the model's own names; zeros are left out. @returns {Record<string, number>} */
  get expressions() {
    return Object.fromEntries([...this.face.weights].filter(([, weight]) => weight > 0));
  }

  dispose() {
    for (const vertices of this.vertices) vertices.dispose();
    disposeCharacter(this.vrm);
  }
}

/** @param {import("@pixiv/three-vrm").VRM} vrm */
function eyeHeight(vrm) {
  const at = new THREE.Vector3();
  const heights = /** @type {const} */ (["leftEye", "rightEye"]).flatMap((name) => vrm.humanoid.getRawBoneNode(name)?.getWorldPosition(at).y ?? []);
  if (heights.length > 0) return heights.reduce((a, b) => a + b) / heights.length;
  const head = /** @type {THREE.Object3D} */ (vrm.humanoid.getRawBoneNode("head")).getWorldPosition(at).y;
  const told = vrm.lookAt?.offsetFromHeadBone.y ?? 0;
  return head + (told > 0 ? told : EYES_OVER_HEAD * head);
}
