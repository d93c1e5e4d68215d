// @ts-check
/** What goes on, drawn from the messages of the session: captions, who is there, health, and lines for the log. */
import { by, words } from "./page.js";
import { Log } from "./log.js";

/** @type {Record<string, string>} */
const DEED = {
  say: "Say", gesture: "Gesture", gaze: "Look", expression: "Face", take: "Take over", give: "Hand back", pause: "Pause the agent",
  resume: "Let the agent go on", condition: "Condition", note: "Note", emergency_stop: "Emergency stop", release: "Release the stop",
  end: "End the session", joined: "Console opened", left: "Console closed",
};
/** Rooms of the house, as an operator calls them. @type {Record<string, string>} */
const ROOMS = { behavioral: "the agent's voice and body", cognitive: "its initiative", recorder: "the recording", avatar: "the page" };

export class View extends EventTarget {
  constructor() {
    super();
    this.log = new Log();
    this.live = false;
    /** What the agent and the person are doing; `unanswered`: the person has said something that the agent has not yet answered. */
    this.now = { speaking: false, hears: false, unanswered: false };
    this.clear();
  }

  clear() {
    this.log.clear();
    this.live = false;
    /** @type {Map<string, string>} */
    this.units = new Map();
    /** @type {Set<string>} */
    this.people = new Set();
    /** What people are called, by id. @type {Map<string, string>} */
    this.names = new Map();
    /** @type {Map<string, {status: string, detail: string}>} */
    this.rooms = new Map();
    /** @type {string[]} */
    this.silent = [];
    this.now = { speaking: false, hears: false, unanswered: false };
    this.person_says("");
    by("caption-agent").textContent = "\u00a0";
    by("participants").textContent = "no page is open";
    by("restraint").textContent = "nothing";
    this.show_people();
  }

  /** Nothing is heard of the session any more: what was true of it a moment ago is not shown as if it were now. */
  gone() {
    this.now = { speaking: false, hears: false, unanswered: false };
    for (const id of ["participants", "people", "health", "restraint"]) by(id).textContent = "not known";
    by("health").dataset.state = "";
  }

  /** @param {any} message */
  take(message) {
    const draw = /** @type {Record<string, (message: any) => void>} */ (/** @type {unknown} */ (this))[`on_${message.type}`];
    if (draw) draw.call(this, message);
  }

  on_live() {
    this.live = true;
  }

  /** @param {any} message */
  on_hello(message) {
    if (message.started_ns >= 0) this.log.starts(message.started_ns);
  }

  /** @param {any} message */
  on_started(message) {
    this.log.starts(message.started_ns);
  }

  /** @param {any} message */
  on_session_control(message) {
    if (message.action === "start") this.log.starts(message.t_ns);
    else this.log.line(message.t_ns, "house", "The session ends", message.reason);
  }

  /** @param {string} text */
  person_says(text) {
    by("caption-user").textContent = text || "\u00a0";
  }

  /** @param {any} message */
  on_user_speech(message) {
    this.now.hears = message.state === "started";
  }

  /** @param {any} message */
  on_word(message) {
    if (message.op === "revoke") this.units.delete(message.unit_id);
    else if (message.text) this.units.set(message.unit_id, message.text);
    this.person_says([...this.units.values()].join(" "));
  }

  /** @param {any} message */
  on_turn(message) {
    if (message.state !== "ended") return;
    if (message.speaker === "user") {
      this.units.clear();
      if (!message.text) return;
      this.now.unanswered = true;
      this.person_says(message.text);
      this.log.line(message.t_ns, "person", "Person", message.text, "", "said");
    } else {
      this.now.speaking = false;
      const broken = message.interrupted ? " (broken off here)" : "";
      if (message.text) this.log.line(message.t_ns, "agent", "Agent", message.text + broken, "", "said");
    }
  }

  /** @param {any} message */
  on_agent_speech(message) {
    if (message.state === "started") {
      by("caption-agent").textContent = message.text;
      this.now.unanswered = false;
      this.log.says(message.response_id, message.clause, message.text);
    } else if (message.state === "finished" || message.state === "interrupted") this.log.was_heard(message.response_id, message.heard);
    this.now.speaking = ["started", "resumed"].includes(message.state);
  }

