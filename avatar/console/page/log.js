// @ts-check
/** What happened, newest first: what was said, what was wanted, what operators did, each with what became of it, and the notes. */
import { by, clock } from "./page.js";

const LOG_MAX = 300;
const RESPONSES_MAX = 64;
/** @type {Record<string, string>} */
const FATE = {
  accepted: "taken up", started: "under way", finished: "done", superseded: "broken off", expired: "not done", cancelled: "taken back",
  rejected: "refused",
};
/** @type {Record<string, string>} */
const REASON = {
  operator: "an operator has taken this over, or has paused the agent",
  condition: "in this condition it only answers",
};
const NOT_AS_TYPED = "said, but not as typed";

export class Log {
  constructor() {
    this.start_ns = 0;
    /** @type {Map<string, HTMLElement>} what became of it, by the id of an act or intention */
    this.fates = new Map();
    /** @type {Map<string, string[]>} the clauses that were said, by response */
    this.spoken = new Map();
    /** @type {Map<string, {node: HTMLElement, begins: string}[]>} where it is told what was said instead, by response */
    this.instead = new Map();
    this.notes = 0;
    this.clear();
  }

  clear() {
    this.fates.clear();
    this.spoken.clear();
    this.instead.clear();
    for (const id of ["log", "notes"]) by(id).replaceChildren();
    this.notes = 0;
    this.count_notes();
  }

  /** The session's start is known: every time that is shown counts from there. @param {number} start_ns */
  starts(start_ns) {
    this.start_ns = start_ns;
    for (const time of document.querySelectorAll("#log time, #notes time")) {
      time.textContent = clock(Number(/** @type {HTMLElement} */ (time).dataset.ns) - start_ns);
    }
  }

  /** @param {number} t_ns @param {string} whose @param {string} who @param {string} what @param {string} [id] @param {string} [kind] */
  line(t_ns, whose, who, what, id = "", kind = "") {
    const text = document.createElement("span");
    const name = document.createElement("span");
    name.className = "who";
    name.textContent = who;
    text.append(name, what ? ` ${what}` : "");
    if (id) {
      text.append(" ");
      const fate = document.createElement("span");
      fate.className = "fate";
      fate.textContent = "sent";
      text.append(fate);
      this.fates.set(id, fate);
      if (this.fates.size > 4 * LOG_MAX) this.fates.delete(/** @type {string} */ (this.fates.keys().next().value));
    }
    const item = this.item(t_ns, text);
    item.dataset.by = whose;
    item.dataset.kind = kind;
    const log = by("log");
    log.prepend(item);
    if (log.children.length > LOG_MAX) [...log.children].findLast((old) => /** @type {HTMLElement} */ (old).dataset.kind !== "note")?.remove();
    return text;
  }

  /** @param {number} t_ns @param {string} text */
  note(t_ns, text) {
    const words = document.createElement("span");
    words.textContent = text;
    by("notes").prepend(this.item(t_ns, words));
    this.notes += 1;
    this.count_notes();
  }

  count_notes() {
    const all = by("all-notes");
    all.textContent = `All notes (${this.notes})`;
    all.hidden = this.notes === 0;
  }

  /** @param {string} id @param {{state: string, reason: string}} answer */
  fate(id, { state, reason }) {
    const shown = this.fates.get(id);
    if (!shown) return;
    const not_as_typed = shown.dataset.safety === "refused" && state === "finished";
    shown.dataset.state = not_as_typed ? "replaced" : state;
    const word = not_as_typed ? NOT_AS_TYPED : state === "accepted" && shown.dataset.waits ? "waits until it is quiet" : (FATE[state] ?? state);
    shown.textContent = word + (reason ? `: ${REASON[reason] ?? reason}` : "");
  }

  /** A clause of a response is said. @param {string} response_id @param {number} clause @param {string} text */
  says(response_id, clause, text) {
    const clauses = this.spoken.get(response_id) ?? [];
    clauses[clause] = text;
    this.spoken.set(response_id, clauses);
    if (this.spoken.size > RESPONSES_MAX) this.spoken.delete(/** @type {string} */ (this.spoken.keys().next().value));
    this.show_instead(response_id, clauses.filter(Boolean).join(" "));
  }

  /** A response is over: what of it was heard. @param {string} response_id @param {string} heard */
  was_heard(response_id, heard) {
    this.show_instead(response_id, heard || "nothing");
    this.instead.delete(response_id);
  }

  /**
   * The safety rules have replaced words, or noted them; told beside the words. Returns a sentence for the operator whose words they were.
   *
   * @param {{t_ns: number, decision: string, rule: string, why: string, about: string, intention_id: string}} decision
   */
  judged({ t_ns, decision, rule, why, about, intention_id }) {
    const fate = this.fates.get(intention_id);
    const operators = fate?.closest("li")?.dataset.by === "operator";
    const refused = decision === "refused";
    const verb = operators ? "typed" : "meant";
    const begins = `${refused ? `Not said as ${verb}` : `Said as ${verb}, and noted`}: safety rule “${rule.replaceAll("_", " ")}” (${why}).`;
    const node = document.createElement("span");
    node.className = "safety";
    node.dataset.decision = decision;
    node.textContent = begins;
    if (fate) {
      fate.before(node);
      fate.dataset.safety = decision;
    } else this.line(t_ns, "agent", "Agent's own words", "", "", "said").append(node);
    if (!refused) return "";
    const places = this.instead.get(about) ?? [];
    places.push({ node, begins });
    this.instead.set(about, places);
    this.show_instead(about, (this.spoken.get(about) ?? []).filter(Boolean).join(" "));
    return operators ? `${begins} What was said instead is in the log.` : "";
  }

  /** @param {string} response_id @param {string} said */
  show_instead(response_id, said) {
    for (const { node, begins } of this.instead.get(response_id) ?? []) {
      node.textContent = `${begins} ${said ? `Said: “${said}”` : "Something else is said instead."}`;
    }
  }

  /** @param {number} t_ns @param {Node} content */
  item(t_ns, content) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.dataset.ns = String(t_ns);
    time.textContent = clock(t_ns - this.start_ns);
    item.append(time, content);
    return item;
  }
}
