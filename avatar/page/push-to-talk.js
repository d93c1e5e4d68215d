// @ts-check
/**
 * Push-to-talk: the microphone is open only while the button, or Space, is held.
 *
 * Who cannot hold turns it on and off: Enter on the button, or the click of a screen reader or switch, which comes without a pointer. Space counts where it
 * means nothing else: not while typing, and not on a control that it presses. What is open is closed when the window loses the focus, so that no
 * microphone stays open unseen. The last `TAIL_MS` after letting go are still heard: fingers are faster than words.
 */
const TAIL_MS = 250;
const TAKES_SPACE = "input, textarea, select, button, summary, a[href], [contenteditable], dialog[open] *";

export class PushToTalk {
  /** @param {HTMLButtonElement} button @param {() => boolean} ready whether there is a microphone to open @param {(held: boolean) => void} onChange */
  constructor(button, ready, onChange) {
    this.button = button;
    this.ready = ready;
    this.onChange = onChange;
    this.held = false;
    /** What holds it; only that lets it go. @type {"" | "pointer" | "space" | "click"} */
    this.by = "";
    this.pointed = false;
    this.timer = 0;
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      this.pointed = true;
      this.press("pointer");
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(end, () => this.release("pointer"));
    button.addEventListener("click", (event) => this.click(event));
    button.addEventListener("keydown", (event) => event.key === "Enter" && event.repeat && event.preventDefault());
    button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch is a hold here
    window.addEventListener("keydown", (event) => this.key(event, true));
    window.addEventListener("keyup", (event) => this.key(event, false));
    window.addEventListener("blur", () => this.release());
    document.addEventListener("visibilitychange", () => document.hidden && this.release());
  }

  /** A pointer's click is the end of what it held. @param {MouseEvent} event */
  click(event) {
    const pointed = this.pointed && event.detail > 0;
    this.pointed = false;
    if (pointed) return;
    if (this.by === "click") this.release();
    else this.press("click");
  }

  /** @param {KeyboardEvent} event @param {boolean} down */
  key(event, down) {
    if (event.code !== "Space" || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (!down) {
      if (this.by === "space") event.preventDefault(); // some browsers click only now
      this.release("space");
      return;
    }
    if (!this.ready() || (target !== this.button && target.closest(TAKES_SPACE))) return;
    event.preventDefault(); // Space would scroll, or press the button again on letting go
    if (!event.repeat) this.press("space");
  }

  /** @param {"pointer" | "space" | "click"} by */
  press(by) {
    if (!this.ready()) return;
    clearTimeout(this.timer);
    this.by = by;
    if (this.held) return;
    this.held = true;
    this.onChange(true);
  }

  /** @param {"pointer" | "space"} [by] what lets go; anything else where it is left out */
  release(by) {
    if (!this.held || (by && by !== this.by)) return;
    this.by = "";
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.end(), TAIL_MS);
  }

  /** Close what is open where there is nothing to open any more. */
  look() {
    if (this.held && !this.ready()) this.end();
  }

  end() {
    clearTimeout(this.timer);
    this.held = false;
    this.by = "";
    this.onChange(false);
  }
}
