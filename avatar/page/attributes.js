// @ts-check
/** Vertex data as plain arrays, of the vertices that a mesh really draws: the meshes of one model often share one long buffer. */

/** @typedef {import("./vendor/three.module.min.js").BufferAttribute | import("./vendor/three.module.min.js").InterleavedBufferAttribute} Attribute */

/** The vertices that the triangles of a geometry name, in rising order. @param {import("./vendor/three.module.min.js").BufferGeometry} geometry @returns {Uint32Array} */
export function drawnVertices(geometry) {
  const { count } = geometry.getAttribute("position");
  const named = new Uint8Array(count);
  if (geometry.index) for (let i = 0; i < geometry.index.count; i++) named[geometry.index.getX(i)] = 1;
  else named.fill(1);
  return Uint32Array.from(named.keys()).filter((v) => named[v] === 1);
}

/** @param {Attribute} attribute @param {Uint32Array} vertices @param {number} size numbers a vertex @returns {Float32Array} */
export function gathered(attribute, vertices, size) {
  const out = new Float32Array(size * vertices.length);
  for (let i = 0; i < vertices.length; i++) for (let k = 0; k < size; k++) out[size * i + k] = attribute.getComponent(vertices[i], k);
  return out;
}
