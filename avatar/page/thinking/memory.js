// @ts-check
/**
 * What it remembers of whom it talks with, and the person's say in it: remember me, forget me.
 *
 * To be remembered beyond the conversation takes the person's own wish (cognitive/memory/consent.py); to be forgotten takes effect at
 * once, so it is asked twice. Saying either aloud does the same.
 */
import { message } from "../wire.js";
import { setItems, setText } from "./dom.js";
import { sentence } from "./words.js";

const SURE_MS = 6000;
const FEW = 3;

export class MemoryView {
  /** @param {(id: string) => HTMLElement} element @param {import("../stream.js").Connection | import("./past.js").Past} connection */
  constructor(element, connection) {
    this.connection = connection;
    this.list = element("remembered");
    this.none = element("remembers-nothing");
    this.consent = element("memory-consent");
    this.buttons = element("memory-buttons");
    this.remember = /** @type {HTMLButtonElement} */ (element("remember-me"));
    this.forget = /** @type {HTMLButtonElement} */ (element("forget-me"));
    this.lasting = false;
    this.state = "";
    this.sure = 0;
    connection.addEventListener("hello", (event) => {
      const { remembers, replay } = /** @type {CustomEvent} */ (event).detail;
      this.lasting = Boolean(remembers);
      this.buttons.hidden = Boolean(replay);
      this.state = "";
      this.show();
    });
    this.remember.addEventListener("click", () => this.tell("given"));
    this.forget.addEventListener("click", () => this.askToForget());
    this.forget.addEventListener("blur", () => this.unsure());
  }

  clear() {
    this.state = "";
    this.items([]);
    this.show();
  }

  /** @param {any} m */
  take(m) {
    if (m.type === "memory_consent") {
      this.state = m.state;
      if (m.state === "withdrawn") this.items([]);
      this.show();
    } else if (m.type === "knowledge") {
      if (m.consent && m.consent !== this.state) {
        this.state = m.consent;
        this.show();
      }
      this.items([...(m.facts ?? [])].reverse().map((/** @type {string} */ fact) => sentence(forPeople(fact))));
    }
  }

  /** @param {string[]} texts */
  items(texts) {
    setItems(this.list, texts);
    [...this.list.children].forEach((item, index) => item.classList.toggle("further", index >= FEW));
    this.none.hidden = texts.length > 0;
  }

  show() {
    const words = this.state === "withdrawn" ? "You have asked to be forgotten." : this.state !== "given" ? "" : "You have asked to be remembered.";
    const until = this.lasting ? "" : "Here it keeps nothing beyond this conversation.";
    setText(this.consent, [words, until].filter(Boolean).join(" "));
    this.consent.hidden = !words && !until;
    this.remember.hidden = this.state === "given";
  }

  askToForget() {
    if (this.sure) {
      this.unsure();
      this.tell("withdrawn");
      return;
    }
    this.sure = window.setTimeout(() => this.unsure(), SURE_MS);
    setText(this.forget, "Really forget everything?");
  }

  unsure() {
    clearTimeout(this.sure);
    this.sure = 0;
    setText(this.forget, "Forget me");
  }

  /** @param {"given" | "withdrawn"} state */
  tell(state) {
    this.connection.control("claim"); // of several pages, the one that talks may say so
    if (!this.connection.send(message("memory_consent", { state }))) {
      this.consent.hidden = false;
      setText(this.consent, "There is no connection to the agent just now. Try again when it is back.");
    }
  }
}

/** Without what is meant for the dialogue alone. @param {string} fact */
function forPeople(fact) {
  const told = fact.replace(/[:,;]? (confirm it|say so) kindly\.?$/, "").replace(/^earlier: /, "before: ");
  return told.replace(/\bsaid( to somebody else)?: (.+)$/, "said$1 “$2”");
}
