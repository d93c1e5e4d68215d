// @ts-check
/**
 * Which of a model's expressions show what the wire says: 15 visemes, five emotions, two lids, the eyes' direction.
 *
 * Of each, the first way that the model can: visemes by their own names, else the five vowels of VRM, else ARKit's shapes; emotions by
 * the presets, else ARKit's shapes; lids each by itself, else both together, else ARKit's. Lids that follow the eyes: ARKit's shapes, else
 * VRM's looking up and down. What a model cannot show is left out.
 */
import { EXPRESSIONS, VISEMES } from "./wire.js";

/** @typedef {[name: string, weight: number][]} Recipe */

/** @param {string} name @param {number} weight @returns {Recipe} */
const both = (name, weight) => [[`${name}Left`, weight], [`${name}Right`, weight]];

/** Visemes by the vowels of VRM. @type {Record<string, Recipe>} */
const BY_VOWELS = {
  sil: [], PP: [], FF: [["ih", 0.2]], TH: [["ih", 0.25], ["aa", 0.1]], DD: [["ih", 0.3], ["aa", 0.08]], kk: [["ih", 0.2], ["aa", 0.2]],
  CH: [["ou", 0.4], ["ih", 0.15]], SS: [["ee", 0.35]], nn: [["ih", 0.25]], RR: [["ou", 0.35], ["oh", 0.1]],
  aa: [["aa", 1]], E: [["ee", 0.9]], ih: [["ih", 0.9]], oh: [["oh", 1]], ou: [["ou", 1]],
};
/** Visemes by ARKit's shapes. @type {Record<string, Recipe>} */
const BY_ARKIT = {
  sil: [], PP: both("mouthPress", 0.5), FF: [["mouthRollLower", 0.5], ["jawOpen", 0.05]], TH: [["jawOpen", 0.2], ["tongueOut", 0.3]], DD: [["jawOpen", 0.2]],
  kk: [["jawOpen", 0.25]], CH: [["mouthFunnel", 0.5], ["jawOpen", 0.12]], SS: [["jawOpen", 0.08], ...both("mouthStretch", 0.3)], nn: [["jawOpen", 0.15]],
  RR: [["mouthPucker", 0.4], ["jawOpen", 0.15]], aa: [["jawOpen", 0.6]], E: [["jawOpen", 0.3], ...both("mouthStretch", 0.4)],
  ih: [["jawOpen", 0.2], ...both("mouthStretch", 0.3)], oh: [["jawOpen", 0.4], ["mouthFunnel", 0.6]], ou: [["jawOpen", 0.15], ["mouthPucker", 0.8]],
};
/** Emotions by ARKit's shapes. @type {Record<string, Recipe>} */
const FELT_BY_ARKIT = {
  happy: [...both("mouthSmile", 0.8), ...both("cheekSquint", 0.4)],
  sad: [...both("mouthFrown", 0.7), ["browInnerUp", 0.7]],
  angry: [...both("browDown", 0.8), ...both("noseSneer", 0.3)],
  surprised: [["browInnerUp", 0.8], ...both("browOuterUp", 0.8), ...both("eyeWide", 0.7), ["jawOpen", 0.25]],
  relaxed: [...both("mouthSmile", 0.3), ...both("eyeSquint", 0.2)],
};

/**
 * @typedef {object} Plan
 * @property {Recipe[]} visemes in the order of the wire
 * @property {Recipe[]} emotions in the order of the wire
 * @property {[Recipe, Recipe]} lids left, right
 * @property {"separate" | "together" | "none"} blink whether each lid moves by itself
 * @property {Recipe[]} follows looking up with the left and the right lid, down with the left and the right lid
 * @property {Recipe[] | null} gaze looking left, right, up, down by expressions, for models without another way
 */

/** @param {Iterable<string>} names expressions of the model that do something @returns {Plan} */
export function planFor(names) {
  /** @type {Map<string, string>} */
  const known = new Map();
  for (const name of names) known.set(name.toLowerCase(), name);
  const find = (/** @type {string[]} */ ...candidates) => candidates.map((name) => known.get(name.toLowerCase())).find(Boolean);
  /** All of a recipe, or nothing: half a shape is a wrong one. @param {Recipe} recipe @returns {Recipe | null} */
  const made = (recipe) => {
    const found = recipe.map(([name, weight]) => /** @type {[string | undefined, number]} */ ([find(name), weight]));
    return found.every(([name]) => name) ? /** @type {Recipe} */ (found) : null;
  };
  const own = VISEMES.map((name) => find(`viseme_${name}`, `vrc.v_${name}`, `v_${name}`) ?? (BY_VOWELS[name].length === 1 ? undefined : find(name)));
  const visemes = VISEMES.map((name, i) => {
    const mine = own[i];
    return name === "sil" ? [] : mine ? /** @type {Recipe} */ ([[mine, 1]]) : (made(BY_VOWELS[name]) ?? made(BY_ARKIT[name]) ?? []);
  });
  const emotions = EXPRESSIONS.map((name) => {
    const preset = find(name, name === "surprised" ? "surprise" : name);
    return preset ? /** @type {Recipe} */ ([[preset, 1]]) : (made(FELT_BY_ARKIT[name]) ?? []);
  });
  const left = find("blinkLeft", "eyeBlinkLeft");
  const right = find("blinkRight", "eyeBlinkRight");
  const blink = find("blink");
  /** @type {[Recipe, Recipe]} */
  const lids = left && right ? [[[left, 1]], [[right, 1]]] : blink ? [[[blink, 0.5]], [[blink, 0.5]]] : [[], []];
  const follows = ["Up", "Down"].flatMap((way) => {
    const sides = ["Left", "Right"].map((side) => made([[`eyeLook${way}${side}`, 1]]));
    const preset = find(`look${way}`);
    return sides.every(Boolean) ? /** @type {Recipe[]} */ (sides) : [0, 1].map(() => /** @type {Recipe} */ (preset ? [[preset, 0.5]] : []));
  });
  const eyes = [
    [["eyeLookOutLeft", 1], ["eyeLookInRight", 1]], [["eyeLookInLeft", 1], ["eyeLookOutRight", 1]],
    [["eyeLookUpLeft", 1], ["eyeLookUpRight", 1]], [["eyeLookDownLeft", 1], ["eyeLookDownRight", 1]],
  ].map((recipe) => made(/** @type {Recipe} */ (recipe)));
  return {
    visemes, emotions, lids, blink: left && right ? "separate" : blink ? "together" : "none", follows,
    gaze: eyes.every((recipe) => recipe !== null) ? /** @type {Recipe[]} */ (eyes) : null,
  };
}
