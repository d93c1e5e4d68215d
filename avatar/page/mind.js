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

export class Mind {
  /** @param {(id: string) => HTMLElement} element */
  constructor(element) {
    this.list = element("intentions");
    this.none = element("no-intentions");
    this.restraint = element("restraint");
    /** @type {Map<string, {item: HTMLElement, what: HTMLElement, why: HTMLElement, how: HTMLElement, states: string[]}>} */
    this.entries = new Map();
  }

  /** @param {any} m */
  take(m) {
    if (m.type === "intention") {
      const entry = this.entry(m.id);
      entry.what.textContent = `Wants to ${wish(m)}`;
      const detail = m.evidence?.[0]?.detail || /** @type {Record<string, string>} */ (BECAUSE)[m.trigger] || plain(m.trigger);
      entry.why.textContent = detail ? `because ${detail}` : "";
    } else if (m.type === "intention_answer") {
      const entry = this.entry(m.intention_id);
      if (!entry.what.textContent) entry.what.textContent = "Has an idea";
      const word = /** @type {Record<string, string>} */ (STATES)[m.state] ?? plain(m.state);
      entry.states.push(m.reason && m.state !== "started" && m.state !== "accepted" ? `${word} (${plain(m.reason)})` : word);
      entry.how.textContent = entry.states.join(", ");
      entry.item.dataset.state = m.state;
    } else if (m.type === "cognitive_cycle") {
      const words = restraintWords(m.restraint);
      this.restraint.hidden = words === "";
      if (this.restraint.textContent !== words) this.restraint.textContent = words;
    }
  }

  /** @param {string} id */
  entry(id) {
    let entry = this.entries.get(id);
    if (entry) return entry;
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
    entry = { item, what, why, how, states: [] };
    this.entries.set(id, entry);
    if (this.entries.size > MAX) {
      this.list.lastElementChild?.remove();
      this.entries.delete(this.entries.keys().next().value ?? "");
    }
    return entry;
  }
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
      return label ? (label.match(/^(wave|nod|point|bow|shrug|beckon|clap|shake)/) ? `${label}${about}` : `make a gesture: ${label}`) : `make a gesture: ${m.content}`;
    case "gaze":
    case "attention":
      if (m.target?.person_id || label === "person") return "look at you";
      return `look${about || (label ? `: ${label}` : m.content ? `: ${m.content}` : " somewhere")}`;
    case "expression":
      return `look ${label || m.content}`;
    case "posture":
      return `change posture: ${label || m.content}`;
    default:
      return label || m.content || m.kind;
  }
}

/** @param {string} text */
const plain = (text) => (text || "").replaceAll("_", " ").trim();
