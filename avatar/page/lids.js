// @ts-check
/**
 * Which shapes for looking up and down are for the lids alone. In some models the same shapes move the irises: beside eye bones, which turn
 * the eyes already, those would turn them twice.
 */
import * as THREE from "./vendor/three.module.min.js";

/** Movement of a vertex that counts, metres. */
const MOVED_M = 1e-5;
/** Share of a vertex that has to hang on the bone of an eye. */
const HELD = 0.5;

/** Whether an expression leaves all that hangs on the eyes' bones where it is. @param {import("@pixiv/three-vrm").VRMExpression} expression @param {import("@pixiv/three-vrm").VRM} vrm */
export function lidsOnly(expression, vrm) {
  const eyes = new Set(/** @type {const} */ (["leftEye", "rightEye"]).map((name) => vrm.humanoid.getRawBoneNode(name)).filter((node) => node !== null));
  return expression.binds.every((bind) => {
    const { primitives, index } = /** @type {{primitives?: THREE.Mesh[], index?: number}} */ (/** @type {unknown} */ (bind));
    if (!primitives) return false; // moves a picture or changes a colour
    return primitives.every((mesh) => !movesWith(mesh, index ?? 0, eyes));
  });
}

/** @param {THREE.Mesh} mesh @param {number} target number of the morph target @param {Set<THREE.Object3D>} bones */
function movesWith(mesh, target, bones) {
  const moves = mesh.geometry.morphAttributes.position?.[target];
  if (!moves) return false;
  if (!(mesh instanceof THREE.SkinnedMesh)) return hangsOn(mesh, bones);
  const held = mesh.skeleton.bones.map((bone) => hangsOn(bone, bones));
  const [joints, weights] = ["skinIndex", "skinWeight"].map((name) => mesh.geometry.getAttribute(name));
  for (let v = 0; v < moves.count; v++) {
    if (Math.hypot(moves.getX(v), moves.getY(v), moves.getZ(v)) < MOVED_M) continue;
    let share = 0;
    for (let k = 0; k < 4; k++) if (held[joints.getComponent(v, k)]) share += weights.getComponent(v, k);
    if (share > HELD) return true;
  }
  return false;
}

/** @param {THREE.Object3D | null} node @param {Set<THREE.Object3D>} bones */
function hangsOn(node, bones) {
  for (let at = node; at; at = at.parent) if (bones.has(at)) return true;
  return false;
}