  /** @param {any} message */
  on_safety_decision(message) {
    const told = this.log.judged(message);
    if (told && this.live) this.dispatchEvent(new CustomEvent("replaced", { detail: told }));
  }

  /** @param {any} message */
  on_person_percept(message) {
    if (message.state === "left") this.people.delete(message.person_id);
    else this.people.add(message.person_id);
    this.show_people();
  }

  /** What somebody is called: by name, or by the order of coming. @param {string} id */
  called(id) {
    return this.names.get(id) ?? `Person ${[...this.people].indexOf(id) + 1}`;
  }

  show_people() {
    const whom = /** @type {HTMLSelectElement} */ (by("look-at"));
    const wanted = whom.value;
    by("people").textContent = [...this.people].map((id) => this.called(id)).join(", ") || "nobody in view";
    by("look-at-whom").hidden = this.people.size < 2;
    whom.replaceChildren(new Option("whom it talks with", ""), ...[...this.people].map((id) => new Option(this.called(id), id)));
    whom.value = this.people.size > 1 && this.people.has(wanted) ? wanted : "";
  }

  /** @param {any} message */
  on_viewer({ pages, microphones, cameras }) {
    const senses = [microphones ? "microphone on" : "microphone off", ...(cameras ? ["camera on"] : [])];
    const open = pages === 1 ? "open, " : `${pages} are open, `;
    by("participants").textContent = pages ? open + senses.join(", ") : "no page is open";
  }

  /** @param {any} message */
  on_heartbeat(message) {
    this.rooms.set(message.source, message);
    this.show_health();
  }

  /** @param {any} message */
  on_silent(message) {
    this.silent = message.rooms;
    this.show_health();
  }

  show_health() {
    const name = (/** @type {string} */ room) => ROOMS[room] ?? room;
    const gone = this.silent.map((room) => `${name(room)}: no sign of life`);
    const bad = [...this.rooms].filter(([room, beat]) => beat.status === "degraded" && !this.silent.includes(room));
    const told = [...gone, ...bad.map(([room, beat]) => `${name(room)}: ${beat.detail || "impaired"}`)];
    by("health").textContent = told.join("; ") || (this.rooms.size ? "all well" : "not known yet");
    by("health").dataset.state = told.length ? "bad" : "";
  }

  /** @param {any} message */
  on_cognitive_cycle(message) {
    const names = JSON.stringify(message.names);
    if (names !== JSON.stringify(Object.fromEntries(this.names))) {
      this.names = new Map(Object.entries(message.names));
      this.show_people();
    }
    by("restraint").textContent = message.restraint ? words(message.restraint) : "nothing";
  }

  /** @param {any} message */
  on_intention(message) {
    if (message.trigger === "operator") return; // its act is in the log already
    const what = message.content || words(message.label) || message.kind;
    this.log.line(message.t_ns, "agent", `Idea (${message.kind})`, `${what} \u2013 ${words(message.trigger)}`, message.id, "idea");
  }

  /** @param {any} message */
  on_intention_answer(message) {
    this.log.fate(message.intention_id, message);
  }

  /** @param {any} message */
  on_operator_answer(message) {
    this.log.fate(message.act_id, message);
  }

  /** @param {any} message */
  on_operator_act(message) {
    let what = message.text || words(message.label) || words(message.channel);
    if (message.deed === "condition") what += message.initiative ? " (acts of its own accord)" : " (only answers)";
    else if (message.deed === "expression") what += ` (${Math.round(100 * message.strength)} %)`;
    else if (message.deed === "gaze" && message.person_id) what = `at ${this.called(message.person_id)}`;
    const now = message.deed === "say" && message.over_speech ? " now" : "";
    const who = `${message.operator}: ${DEED[message.deed] ?? message.deed}${now}`;
    const id = ["joined", "left"].includes(message.deed) ? "" : message.id;
    this.log.line(message.t_ns, "operator", who, what, id, message.deed === "note" ? "note" : "act");
    if (message.deed === "say" && !now) /** @type {HTMLElement} */ (this.log.fates.get(id)).dataset.waits = "yes";
    if (message.deed === "note") this.log.note(message.t_ns, message.text);
  }
}
