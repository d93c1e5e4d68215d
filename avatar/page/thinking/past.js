// @ts-check
/** In the place of a connection where a recording is shown: it knows the recording's time, and nobody hears what is sent. */

export class Past extends EventTarget {
  /** @param {() => number} now_ns the time that is shown, nanoseconds */
  constructor(now_ns) {
    super();
    this.now_ns = now_ns;
  }

  /** Say what a live agent says first, so that what only a live one can do is hidden. */
  greet() {
    this.dispatchEvent(new CustomEvent("hello", { detail: { session_ns: 0, remembers: true, replay: true } }));
  }

  /** @param {string} _kind */
  control(_kind) {}

  /** @param {unknown} _message @returns {boolean} */
  send(_message) {
    return false;
  }
}
