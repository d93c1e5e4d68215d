// @ts-check
/**
 * How much the picture may cost: `high` for a GPU, `low` (no antialiasing, plain shading, no shadow map) where the processor draws.
 *
 * `auto` goes by the renderer's name and steps down when the picture stays slow. The choice is kept in the browser; `?quality=` in
 * the address goes before it.
 */

/** @typedef {"auto" | "high" | "low"} Choice */
/** @typedef {"high" | "low"} Quality */

const KEY = "attune.quality";
const SOFTWARE = /swiftshader|llvmpipe|software|basic render/i;
/** `auto` steps down when this many measurements in a row, a second each, are below this rate. */
const SLOW_HZ = 24;
const SLOW_COUNT = 4;

/** @param {unknown} value @returns {value is Choice} */
const isChoice = (value) => value === "auto" || value === "high" || value === "low";

/** @returns {Choice} */
export function storedChoice() {
  const asked = new URLSearchParams(location.search).get("quality");
  if (isChoice(asked)) return asked;
  try {
    const kept = localStorage.getItem(KEY);
    return isChoice(kept) ? kept : "auto";
  } catch {
    return "auto"; // storage is blocked
  }
}

/** @param {Choice} choice */
export function keepChoice(choice) {
  try {
    localStorage.setItem(KEY, choice);
  } catch {
    // storage is blocked: the choice holds for as long as the page is open
  }
}

/** @param {Choice} choice @returns {Quality} */
export function qualityOf(choice) {
  if (choice !== "auto") return choice;
  const probe = document.createElement("canvas").getContext("webgl2");
  if (!probe) return "low";
  const info = probe.getExtension("WEBGL_debug_renderer_info");
  const name = info ? String(probe.getParameter(info.UNMASKED_RENDERER_WEBGL)) : "";
  probe.getExtension("WEBGL_lose_context")?.loseContext();
  return SOFTWARE.test(name) ? "low" : "high";
}

/** Says when `auto` has to step down. */
export class Pace {
  constructor() {
    this.slow = 0;
  }

  /** @param {number} fps of the last second @returns {boolean} whether the picture has been too slow for long enough */
  take(fps) {
    this.slow = fps < SLOW_HZ ? this.slow + 1 : 0;
    return this.slow >= SLOW_COUNT;
  }
}
