// @ts-check
/** What would make it begin something of its own: how strongly each reason speaks, beside the mark from which it is enough. */
import { Bar, make, setText } from "./dom.js";
import { beginWords } from "./words.js";

export class Weighing {
  /** @param {HTMLElement} list */
  constructor(list) {
    this.list = list;
    /** @type {Map<string, {item: HTMLElement, bar: Bar, mark: HTMLElement, word: HTMLElement}>} */
    this.rows = new Map();
  }

  clear() {
    this.list.replaceChildren();
    this.rows.clear();
  }

  /** @param {{trigger: string, score: number, threshold: number}[]} scores */
  take(scores) {
    for (const { trigger, score, threshold } of scores) {
      const row = this.rows.get(trigger) ?? this.row(trigger);
      row.bar.set(score);
      row.mark.style.left = `${(100 * Math.min(1, threshold)).toFixed(0)}%`;
      row.item.dataset.enough = String(score >= threshold);
      setText(row.word, score >= threshold ? "enough" : score >= 0.6 * threshold ? "nearly" : score >= 0.25 * threshold ? "a little" : "no");
    }
  }

  /** @param {string} trigger */
  row(trigger) {
    const item = this.list.appendChild(make("li"));
    item.dataset.trigger = trigger;
    const bar = new Bar();
    const mark = bar.root.appendChild(make("b"));
    const word = make("span", "word");
    item.append(make("span", "label", beginWords(trigger)), bar.root, word);
    const row = { item, bar, mark, word };
    this.rows.set(trigger, row);
    return row;
  }
}
