// @ts-check
/** Small helpers to build and update the panel without touching what has not changed, so that focus and open details stay. */

/** @param {string} tag @param {string} [className] @param {string} [text] @returns {HTMLElement} */
export function make(tag, className = "", text = "") {
  const node = document.createElement(tag);
  if (className) node.className = className;
  if (text) node.textContent = text;
  return node;
}

/** @param {Element} node @param {string} text */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** Show texts as a list's items. @param {HTMLElement} list @param {string[]} texts */
export function setItems(list, texts) {
  while (list.children.length > texts.length) list.lastElementChild?.remove();
  texts.forEach((text, index) => setText(list.children[index] ?? list.appendChild(make("li")), text));
}

/** A bar that fills from the left, or from the middle for values of both signs. Decoration: the words beside it say the same. */
export class Bar {
  /** @param {boolean} [signed] */
  constructor(signed = false) {
    this.signed = signed;
    this.root = make("span", signed ? "bar signed" : "bar");
    this.root.setAttribute("aria-hidden", "true");
    this.fill = this.root.appendChild(make("i"));
  }

  /** @param {number} value 0 to 1, or -1 to 1 */
  set(value) {
    const share = Math.max(this.signed ? -1 : 0, Math.min(1, value));
    const scale = `scaleX(${share.toFixed(2)})`;
    if (this.fill.style.transform !== scale) this.fill.style.transform = scale;
  }
}
