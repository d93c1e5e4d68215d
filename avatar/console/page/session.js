// @ts-check
/**
 * What state the session is in, as far as this console can know, and in which words it is told: starting, running, stopped in an
 * emergency, without a sign of life, ended, connection lost, no way in. No page in here.
 *
 * @typedef {"connecting" | "starting" | "running" | "stopped" | "silent" | "ended" | "lost" | "shut"} State
 */

const FAST_ROOM = "behavioral";
/** @type {Record<State, [name: string, detail: string]>} */
const WORDS = {
  connecting: ["Connecting", ""],
  starting: ["Starting", "The agent is being made ready."],
  running: ["Running", "The agent acts for itself."],
  stopped: ["Stopped in an emergency", "The agent is silent and at rest, whatever anybody asks of it."],
  silent: ["No sign of life", "The agent does not answer, not even to a stop. It is started again by itself; what is taken over stays so."],
  ended: ["Ended", "Nothing you do here reaches anybody. For another session start Attune again and open the address that it prints."],
  lost: ["Connection lost", "Nothing you do here reaches the agent, nor does the emergency stop. Trying again; if this stays, see whether Attune still runs where it was started."],
  shut: ["No way in", ""],
};

export class Session {
  constructor() {
    /** @type {"connecting" | "open" | "lost" | "shut"} */
    this.link = "connecting";
    this.started = false;
    this.ended = false;
    this.reason = "";
    this.shut = "";
    this.full = false;
    /** @type {string[]} rooms of the house that have fallen silent */
    this.silent = [];
    /** @type {string[]} */
    this.held = [];
    this.stopped = false;
    this.paused = false;
    this.initiative = true;
  }

  /** @param {any} message */
  take(message) {
    if (message.type === "hello") {
      Object.assign(this, { link: "open", ended: false, full: false, reason: "", started: message.started_ns >= 0 });
    } else if (message.type === "started") this.started = true;
    else if (message.type === "silent") this.silent = message.rooms;
    else if (message.type === "session_control") {
      this.started = true;
      this.ended = message.action !== "start";
      this.reason = this.ended ? message.reason : "";
    } else if (message.type === "operator_state") {
      Object.assign(this, { held: message.held, stopped: message.stopped, paused: message.paused, initiative: message.initiative });
    }
  }

  /** @param {boolean} ended whether the server has said goodbye */
  down(ended) {
    this.ended ||= ended;
    if (this.link !== "shut") this.link = "lost";
  }

  /** The server is there, and lets nobody in. @param {string} text @param {boolean} full whether for want of a place, which may come free */
  shut_out(text, full) {
    this.link = full ? "lost" : "shut";
    this.ended &&= full;
    this.shut = `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}.`;
    this.full = full;
  }

  /** @returns {State} */
  get state() {
    if (this.ended) return "ended";
    if (this.link !== "open") return this.link;
    if (this.silent.includes(FAST_ROOM)) return "silent";
    if (this.stopped) return "stopped";
    return this.started ? "running" : "starting";
  }

  /** @returns {{state: State, name: string, detail: string}} */
  get told() {
    const state = this.state;
    let [name, detail] = WORDS[state];
    if (state === "running" && this.paused) detail = "Paused: the agent does nothing of its own; you can act through it.";
    else if (state === "running" && this.held.length) detail = `Taken over: ${this.held.join(", ")}.`;
    else if (state === "running" && !this.initiative) detail = "The agent answers, and takes no initiative in this condition.";
    else if (state === "ended" && this.reason) detail = `${this.reason[0].toUpperCase()}${this.reason.slice(1)}. ${detail}`;
    else if (state === "lost" && this.full) detail = `${this.shut} Trying again.`;
    else if (state === "lost" && this.stopped) detail = `It was stopped in an emergency before that. ${detail}`;
    else if (state === "shut") detail = this.shut;
    return { state, name, detail };
  }
}
