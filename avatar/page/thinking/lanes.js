// @ts-check
/** The last minute as stretches on lanes: who spoke when, whose turn it was, which ideas the agent had and what became of them. */
import { plain } from "./words.js";

export const SPAN_S = 60;
const KEEP_NS = (SPAN_S + 10) * 1e9;
/** An end that never came (a lost connection) is not drawn for longer than this. */
const OPEN_MAX_NS = 40e9;
/** No lane keeps more than this, four a second: a closed panel or a hidden page forgets nothing by time, as it draws nothing. */
export const KEPT_MAX = 240;

/** @typedef {{from: number, to: number, cut?: boolean}} Stretch `to` is Infinity while it goes on */
/** @typedef {{at: number, from: number, to: number, label: string, state: string}} Idea */

export class Lanes {
  constructor() {
    this.clear();
  }

  clear() {
    /** @type {Stretch[]} */
    this.userSpeech = [];
    /** @type {Map<string, Stretch>} */
    this.userTurns = new Map();
    /** @type {Map<string, Stretch & {response: string}>} by response, clause and part */
    this.agentSpeech = new Map();
    /** @type {Map<string, Idea>} */
    this.ideas = new Map();
    /** @type {Stretch[]} from the person's last sound to the agent's first */
    this.gaps = [];
    this.awaited = 0;
  }

  /** @param {any} m */
  take(m) {
    if (m.type === "user_speech") this.userSpoke(m);
    else if (m.type === "turn" && m.speaker === "user") this.userTurn(m);
    else if (m.type === "typed_text") this.userSpeech.push({ from: m.t_ns, to: m.t_ns + 4e8 });
    else if (m.type === "agent_speech") this.agentSpoke(m);
    else if (m.type === "intention") {
      const known = this.ideas.get(m.id);
      if (!known) this.ideas.set(m.id, { at: m.t_ns, from: 0, to: 0, label: label(m), state: "" });
      else known.label = label(m);
    } else if (m.type === "intention_answer") this.answered(m);
    for (const list of [this.userSpeech, this.gaps]) if (list.length > KEPT_MAX) list.shift();
    for (const map of [this.userTurns, this.agentSpeech, this.ideas]) {
      if (map.size > KEPT_MAX) map.delete(/** @type {string} */ (map.keys().next().value));
    }
  }

  /** @param {any} m */
  userSpoke(m) {
    const last = this.userSpeech.at(-1);
    if (m.state === "started") this.userSpeech.push({ from: m.t_ns, to: Infinity });
    else if (last && last.to === Infinity) last.to = Math.max(last.from, m.t_ns);
  }

  /** @param {any} m */
  userTurn(m) {
    if (m.state === "started") {
      this.userTurns.set(m.turn_id, { from: m.start_ns || m.t_ns, to: Infinity });
      return;
    }
    const known = this.userTurns.get(m.turn_id);
    const turn = { from: m.start_ns || known?.from || m.t_ns, to: m.end_ns || m.t_ns };
    this.userTurns.set(m.turn_id, turn);
    // Of what was before this page joined only turns are told.
    if (m.start_ns && !this.userSpeech.some((s) => s.from < turn.to + 5e8 && s.to > turn.from - 5e8)) this.userSpeech.push({ ...turn });
    this.awaited = (m.addressed ?? 1) >= 0.5 ? turn.to : 0;
  }

  /** @param {any} m */
  agentSpoke(m) {
    const key = `${m.response_id}/${m.clause}`;
    const ofResponse = [...this.agentSpeech.entries()].filter(([, s]) => s.response === m.response_id);
    if (m.state === "started") {
      if (this.awaited && m.t_ns > this.awaited && m.t_ns - this.awaited < 15e9) this.gaps.push({ from: this.awaited, to: m.t_ns });
      this.awaited = 0;
      this.agentSpeech.set(key, { response: m.response_id, from: m.t_ns, to: m.t_ns + 1e6 * (m.duration_ms || 0) });
    } else if (m.state === "resumed") {
      this.agentSpeech.set(`${key}/${m.t_ns}`, { response: m.response_id, from: m.t_ns, to: m.t_ns + 1e6 * (m.duration_ms || 0) });
    } else if (m.state === "interrupted" || m.state === "paused") {
      for (const [name, stretch] of ofResponse) {
        if (stretch.from >= m.t_ns) this.agentSpeech.delete(name);
        else if (stretch.to > m.t_ns) Object.assign(stretch, { to: m.t_ns, cut: m.state === "interrupted" });
      }
    }
  }

  /** @param {any} m */
  answered(m) {
    let idea = this.ideas.get(m.intention_id);
    if (!idea) {
      idea = { at: m.t_ns, from: 0, to: 0, label: "", state: "" };
      this.ideas.set(m.intention_id, idea);
    }
    idea.state = m.state;
    if (m.state === "started") Object.assign(idea, { from: m.t_ns, to: Infinity });
    else if (m.state !== "accepted" && idea.to === Infinity) idea.to = m.t_ns;
  }

  /** Forget what has left the picture. @param {number} now_ns */
  prune(now_ns) {
    const old = now_ns - KEEP_NS;
    const end = (/** @type {Stretch} */ s) => (s.to === Infinity && now_ns - s.from > OPEN_MAX_NS ? (s.to = s.from + 1e9) : s.to);
    this.userSpeech = this.userSpeech.filter((s) => end(s) > old);
    this.gaps = this.gaps.filter((s) => s.to > old);
    for (const map of [this.userTurns, this.agentSpeech]) for (const [key, s] of map) if (end(s) < old) map.delete(key);
    for (const [key, idea] of this.ideas) if (Math.max(idea.at, idea.to === Infinity ? idea.from + OPEN_MAX_NS : idea.to) < old) this.ideas.delete(key);
  }

  /** The same in words, for who does not see the picture. @param {number} now_ns */
  summary(now_ns) {
    const from = now_ns - SPAN_S * 1e9;
    const you = this.userSpeech.filter((s) => s.to > from).length;
    const agent = new Set([...this.agentSpeech.values()].filter((s) => s.to > from).map((s) => s.response)).size;
    const ideas = [...this.ideas.values()].filter((i) => i.at > from).length;
    const times = (/** @type {number} */ n) => (n === 0 ? "not at all" : n === 1 ? "once" : `${n} times`);
    return `The last minute: you spoke ${times(you)}, the agent ${times(agent)}; it had ${ideas === 1 ? "one idea" : `${ideas || "no"} ideas`} of its own.`;
  }
}

/** @param {any} m an Intention */
function label(m) {
  if (m.kind === "dialogue") return m.label === "stop" && !m.content ? "stop" : "speak";
  if (m.kind === "gaze" || m.kind === "attention") return "look";
  return plain(m.label) || m.kind;
}
