// @ts-check
/** What goes on, drawn from the messages of the session: captions, people, health, the log with the fate of each act, notes. */

const LOG_MAX = 200;
/** @type {Record<string, string>} */
const FATE = {
  accepted: "taken up", started: "under way", finished: "done", superseded: "broken off", expired: "not done", cancelled: "taken back",
  rejected: "refused",
};
/** @type {Record<string, string>} */
const DEED = {
  say: "Say", gesture: "Gesture", gaze: "Look", expression: "Face", take: "Take over", give: "Hand back", pause: "Pause the agent",
  resume: "Let the agent go on", condition: "Condition", note: "Note", emergency_stop: "Emergency stop", release: "Release the stop",
  end: "End the session", joined: "Console opened", left: "Console closed",
};

/** @param {string} id @returns {HTMLElement} */
export const by = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** @param {number} ns @returns {string} */
export function clock(ns) {
  const seconds = Math.max(0, Math.floor(ns / 1e9));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** @param {string} name @returns {string} */
export const words = (name) => name.replaceAll("_", " ");

export class View {
  constructor() {
    /** @type {Map<string, HTMLElement>} fate by the id of an act or intention */
    this.fates = new Map();
    this.start_ns = 0;
    this.clear();
  }

  clear() {
    this.fates.clear();
    /** @type {Map<string, string>} */
    this.units = new Map();
    /** @type {Set<string>} */
    this.people = new Set();
    /** @type {Map<string, {status: string, detail: string}>} */
    this.rooms = new Map();
    for (const id of ["log", "notes"]) by(id).replaceChildren();
  }

  /** @param {any} message */
  take(message) {
    const draw = /** @type {Record<string, (message: any) => void>} */ (/** @type {unknown} */ (this))[`on_${message.type}`];
    if (draw) draw.call(this, message);
  }

  /** @param {any} message */
  on_session_control(message) {
    if (message.action === "start") this.start_ns = message.t_ns;
    else this.line(message.t_ns, "house", "The session ends", message.reason);
  }

  /** @param {any} message */
  on_word(message) {
    if (message.op === "revoke") this.units.delete(message.unit_id);
    else if (message.text) this.units.set(message.unit_id, message.text);
    by("caption-user").textContent = [...this.units.values()].join(" ") || "\u00a0";
  }

  /** @param {any} message */
  on_turn(message) {
    if (message.state !== "ended") return;
    if (message.speaker === "user") {
      this.units.clear();
      if (message.text) {
        by("caption-user").textContent = message.text;
        this.line(message.t_ns, "person", "Person", message.text);
      }
    } else if (message.text) this.line(message.t_ns, "agent", "Agent", message.text + (message.interrupted ? " \u2014" : ""));
    if (message.speaker === "agent") by("agent").dataset.speaking = "";
  }

  /** @param {any} message */
  on_agent_speech(message) {
    if (message.state === "started") by("caption-agent").textContent = message.text;
    by("agent").dataset.speaking = ["started", "resumed"].includes(message.state) ? "yes" : "";
  }

  /** @param {any} message */
  on_person_percept(message) {
    if (message.state === "left") this.people.delete(message.person_id);
    else this.people.add(message.person_id);
    by("people").textContent = [...this.people].join(", ") || "nobody in view";
  }

  /** @param {any} message */
  on_heartbeat(message) {
    this.rooms.set(message.source, message);
    const bad = [...this.rooms].filter(([, beat]) => beat.status === "degraded");
    by("health").textContent = bad.map(([room, beat]) => `${room}: ${beat.detail || "degraded"}`).join("; ") || "all well";
  }

  /** @param {any} message */
  on_cognitive_cycle(message) {
    by("restraint").textContent = message.restraint ? words(message.restraint) : "nothing";
  }

  /** @param {any} message */
  on_intention(message) {
    if (message.trigger === "operator") return; // its act is in the log already
    const what = message.content || words(message.label) || message.kind;
    this.line(message.t_ns, "agent", `Intention (${message.kind})`, `${what} \u2013 ${words(message.trigger)}`, message.id);
  }

  /** @param {any} message */
  on_intention_answer(message) {
    this.fate(message.intention_id, message);
  }

  /** @param {any} message */
  on_operator_answer(message) {
    this.fate(message.act_id, message);
  }

  /** @param {any} message */
  on_operator_act(message) {
    let what = message.text || words(message.label) || words(message.channel);
    if (message.deed === "condition") what += message.initiative ? " (acts of its own accord)" : " (only answers)";
    const who = `${message.operator}: ${DEED[message.deed] ?? message.deed}`;
    const id = ["joined", "left"].includes(message.deed) ? "" : message.id;
    this.line(message.t_ns, "operator", who, what, id);
    if (message.deed === "note") by("notes").prepend(this.item(message.t_ns, document.createTextNode(message.text)));
  }

  /** @param {string} id @param {{state: string, reason: string}} answer */
  fate(id, { state, reason }) {
    const shown = this.fates.get(id);
    if (!shown) return;
    shown.dataset.state = state;
    shown.textContent = (FATE[state] ?? state) + (reason ? `: ${reason}` : "");
  }

  /** @param {number} t_ns @param {string} by_whom @param {string} who @param {string} what @param {string} [id] */
  line(t_ns, by_whom, who, what, id = "") {
    const text = document.createElement("span");
    const name = document.createElement("span");
    name.className = "who";
    name.textContent = who;
    text.append(name, what ? ` ${what}` : "");
    if (id) {
      const fate = document.createElement("span");
      fate.className = "fate";
      fate.textContent = "sent";
      text.append(fate);
      this.fates.set(id, fate);
    }
    const item = this.item(t_ns, text);
    item.dataset.by = by_whom;
    const log = by("log");
    log.prepend(item);
    while (log.children.length > LOG_MAX) log.lastElementChild?.remove();
    if (this.fates.size > 4 * LOG_MAX) this.fates.delete(/** @type {string} */ (this.fates.keys().next().value));
  }

  /** @param {number} t_ns @param {Node} content */
  item(t_ns, content) {
    const item = document.createElement("li");
    const time = document.createElement("time");
    time.textContent = clock(t_ns - this.start_ns);
    item.append(time, content);
    return item;
  }
}
