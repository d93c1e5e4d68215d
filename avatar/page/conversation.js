// @ts-check
/**
 * Captions and transcript: what both sides say, with the words that are still guesses and those not yet spoken.
 *
 * The agent's words appear as they are heard (`AgentSpeech` times on the session clock); the person's are revisable units (`Word`
 * add, revoke, commit). All text goes in as text nodes, never as markup. The transcript opens at its newest line and stays there, unless
 * the reader has scrolled up.
 */
import { keepNewestInView } from "./newest.js";

const SHOW_S = 9;
const TRANSCRIPT_MAX = 200;
const TYPED_MAX = 8;
/** This near to its end the transcript is being read as it grows, CSS pixels. */
const AT_END_PX = 32;

/** @typedef {{text: string, words: {text: string, start_ms: number, end_ms: number}[], start_ns: number, duration_ms: number}} Clause */

export class Conversation {
  /** @param {(id: string) => HTMLElement} element @param {() => number} now_ns */
  constructor(element, now_ns) {
    this.now_ns = now_ns;
    this.userLine = element("caption-user");
    this.agentLine = element("caption-agent");
    for (const line of [this.userLine, this.agentLine]) keepNewestInView(line);
    this.list = element("transcript");
    this.said = element("said");
    this.said.ontoggle = () => this.toEnd();
    /** @type {Map<string, {text: string, sure: boolean}>} */
    this.units = new Map();
    this.userText = "";
    this.userUntil = 0;
    /** @type {string[]} typed, and not yet come back as the text of the turn that it made */
    this.typed = [];
    this.forgotten = 0;
    /** @type {{id: string, clauses: Map<number, Clause>, cut: string | null, ended: number, paused: number} | null} */
    this.reply = null;
    this.shownAgent = "";
    this.shownUser = "";
    /** @type {Map<string, HTMLElement>} */
    this.lines = new Map();
  }

  /** A new session has begun: what was said in the one before stays to be read, apart from what comes now. */
  begin() {
    this.units.clear();
    this.userText = "";
    this.typed = [];
    this.reply = null;
    this.lines.clear(); // a new session may use the same ids
    const last = this.list.lastElementChild;
    if (!last || last.className === "anew") return;
    const item = document.createElement("li");
    item.className = "anew";
    item.textContent = "A new conversation";
    this.append(item);
  }

  /** @param {any} m */
  take(m) {
    if (m.type === "word") this.word(m);
    else if (m.type === "typed_text") this.finishUser(m.text, `typed-${m.source}-${m.seq}`, m.t_ns);
    else if (m.type === "turn" && m.speaker === "user" && m.state === "started") this.units.clear();
    else if (m.type === "turn" && m.speaker === "user" && m.text) this.finishUser(m.text, m.turn_id, m.t_ns);
    else if (m.type === "agent_speech") this.speech(m);
    else if (m.type === "memory_consent" && m.state === "withdrawn") this.forget();
    else if (m.type === "knowledge") {
      if ((m.forgotten ?? 0) > this.forgotten) this.forget();
      this.forgotten = m.forgotten ?? 0;
    }
  }

  /** Whoever asked to be forgotten is forgotten here as well. */
  forget() {
    this.list.replaceChildren();
    this.lines.clear();
    this.units.clear();
    this.typed = [];
    this.userText = "";
    this.reply = null;
  }

  /** @param {any} m */
  word(m) {
    if (m.op === "add") this.units.set(m.unit_id, { text: m.text, sure: false });
    else if (m.op === "revoke") this.units.delete(m.unit_id);
    else {
      const unit = this.units.get(m.unit_id);
      this.units.set(m.unit_id, { text: m.text || unit?.text || "", sure: true });
    }
    this.userText = "";
    this.userUntil = this.now_ns() + SHOW_S * 1e9;
  }

  /** @param {string} text @param {string} key @param {number} t_ns */
  finishUser(text, key, t_ns) {
    this.units.clear();
    this.userText = text;
    this.userUntil = t_ns + SHOW_S * 1e9;
    // A typed text comes back as the text of the turn that it made.
    if (key.startsWith("typed-")) this.typed = [...this.typed, text].slice(-TYPED_MAX);
    else if (this.typed.includes(text)) {
      this.typed.splice(this.typed.indexOf(text), 1);
      return;
    }
    this.line(key, "user", "You", text);
  }

  /** @param {any} m */
  speech(m) {
    if (!this.reply || this.reply.id !== m.response_id) {
      if (m.state === "interrupted" || m.state === "finished") return; // of a reply that is past
      this.reply = { id: m.response_id, clauses: new Map(), cut: null, ended: 0, paused: Infinity };
    }
    const { reply } = this;
    if (m.state === "paused" || m.state === "resumed") {
      reply.paused = m.state === "paused" ? m.t_ns : Infinity; // what a pause has moved is planned anew
      return;
    }
    const known = reply.clauses.get(m.clause);
    if (m.state === "planned" || m.state === "started") {
      reply.clauses.set(m.clause, {
        text: m.text || known?.text || "", words: m.words?.length ? m.words : (known?.words ?? []), start_ns: m.t_ns,
        duration_ms: m.duration_ms || known?.duration_ms || 0,
      });
    } else if (m.state === "interrupted") {
      reply.cut = this.heardText(m);
    }
    reply.ended = Math.max(reply.ended, m.t_ns + 1e6 * (m.state === "planned" ? m.duration_ms || 0 : 0));
    const said = reply.cut ?? joined([...reply.clauses.values()].map((c) => c.text));
    if (said) this.line(m.response_id, "agent", "Agent", reply.cut === null ? said : `${said} —`);
    else if (reply.cut !== null) this.unsaid(m.response_id);
  }

