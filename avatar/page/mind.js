// @ts-check
/** The intention log in plain words: what the agent wants to do, why, and what became of it. */
import { restraintWords } from "./restraint.js";

const MAX = 40;
const BECAUSE = {
  social_protocol: "it is polite", visual_change: "something changed in view", user_intent: "you seem to want it",
  conversation_state: "of how the conversation goes", emotional_need: "of how you seem to feel", confusion_repair: "something seems unclear",
  external: "a connected program asked", viewer: "you asked", safety: "it wants everybody to be safe", promise_due: "it promised to",
};
const STATES = {
  accepted: "noted", started: "doing it", finished: "done", superseded: "replaced by something better", expired: "too late", rejected: "not possible", cancelled: "taken back",
};

/** By the first sign of `Intention.evidence` (cognitive/motivation/weights.py), where it says more than the trigger. @type {Record<string, string>} */
const SIGNS = {
  "arrival": "you have come", "page opened": "you have come", "greeting unanswered": "you said hello", "goodbye unanswered": "you said goodbye",
  "goes": "you are going", "asks for help": "you asked for help", "asks": "you asked something", "searches": "you are looking for something",
  "wrong belief": "you may be mistaken about something", "wish of memory": "you asked for it",
};
const OWN_WORDS = new Set(["external", "viewer"]);

/**
 * @typedef {{id: string, wish: string, speaks: boolean, states: string[], state: string}} Part one intention
 * @typedef {{item: HTMLElement, what: HTMLElement, why: HTMLElement, how: HTMLElement, parts: Part[]}} Idea intentions that belong together
 */

export class Mind {
  /** @param {(id: string) => HTMLElement} element */
  constructor(element) {
    this.list = element("intentions");
    this.none = element("no-intentions");
    this.restraint = element("restraint");
    /** By intention and by plan, the oldest first. @type {Map<string, Idea>} */
    this.ideas = new Map();
  }

  /** @param {any} m */
  take(m) {
    if (m.type === "intention") {
      const idea = this.idea(m.id, m.plan_id);
      const part = partOf(idea, m.id);
      part.wish = wish(m);
      part.speaks = m.kind === "dialogue";
      const said = OWN_WORDS.has(m.trigger) ? m.evidence?.[0]?.detail : SIGNS[m.evidence?.[0]?.kind];
      const because = said || /** @type {Record<string, string>} */ (BECAUSE)[m.trigger] || plain(m.trigger);
      if (because && !idea.why.textContent) idea.why.textContent = `because ${because}`; // a later step of a plan has no reason of its own
      show(idea);
    } else if (m.type === "intention_answer") {
      const idea = this.idea(m.intention_id);
      const part = partOf(idea, m.intention_id);
      const word = /** @type {Record<string, string>} */ (STATES)[m.state] ?? plain(m.state);
      part.states.push(m.reason && m.state !== "started" && m.state !== "accepted" ? `${word} (${plain(m.reason)})` : word);
      part.state = m.state;
      show(idea);
    } else if (m.type === "cognitive_cycle") {
      const words = restraintWords(m.restraint);
      this.restraint.hidden = words === "";
      if (this.restraint.textContent !== words) this.restraint.textContent = words;
    }
  }

  /** @param {string} id of an intention @param {string} [plan_id] */
  idea(id, plan_id) {
    const known = this.ideas.get(id) ?? (plan_id ? this.ideas.get(`plan ${plan_id}`) : undefined);
    const idea = known ?? this.entered(id);
    this.ideas.set(id, idea);
    if (plan_id) this.ideas.set(`plan ${plan_id}`, idea);
    return idea;
  }

  /** @param {string} id @returns {Idea} */
  entered(id) {
    const item = document.createElement("li");
    const [what, why, how] = ["what", "why", "how"].map((name) => {
      const span = document.createElement("span");
      span.className = name;
      return span;
    });
    item.append(what, why, how);
    item.dataset.intention = id;
    this.list.prepend(item);
    this.none.hidden = true;
    while (this.list.children.length > MAX) {
      const oldest = this.list.lastElementChild;
      oldest?.remove();
      for (const [name, idea] of this.ideas) if (idea.item === oldest) this.ideas.delete(name);
    }
    return { item, what, why, how, parts: [] };
  }
}

/** @param {Idea} idea @param {string} id @returns {Part} */
function partOf(idea, id) {
  let part = idea.parts.find((one) => one.id === id);
  if (!part) {
    part = { id, wish: "", speaks: false, states: [], state: "" };
    idea.parts.push(part);
  }
  return part;
}

/** What is said stands for the whole idea, else its first part; what goes with it stands behind. @param {Idea} idea */
function show({ item, what, how, parts }) {
  const main = parts.find((part) => part.speaks) ?? parts[0];
  const others = [...new Set(parts.filter((part) => part !== main && part.wish).map((part) => part.wish))];
  what.textContent = !main.wish ? "Has an idea" : `Wants to ${[main.wish, ...others].join(", ")}`;
  how.textContent = main.states.join(", ");
  item.dataset.state = main.state;
}

/** @param {any} m an Intention */
function wish(m) {
  const label = plain(m.label);
  const about = m.target?.name ? ` at ${plain(m.target.name)}` : "";
  switch (m.kind) {
    case "dialogue":
      if (m.label === "stop" && !m.content) return "stop speaking";
      return m.content ? `say “${m.content}”` : `say something (${label})`;
    case "gesture":
      if (m.content) return m.content; // the slow system's steps say what they are
      return label ? (label.match(/^(wave|nod|point|bow|shrug|beckon|clap|shake)/) ? `${label}${about}` : `make a gesture: ${label}`) : "make a gesture";
    case "gaze":
    case "attention":
      if (m.target?.person_id || label === "person") return "look at you";
      return `look${about || (label ? `: ${label}` : m.content ? `: ${m.content}` : " somewhere")}`;
    case "expression":
      return m.content || `look ${label}`;
    case "posture":
      return m.content || `change posture: ${label}`;
    case "locomotion":
      return { turn_to: "turn to you", approach: "come closer", step_back: "step back" }[/** @type {string} */ (m.label)] ?? (m.content || label);
    default:
      return label || m.content || m.kind;
  }
}

/** @param {string} text */
const plain = (text) => (text || "").replaceAll("_", " ").trim();
