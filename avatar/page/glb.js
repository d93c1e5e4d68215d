// @ts-check
/**
 * Looks into a file before it is loaded: is it a VRM, and one that this page can show? No three.js here, and no side effects.
 *
 * The same checks as avatar/vrm_file.py makes for `--avatar`; a file that passes may still be broken inside, which loading finds.
 */

export const LIMIT_MIB = 64;
const MAGIC = 0x46546c67;
const JSON_CHUNK = 0x4e4f534a;
/** Extensions that need a decoder which is not part of this page, and what they stand for. @type {Record<string, string>} */
const DECODERS = {
  KHR_draco_mesh_compression: "Draco compression", EXT_meshopt_compression: "meshopt compression", KHR_texture_basisu: "KTX2 textures",
};

/** What is wrong with a file, in words for people; empty when nothing is. @param {ArrayBuffer} bytes @returns {string} */
export function problemOf(bytes) {
  if (bytes.byteLength > LIMIT_MIB * 2 ** 20) return tooLarge(bytes.byteLength);
  const view = new DataView(bytes);
  if (bytes.byteLength < 20 || view.getUint32(0, true) !== MAGIC) return "This is not a VRM file. VRM files end in .vrm; export one with VRoid Studio or the VRM add-on of Blender.";
  if (view.getUint32(4, true) !== 2 || view.getUint32(8, true) > bytes.byteLength) return "This file is damaged or incomplete. Export or download it again.";
  const length = view.getUint32(12, true);
  if (view.getUint32(16, true) !== JSON_CHUNK || 20 + length > bytes.byteLength) return "This file is damaged or incomplete. Export or download it again.";
  let gltf;
  try {
    gltf = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 20, length)));
  } catch {
    return "This file is damaged or incomplete. Export or download it again.";
  }
  if (!gltf.extensions?.VRMC_vrm && !gltf.extensions?.VRM) return "This is a 3D model but not a VRM: it does not say which bone is which. Export it as VRM.";
  for (const [name, what] of Object.entries(DECODERS)) {
    if (gltf.extensionsRequired?.includes(name)) return `This VRM uses ${what}, which cannot be read here. Export it without that.`;
  }
  const outside = [...(gltf.buffers ?? []), ...(gltf.images ?? [])].some((part) => typeof part.uri === "string" && !part.uri.startsWith("data:"));
  if (outside) return "Parts of this VRM are in other files. Export it as one file.";
  return "";
}

/** @param {number} size_bytes */
export function tooLarge(size_bytes) {
  return `This file is ${Math.ceil(size_bytes / 2 ** 20)} MiB, but the limit is ${LIMIT_MIB}. Export it with smaller textures.`;
}
