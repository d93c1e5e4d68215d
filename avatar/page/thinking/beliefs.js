// @ts-check
/** Who believes what: first what is not so, then what people see differently, share, or believe of the agent. */
import { make } from "./dom.js";
import { sentence } from "./words.js";

/** @typedef {{kind: string, claim: string, because?: string, actual?: string}} Belief */
const PLACES = /** @type {const} */ (["wrong", "differs", "common", "agent"]);

export class Beliefs {
  /** @param {HTMLElement} mistaken what is not so @param {HTMLElement} others */
  constructor(mistaken, others) {
    this.mistaken = new List(mistaken);
    this.others = new List(others);
  }

  /** @param {Belief[]} beliefs */
  take(beliefs) {
    this.mistaken.show(beliefs.filter((b) => b.kind === "wrong"));
    const others = beliefs.filter((b) => b.kind !== "wrong");
    this.others.show(others.sort((a, b) => PLACES.indexOf(/** @type {any} */ (a.kind)) - PLACES.indexOf(/** @type {any} */ (b.kind))));
  }
}

class List {
  /** @param {HTMLElement} section */
  constructor(section) {
    this.section = section;
    this.list = section.appendChild(make("ul", "beliefs"));
    this.shown = "";
  }

  /** @param {Belief[]} beliefs */
  show(beliefs) {
    const key = JSON.stringify(beliefs.map((b) => [b.kind, b.claim, b.because, b.actual]));
    if (key === this.shown) return; // most cycles change nothing, and what is open stays open
    this.shown = key;
    this.section.hidden = beliefs.length === 0;
    const open = new Set([...this.list.querySelectorAll("details[open] .claim")].map((node) => node.textContent));
    this.list.replaceChildren(...beliefs.map((belief) => item(belief, open)));
  }
}

/** @param {Belief} belief @param {Set<string | null>} open */
function item(belief, open) {
  const node = make("li");
  node.dataset.kind = belief.kind;
  const claim = make("span", "claim", sentence(belief.kind === "common" ? `all know that ${belief.claim}` : belief.claim));
  const actual = belief.actual ? make("span", "actual", sentence(`in fact ${belief.actual}`)) : null;
  if (!belief.because) {
    node.append(claim, ...(actual ? [actual] : []));
    return node;
  }
  const details = /** @type {HTMLDetailsElement} */ (make("details"));
  const summary = details.appendChild(make("summary"));
  summary.append(claim, ...(actual ? [" ", actual] : []));
  details.append(make("p", "quiet", sentence(`because ${belief.because}`)));
  details.open = open.has(claim.textContent);
  node.append(details);
  return node;
}
