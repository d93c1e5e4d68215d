// @ts-check
/**
 * Loads a VRM (0.x or 1.0) from bytes, and the session's own from the server.
 *
 * Everything comes from the one file: the page's policy lets nothing else in. Fails with `NotShown`, whose message is for people.
 */
import { isDamaged } from "./damage.js";
import { problemOf } from "./glb.js";
import { GLTFLoader } from "./vendor/GLTFLoader.min.js";
import { VRMLoaderPlugin, VRMUtils } from "./vendor/three-vrm.min.js";
import * as THREE from "./vendor/three.module.min.js";

/** What the server shows: the file of `--avatar`, else the character that comes with Attune. */
export const SESSION_URL = "character/session.vrm";
export const OWN_URL = "character/attune.vrm";

export class NotShown extends Error {}
const DAMAGED = "This VRM is damaged and cannot be shown. Export or download it again.";

/** @param {string} url @returns {Promise<ArrayBuffer>} */
export async function fetchCharacter(url) {
  const reply = await fetch(url);
  if (!reply.ok) throw new NotShown("The figure could not be loaded. Reload the page to try again.");
  return reply.arrayBuffer();
}

/** @param {ArrayBuffer} bytes @returns {Promise<import("@pixiv/three-vrm").VRM>} */
export async function loadCharacter(bytes) {
  const problem = problemOf(bytes);
  if (problem) throw new NotShown(problem);
  // All is in the one file: what cannot be loaded is a picture that is damaged.
  let unread = 0;
  const loader = new GLTFLoader(new THREE.LoadingManager(undefined, undefined, () => (unread += 1)));
  loader.register((parser) => {
    // Pictures inside the file as <img>: the other way, fetch, would need blob: in the policy's connect-src.
    parser.textureLoader = new THREE.TextureLoader(parser.options.manager);
    return new VRMLoaderPlugin(parser);
  });
  /** @type {import("@pixiv/three-vrm").VRM | undefined} */
  let vrm;
  try {
    const gltf = await loader.parseAsync(bytes, "");
    vrm = gltf.userData.vrm;
  } catch (error) {
    const missing = /required but not exist: (.*)/.exec(String(error))?.[1];
    if (missing) throw new NotShown(`This VRM lacks bones that every VRM must have (${missing}). Export it again with these assigned.`);
    throw new NotShown(DAMAGED);
  }
  if (!vrm?.humanoid) throw new NotShown(DAMAGED);
  if (unread > 0 || isDamaged(vrm.scene)) {
    disposeCharacter(vrm);
    throw new NotShown(DAMAGED);
  }
  VRMUtils.rotateVRM0(vrm); // those look to the back
  vrm.scene.traverse((node) => {
    if (!(node instanceof THREE.Mesh)) return;
    node.frustumCulled = false; // bounds do not follow the bones
    node.castShadow = node.receiveShadow = true;
  });
  return vrm;
}

/** @param {import("@pixiv/three-vrm").VRM} vrm */
export function disposeCharacter(vrm) {
  vrm.scene.removeFromParent();
  VRMUtils.deepDispose(vrm.scene);
}
