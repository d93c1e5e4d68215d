// @ts-check
/**
 * Whether the meshes of a model that was loaded are what its file says they are. A damaged binary part often loads without an error, and
 * then there is nothing to see, or splinters all over the picture.
 */
import * as THREE from "./vendor/three.module.min.js";

/** Files may be somewhat wrong about the bounds of a mesh; by this share of its size they may be exceeded. */
const BEYOND = 1;
/** A figure is not smaller. */
const SIZE_MIN_M = 1e-3;

/** @param {THREE.Object3D} root @returns {boolean} */
export function isDamaged(root) {
  let damaged = false;
  let size_m = 0;
  root.traverse((node) => {
    if (damaged || !(node instanceof THREE.Mesh)) return;
    const { attributes, morphAttributes, index, boundingBox } = /** @type {THREE.BufferGeometry} */ (node.geometry);
    const all = [...Object.values(attributes), ...Object.values(morphAttributes).flat()];
    const found = boundsOf(attributes.position);
    size_m = Math.max(size_m, extent(found));
    // The loader takes a geometry's bounds from what the file claims.
    damaged = all.some((attribute) => !finite(attribute)) || indexBeyond(index, attributes.position.count)
      || (boundingBox !== null && !roomy(boundingBox).containsBox(found));
  });
  return damaged || size_m < SIZE_MIN_M;
}

/** @typedef {THREE.BufferAttribute | THREE.InterleavedBufferAttribute} Attribute */

/** @param {Attribute} attribute @returns {boolean} */
function finite(attribute) {
  const array = "data" in attribute ? attribute.data.array : attribute.array;
  return !(array instanceof Float32Array) || array.every(Number.isFinite);
}

/** @param {THREE.BufferAttribute | null} index @param {number} count of the vertices @returns {boolean} */
function indexBeyond(index, count) {
  for (let i = 0; index && i < index.count; i++) if (index.getX(i) >= count) return true;
  return false;
}

/** @param {Attribute} position */
const boundsOf = (position) => new THREE.Box3().setFromBufferAttribute(/** @type {THREE.BufferAttribute} */ (position));

/** @param {THREE.Box3} box */
const extent = (box) => box.getSize(new THREE.Vector3()).length();

/** @param {THREE.Box3} box */
const roomy = (box) => box.clone().expandByScalar(BEYOND * extent(box) + SIZE_MIN_M);
