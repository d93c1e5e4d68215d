// @ts-check
/**
 * What the agent thinks: a simple view (the last minute, how it sees you, its ideas, what it remembers) and, on "More", the rest.
 *
 * Everything shown was published by the house (runtime/messages/); the panel adds words, never a guess of its own. It redraws four times a second
 * (once at low quality) while it is open and the window is visible, and keeps bounded lists only.
 */
import { Mind } from "../mind.js";
import { Answers } from "./answers.js";
import { Beliefs } from "./beliefs.js";
import { setText } from "./dom.js";
import { Lanes } from "./lanes.js";
import { MemoryView } from "./memory.js";
import { People } from "./people.js";
import { Timeline } from "./timeline.js";
import { Weighing } from "./weighing.js";
import { decisionWords } from "./words.js";

const DRAW_MS = 250;
const DRAW_LOW_MS = 1000;
const DESCRIBE_MS = 5000;
const MOMENT_NS = 5e9;
const STORE = "attune.thinking.more";

export class Thinking {
  /**
   * @param {(id: string) => HTMLElement} element @param {import("../stream.js").Connection | import("./past.js").Past} connection
   * @param {boolean} [ticking] whether it redraws by itself
   */
  constructor(element, connection, ticking = true) {
    this.element = element;
    this.connection = connection;
    this.details = /** @type {HTMLDetailsElement} */ (element("mind"));
    this.moment = element("moment");
    this.momentUntil = 0;
    this.canvas = /** @type {HTMLCanvasElement} */ (element("timeline"));
    this.mind = new Mind(element);
    this.lanes = new Lanes();
    this.timeline = new Timeline(this.canvas, this.lanes);
    this.people = new People(element("people"), element("no-people"));
    this.beliefs = new Beliefs(element("mistaken"), element("other-beliefs"));
    this.memory = new MemoryView(element, connection);
    this.answers = new Answers(element("answers"), element("answer-times"), element("silence-time"));
    this.weighing = new Weighing(element("weighing"));
    this.drawn = -Infinity;
    this.described = -Infinity;
    this.lastSession_ns = 0;
    this.forgotten = 0;
    connection.addEventListener("hello", (event) => {
      const { session_ns, thinking } = /** @type {CustomEvent} */ (event).detail;
      this.forgetIdeas(); // the house tells again what has been
      this.lastSession_ns = session_ns;
      this.show(thinking !== false);
    });
    this.more = /** @type {HTMLButtonElement} */ (element("more"));
    this.more.addEventListener("click", () => this.showMore(this.more.getAttribute("aria-expanded") !== "true"));
    this.showMore(stored() === "yes");
    if (ticking) setInterval(() => this.refresh(), DRAW_MS);
  }

  forgetIdeas() {
    this.element("intentions").replaceChildren();
    this.element("no-intentions").hidden = false;
    this.element("restraint").hidden = true;
    this.mind = new Mind(this.element);
    this.lanes.clear();
  }

  /** Begin anew, as if nothing had been told. */
  clear() {
    this.forgetIdeas();
    this.people.take([], 0);
    this.beliefs.take([]);
    this.weighing.clear();
    this.answers.clear();
    this.memory.clear();
    setText(this.moment, "");
    this.momentUntil = 0;
  }

  /** @param {any} m */
  take(m) {
    this.mind.take(m);
    this.lanes.take(m);
    if (m.type === "cognitive_cycle") {
      this.people.take(m.minds ?? [], m.t_ns);
      this.beliefs.take(m.beliefs ?? []);
      this.weighing.take(m.scores ?? []);
    } else if (m.type === "span") this.answers.take(m);
    else if (m.type === "turn_decision") {
      setText(this.moment, decisionWords(m.decision));
      this.momentUntil = m.t_ns + MOMENT_NS;
    } else if (m.type === "knowledge" || m.type === "memory_consent") {
      this.memory.take(m);
      if (m.type === "memory_consent" ? m.state === "withdrawn" : (m.forgotten ?? 0) > this.forgotten) this.forgetIdeas();
      if (m.type === "knowledge") this.forgotten = m.forgotten ?? 0;
    }
  }

  /** @param {boolean} [at_once] also where it was drawn just now */
  refresh(at_once = false) {
    if ((document.hidden && !at_once) || !this.details.open) return;
    const low = document.documentElement.dataset.quality === "low" && !at_once;
    if (low && performance.now() - this.drawn < DRAW_LOW_MS) return;
    this.drawn = performance.now();
    const now_ns = this.connection.now_ns();
    this.lastSession_ns = Math.max(this.lastSession_ns, now_ns);
    this.lanes.prune(now_ns);
    this.timeline.draw(now_ns);
    if (now_ns > this.momentUntil) setText(this.moment, "");
    if (performance.now() - this.described < DESCRIBE_MS && !at_once) return;
    this.described = performance.now();
    const text = this.lanes.summary(now_ns);
    if (this.canvas.getAttribute("aria-label") !== text) this.canvas.setAttribute("aria-label", text);
  }

  /** Where the house tells nothing of what the agent thinks, only the person's say in what is remembered stays. @param {boolean} told */
  show(told) {
    this.details.dataset.told = told ? "yes" : "no";
    if (told) return;
    setText(/** @type {HTMLElement} */ (this.details.querySelector("summary")), "Being remembered");
    this.element("panel").setAttribute("aria-label", "Being remembered");
  }

  /** @param {boolean} on */
  showMore(on) {
    this.details.dataset.view = on ? "more" : "simple";
    this.more.setAttribute("aria-expanded", String(on));
    setText(this.more, on ? "Less" : "More");
    for (const part of this.details.querySelectorAll(".in-detail")) /** @type {HTMLElement} */ (part).hidden = !on;
    try {
      localStorage.setItem(STORE, on ? "yes" : "no");
    } catch {
      // A browser that keeps nothing for pages shows the simple view next time.
    }
  }
}

function stored() {
  try {
    return localStorage.getItem(STORE);
  } catch {
    return null;
  }
}
