// @ts-check
/**
 * Push-to-talk: the microphone is open only while the button, or Space, is held.
 *
 * Space counts where it means nothing else: not while typing, and not on a control that it presses. What was held is let go when the window
 * loses the focus, so that no microphone stays open unseen. The last `TAIL_MS` after letting go are still heard: fingers are faster than words.
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
    this.timer = 0;
    button.addEventListener("pointerdown", (event) => {
      button.setPointerCapture(event.pointerId);
      this.press();
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) button.addEventListener(end, () => this.release());
    button.addEventListener("contextmenu", (event) => event.preventDefault()); // a long touch is a hold here
    window.addEventListener("keydown", (event) => this.key(event, true));
    window.addEventListener("keyup", (event) => this.key(event, false));
    window.addEventListener("blur", () => this.release());
    document.addEventListener("visibilitychange", () => document.hidden && this.release());
  }

  /** @param {KeyboardEvent} event @param {boolean} down */
  key(event, down) {
    if (event.code !== "Space" || event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target instanceof Element ? event.target : document.body;
    if (!down) {
      this.release();
      return;
    }
    if (!this.ready() || (target !== this.button && target.closest(TAKES_SPACE))) return;
    event.preventDefault(); // Space would scroll, or press the button again on letting go
    if (!event.repeat) this.press();
  }

  press() {
    if (!this.ready()) return;
    clearTimeout(this.timer);
    if (this.held) return;
    this.held = true;
    this.onChange(true);
  }

  release() {
    if (!this.held) return;
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => {
      this.held = false;
      this.onChange(false);
    }, TAIL_MS);
  }
}
