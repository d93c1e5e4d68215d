// @ts-check
/** Everyday words for what the slow system reports: observations, what calls for an initiative, how sure it is, how long ago. */

/** By the observation in `Estimate.evidence` (cognitive/mind/likelihoods.py, tracker.py). @type {Record<string, string>} */
const CUES = {
  "looks at agent": "looked at the agent",
  "looks at other": "looked at somebody else",
  "looks at object": "looked at something else",
  "looks away": "looked elsewhere",
  "near": "stands close",
  "far": "stands far off",
  "frowns at agent": "frowned at the agent",
  "speaks to agent": "spoke to the agent",
  "speaks aside": "spoke to somebody else",
  "asks": "asked something",
  "nods": "nodded",
  "shakes": "shook the head",
  "not understood": "said that something was unclear",
  "understood": "said that it was clear",
  "asks again": "asked the same thing again",
  "puzzled gesture": "made a puzzled gesture",
  "voice without words": "made a sound without words",
  "takes leave": "said goodbye",
  "closes": "was rounding off the talk",
  "moves off": "moved away",
  "comes closer": "came closer",
  "turns to agent": "turned to the agent",
  "takes belongings": "picked up their things",
  "face": "the look on the face",
  "voice": "the tone of the voice",
};

/** By the name in `TriggerScore.trigger` (cognitive/motivation/thresholds.py). @type {Record<string, string>} */
const REASONS_TO_BEGIN = {
  "social_protocol": "Greeting, goodbye",
  "user_intent": "Helping you",
  "visual_change": "Remarking on news",
  "conversation_state": "Keeping talk going",
  "emotional_need": "Minding your mood",
  "confusion_repair": "Clearing things up",
  "promise_due": "Keeping a promise",
  "safety": "Warning of danger",
};

/** By `TurnDecision.decision`. @type {Record<string, string>} */
const DECISIONS = {
  "end_of_turn": "It takes it that you have finished.",
  "hold": "It takes it that you will go on.",
  "backchannel": "It takes that as a sign that you are listening.",
  "duck": "It speaks more softly, because you made a sound.",
  "pause": "It pauses to hear what you say.",
  "stop": "It stopped, because you have something to say.",
  "resume": "It goes on with what it was saying.",
  "answer": "It takes it that this was meant for it.",
  "wait": "It lets the others answer first.",
  "stay_out": "It takes it that this was not meant for it.",
};

/** What somebody's voice is like beside how it mostly is, by the cue (behavioral/hearing/affect.py). @type {Record<string, string>} */
const VOICES = {
  "level+": "a louder voice",
  "level-": "a softer voice",
  "pitch+": "a higher voice",
  "pitch-": "a lower voice",
  "pitch_range+": "a livelier tone",
  "pitch_range-": "a flatter tone",
};

/** An observation in words; several are parted by commas. @param {string} cue */
export function cueWords(cue) {
  if (/^(word|voice|event):/.test(cue)) return [...new Set(cue.split(/[,;] (?=\w+:)/).map(signWords))].join(", ");
  const known = CUES[cue.replaceAll("_", " ")];
  if (known) return known;
  const words = cue.match(/^words: (.+)$/);
  if (words) return `said “${words[1]}”`;
  const turned = cue.match(/^face turned ([\d.]+) to the agent$/);
  if (turned) return Number(turned[1]) >= 0.6 ? "was turned to the agent" : Number(turned[1]) >= 0.3 ? "was half turned to the agent" : "was turned away";
  const looked = cue.match(/^looks at (.+)$/);
  return looked ? `looked at ${plain(looked[1])}` : plain(cue);
}

/** One sign of a feeling, as the ear names it. @param {string} sign */
function signWords(sign) {
  const [kind, ...rest] = sign.split(":");
  const what = rest.join(":").trim();
  return kind === "word" ? `said “${what}”` : kind === "voice" ? VOICES[what] ?? CUES.voice : plain(what);
}

/** @param {string} trigger */
export const beginWords = (trigger) => REASONS_TO_BEGIN[trigger] ?? capital(plain(trigger));

/** @param {string} decision */
export const decisionWords = (decision) => DECISIONS[decision] ?? "";

/** How likely something is. @param {number} p 0 to 1 */
export function likely(p) {
  return p < 0.12 ? "no" : p < 0.35 ? "hardly" : p < 0.65 ? "maybe" : p < 0.88 ? "probably" : "yes";
}

/** @param {number} valence -1 to 1 */
export function mood(valence) {
  return valence < -0.5 ? "unhappy" : valence < -0.15 ? "a little low" : valence <= 0.15 ? "even" : valence <= 0.5 ? "good" : "very good";
}

/** @param {number} arousal -1 to 1 */
export const liveliness = (arousal) => (arousal < -0.3 ? "quiet" : arousal <= 0.3 ? "calm" : arousal <= 0.6 ? "lively" : "excited");

/** @param {string} what */
export function lookWords(what) {
  return { agent: "the agent", other: "somebody else", object: "something else", away: "elsewhere" }[what] ?? plain(what);
}

/** @param {number} seconds */
export function ago(seconds) {
  if (seconds < 1.5) return "just now";
  return seconds < 90 ? `${Math.round(seconds)} s ago` : `${Math.round(seconds / 60)} min ago`;
}

/** @param {number} ms */
export const inSeconds = (ms) => `${(ms / 1000).toFixed(ms < 9950 ? 1 : 0)} s`;

/** @param {string} text */
export const plain = (text) => (text || "").replaceAll("_", " ").trim();

/** @param {string} text */
export const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** A clause as a sentence. @param {string} clause */
export function sentence(clause) {
  const text = capital(clause.trim());
  return !text || /[.!?…]”?$/.test(text) ? text : `${text}.`;
}

/**
 * What somebody is called: by name, else with one person here that is you.
 *
 * @param {{person_id: string, name?: string}} mind @param {string[]} here ids of all who are here
 */
export function personName({ person_id, name }, here) {
  if (here.length <= 1) return "You";
  return name || `Person ${here.indexOf(person_id) + 1}`;
}
