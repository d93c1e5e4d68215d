// @ts-check
/** Small things that every part of the console needs. */

/** @param {string} id @returns {HTMLElement} */
export const by = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {number} ns @returns {string} */
export function clock(ns) {
  const seconds = Math.max(0, Math.floor(ns / 1e9));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** @param {string} name @returns {string} */
export const words = (name) => name.replaceAll("_", " ");
