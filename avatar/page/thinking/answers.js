// @ts-check
/** How long the last answers took, from your last sound to its first one, and where the time went. */
import { make, setText } from "./dom.js";
import { inSeconds } from "./words.js";

const SHOWN = 5;
const FULL_MS = 2000;
/** Parts of an answer's time in their order: attribute of the span, class, words. @type {[string, string, string][]} */
const PARTS = [
  ["window_ms", "sure", "making sure that you had finished"],
  ["dialogue_ms", "think", "thinking of an answer"],
  ["voice_ms", "voice", "finding its voice"],
  ["own_ms", "rest", "the rest"],
];

export class Answers {
  /** @param {HTMLElement} section @param {HTMLElement} list @param {HTMLElement} silence */
  constructor(section, list, silence) {
    this.section = section;
    this.list = list;
    this.silence = silence;
    this.words_ms = -1;
    this.last_ns = -1;
  }

  clear() {
    this.list.replaceChildren();
    this.silence.hidden = this.section.hidden = true;
    this.words_ms = this.last_ns = -1;
  }

  /** @param {any} m a Span */
  take(m) {
    if (m.name === "asr_final_after_end") this.words_ms = m.duration_ms;
    else if (m.name === "barge_in_to_silence") {
      setText(this.silence, `When you broke in, it was silent after ${inSeconds(m.duration_ms)}.`);
      this.silence.hidden = false;
    } else if (m.name === "end_of_turn_to_first_audio" && m.t_ns !== this.last_ns) {
      this.last_ns = m.t_ns;
      this.list.prepend(this.item(m.duration_ms, m.attributes ?? {}));
      while (this.list.children.length > SHOWN) this.list.lastElementChild?.remove();
      this.words_ms = -1;
    }
    this.section.hidden = this.list.children.length === 0 && this.silence.hidden;
  }

  /** @param {number} total_ms @param {Record<string, number>} attributes */
  item(total_ms, attributes) {
    const item = make("li");
    const details = item.appendChild(make("details"));
    const summary = details.appendChild(make("summary"));
    const bar = make("span", "parts");
    bar.setAttribute("aria-hidden", "true");
    const list = make("ul");
    if (this.words_ms >= 0) list.append(make("li", "", `${inSeconds(this.words_ms)} after your last sound it knew your words`));
    for (const [name, part, words] of PARTS) {
      const ms = Math.max(0, attributes[name] ?? 0);
      const piece = bar.appendChild(make("i", part));
      piece.style.width = `${((100 * ms) / Math.max(FULL_MS, total_ms)).toFixed(1)}%`;
      const line = list.appendChild(make("li", `part ${part}`));
      line.textContent = `${inSeconds(ms)} ${words}`;
    }
    summary.append(make("span", "label", `After ${inSeconds(total_ms)}`), bar);
    details.append(list);
    return item;
  }
}
