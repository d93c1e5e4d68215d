// @ts-check
/** What it takes each person to feel, attend to and want: in words and bars, each with its evidence for who asks. */
import { Bar, make, setItems, setText } from "./dom.js";
import { ago, likely, capital, cueWords, liveliness, lookWords, mood, personName, plain } from "./words.js";

const PEOPLE_MAX = 4;

/** @typedef {{variable: string, value: number, what: string, evidence?: {t_ns: number, kind: string, weight: number}[]}} Estimate */

/** What is shown, in this order: label, words for a value, whether the value has both signs. @type {Record<string, [string, (e: Estimate) => string, boolean?]>} */
const SHOWN = {
  engagement: ["Takes part", (e) => likely(e.value)],
  attention: ["Looks at", (e) => lookWords(e.what)],
  valence: ["Mood", (e) => mood(e.value), true],
  arousal: ["Temper", (e) => liveliness(e.value), true],
  confusion: ["Puzzled", (e) => likely(e.value)],
  wish_to_speak: ["Wants to speak", (e) => likely(e.value)],
  wish_to_leave: ["Wants to leave", (e) => likely(e.value)],
};

export class People {
  /** @param {HTMLElement} root @param {HTMLElement} none shown while nobody is here */
  constructor(root, none) {
    this.root = root;
    this.none = none;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
  }

  /** @param {{person_id: string, name?: string, seen?: boolean, estimates?: Estimate[]}[]} minds @param {number} now_ns */
  take(minds, now_ns) {
    const here = minds.slice(0, PEOPLE_MAX);
    const ids = minds.map((mind) => mind.person_id);
    for (const [id, card] of this.cards) {
      if (here.some((mind) => mind.person_id === id)) continue;
      card.root.remove();
      this.cards.delete(id);
    }
    for (const [place, mind] of here.entries()) {
      let card = this.cards.get(mind.person_id);
      if (!card) {
        card = new Card();
        this.cards.set(mind.person_id, card);
      }
      if (this.root.children[place] !== card.root) this.root.insertBefore(card.root, this.root.children[place] ?? null);
      card.take(personName(mind, ids), (mind.estimates ?? []).filter((e) => e.variable !== "attention" || mind.seen), now_ns); // who is not seen looks nowhere
    }
    this.none.hidden = here.length > 0;
  }
}

class Card {
  constructor() {
    this.root = make("article", "person");
    this.name = this.root.appendChild(make("h3"));
    this.rows = this.root.appendChild(make("div", "estimates"));
    /** @type {Map<string, Row>} */
    this.byVariable = new Map();
  }

  /** @param {string} name @param {Estimate[]} estimates @param {number} now_ns */
  take(name, estimates, now_ns) {
    setText(this.name, name);
    const wanted = estimates.filter((e) => e.variable in SHOWN || e.variable.startsWith("goal "));
    for (const [variable, row] of this.byVariable) {
      if (wanted.some((e) => e.variable === variable)) continue;
      row.root.remove();
      this.byVariable.delete(variable);
    }
    const order = Object.keys(SHOWN);
    const place = (/** @type {Estimate} */ e) => (e.variable in SHOWN ? order.indexOf(e.variable) : order.length);
    for (const estimate of wanted.sort((a, b) => place(a) - place(b))) {
      let row = this.byVariable.get(estimate.variable);
      if (!row) {
        row = new Row(estimate);
        this.byVariable.set(estimate.variable, row);
        this.rows.append(row.root);
      }
      row.take(estimate, now_ns);
    }
  }
}

class Row {
  /** @param {Estimate} estimate */
  constructor({ variable, what }) {
    const [label, words, signed] = SHOWN[variable] ?? [`Wants to ${plain(what)}`, (/** @type {Estimate} */ e) => likely(e.value)];
    this.words = words;
    this.signed = Boolean(signed);
    this.root = /** @type {HTMLDetailsElement} */ (make("details", "estimate"));
    this.root.dataset.variable = variable;
    const summary = this.root.appendChild(make("summary"));
    summary.title = "Why do you think so?";
    this.bar = new Bar(this.signed);
    this.word = make("span", "word");
    summary.append(make("span", "label", label), this.bar.root, this.word);
    const why = this.root.appendChild(make("div", "why"));
    why.append(make("p", "quiet", "Why it thinks so:"));
    this.evidence = why.appendChild(make("ul"));
  }

  /** @param {Estimate} estimate @param {number} now_ns */
  take(estimate, now_ns) {
    this.bar.set(estimate.value);
    setText(this.word, this.words(estimate));
    if (!this.root.open && this.evidence.children.length > 0) return;
    const told = (estimate.evidence ?? []).map((one) => {
      const weight = estimate.variable === "attention" || !one.weight ? "" : one.weight > 0 ? " (more)" : " (less)";
      return `${capital(cueWords(one.kind))}, ${ago((now_ns - one.t_ns) / 1e9)}${weight}`;
    });
    setItems(this.evidence, told.length ? told : ["Nothing in particular was noticed; this is how people usually are."]);
  }
}