  /** What was heard of a reply that was cut. @param {any} m */
  heardText(m) {
    const clauses = [...(this.reply?.clauses.entries() ?? [])].sort((a, b) => a[0] - b[0]);
    const before = joined(clauses.filter(([clause]) => clause < m.clause).map(([, c]) => c.text));
    const heard = (m.heard || "").trim();
    // Some senders count from the start of the clause, some from the start of the reply.
    return before && heard.startsWith(before) ? heard : joined([before, heard]);
  }

  /** Nothing was heard of it after all. @param {string} key */
  unsaid(key) {
    this.lines.get(key)?.remove();
    this.lines.delete(key);
  }

  /** @param {string} key @param {string} side @param {string} who @param {string} text */
  line(key, side, who, text) {
    const follows = this.atEnd;
    let item = this.lines.get(key);
    if (!item) {
      item = document.createElement("li");
      item.className = side;
      item.dataset.key = key;
      this.append(item);
      this.lines.set(key, item);
    }
    const name = document.createElement("b");
    name.textContent = `${who}: `;
    item.replaceChildren(name, text);
    if (follows) this.toEnd();
  }

  /** @param {HTMLElement} item */
  append(item) {
    const follows = this.atEnd;
    this.list.append(item);
    if (this.list.childElementCount > TRANSCRIPT_MAX) {
      const oldest = /** @type {HTMLElement} */ (this.list.firstElementChild);
      const key = oldest.dataset.key ?? "";
      if (this.lines.get(key) === oldest) this.lines.delete(key);
      oldest.remove();
    }
    if (follows) this.toEnd();
  }

  get atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.said;
    return scrollHeight - scrollTop - clientHeight <= AT_END_PX;
  }

  toEnd() {
    this.said.scrollTop = this.said.scrollHeight;
  }

  /** Bring the captions up to the present; called a few times a second. */
  refresh() {
    const now = this.now_ns();
    this.refreshAgent(now);
    if (now >= this.userUntil) this.units.clear(); // words that no turn has taken up, such as a listener's "mhm"
    const words = [...this.units.values()];
    const key = words.length ? words.map((w) => w.text + (w.sure ? "" : "~")).join(" ") : now < this.userUntil ? this.userText : "";
    if (key === this.shownUser) return;
    this.shownUser = key;
    this.userLine.hidden = key === "";
    if (words.length === 0) {
      this.userLine.textContent = key;
      return;
    }
    const sure = joined(words.filter((w) => w.sure).map((w) => w.text));
    const rest = joined(words.filter((w) => !w.sure).map((w) => w.text));
    const tentative = document.createElement("span");
    tentative.className = "tentative";
    tentative.textContent = rest;
    this.userLine.replaceChildren(sure ? `${sure} ` : "", tentative);
  }

  /** @param {number} present */
  refreshAgent(present) {
    const { reply } = this;
    const now = Math.min(present, reply?.paused ?? present);
    const visible = reply !== null && now < reply.ended + SHOW_S * 1e9;
    if (!visible || !reply) {
      if (this.shownAgent !== "") this.agentLine.hidden = true;
      this.shownAgent = "";
      return;
    }
    let said = "";
    let ahead = "";
    if (reply.cut !== null) said = reply.cut;
    else {
      const clauses = [...reply.clauses.entries()].sort((a, b) => a[0] - b[0]).map(([, c]) => c);
      const current = clauses.filter((c) => c.start_ns <= now);
      // The last two clauses that have begun are enough for a caption; longer replies are in the transcript.
      const shown = current.slice(-2);
      for (const clause of shown) {
        // Where a later clause has begun, the earlier one is over, whatever its timing says.
        const parts = clause === shown.at(-1) ? spoken(clause, (now - clause.start_ns) / 1e6) : [clause.text, ""];
        said = joined([said, parts[0]]);
        ahead = joined([ahead, parts[1]]);
      }
    }
    const key = `${said}|${ahead}|${reply.cut !== null}`;
    if (key === this.shownAgent) return;
    this.shownAgent = key;
    this.agentLine.hidden = said === "" && ahead === "";
    this.agentLine.classList.toggle("cut", reply.cut !== null);
    const rest = document.createElement("span");
    rest.className = "ahead";
    rest.textContent = ahead;
    this.agentLine.replaceChildren(said, said && ahead ? " " : "", rest);
  }
}

/** Split a clause into what has been spoken by now and what has not. @param {Clause} clause @param {number} ms */
function spoken(clause, ms) {
  if (clause.words.length === 0) return ms >= 0 ? [clause.text, ""] : ["", clause.text];
  const n = clause.words.filter((w) => w.start_ms <= ms).length;
  const tokens = clause.text.split(/\s+/).filter(Boolean);
  // The clause's own spelling is nicer than the timing words; use it when they correspond one to one.
  const words = tokens.length === clause.words.length ? tokens : clause.words.map((w) => w.text);
  return [words.slice(0, n).join(" "), words.slice(n).join(" ")];
}

/** @param {string[]} parts */
const joined = (parts) => parts.map((p) => p.trim()).filter(Boolean).join(" ");
