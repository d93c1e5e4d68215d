// @ts-check
/**
 * The console's WebSocket: reconnects on its own, knows session time, sends acts and follows what becomes of each.
 *
 * An act has a running number here (`ref`) until the server has given it an id. What cannot be sent is refused at once, with one
 * sentence: an act that leaves minutes later would be worse than none. Events: `message`; `down` (`ended`: the server has said goodbye);
 * `shut` (the server is there and lets nobody in, `text` says why). After a goodbye it is tried a few times more, since a page server
 * that was started again says goodbye as well; an address whose token is not the server's is not tried again.
 */
const RETRY_MS = [250, 500, 1000, 2000];
const AFTER_END_MS = [1000, 3000, 8000];
const GOODBYE = 1001;
const NOT_SENT = "Not connected: nothing was sent.";
const STOP_NOT_SENT = "Not connected: the emergency stop was NOT sent. Use the machine's own switch, or end Attune where it was started (Ctrl+C).";

export class Connection extends EventTarget {
  constructor() {
    super();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.failures = 0;
    this.ref = 0;
    this.ended = false;
    /** Session time at `performance.now() = 0`, nanoseconds. */
    this.offset_ns = 0;
    this.timer = 0;
    this.open();
  }

  now_ns() {
    return performance.now() * 1e6 + this.offset_ns;
  }

  open() {
    clearTimeout(this.timer);
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/operator/stream`);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => void this.closed(event));
  }

  /** Try again now, whatever was decided about trying. */
  again() {
    this.failures = 0;
    this.ended = false;
    this.open();
  }

  /** @param {CloseEvent} event */
  async closed(event) {
    if (event.code === GOODBYE) {
      this.ended = true;
      this.failures = 0;
    }
    this.emit("down", { ended: this.ended });
    const retries = this.ended ? AFTER_END_MS : RETRY_MS;
    const tries = this.failures++;
    if (this.ended && tries >= retries.length) return;
    const wait_ms = retries[Math.min(tries, retries.length - 1)];
    if (!this.ended && tries > 0 && (await this.is_shut())) return;
    this.timer = setTimeout(() => this.open(), wait_ms);
  }

  /** @returns {Promise<boolean>} whether it is of no use to try again: a browser does not tell why a WebSocket was not opened */
  async is_shut() {
    try {
      const answer = await fetch("/operator/stream", { cache: "no-store" });
      const shut = answer.status === 403;
      if (shut || answer.status === 503) this.emit("shut", { text: (await answer.text()).trim(), full: !shut });
      return shut;
    } catch {
      return false; // nobody is there
    }
  }

  /** @param {any} message */
  take(message) {
    if (message.type === "hello") {
      this.failures = 0;
      this.ended = false;
      this.offset_ns = message.session_ns - performance.now() * 1e6;
    }
    this.emit("message", message);
  }

  /** @param {string} deed @param {object} [fields] @returns {number} the act's number, -1 where it could not leave */
  act(deed, fields) {
    if (this.socket === null || this.socket.readyState !== WebSocket.OPEN) {
      this.emit("message", { type: "refused", ref: -1, message: deed === "emergency_stop" ? STOP_NOT_SENT : NOT_SENT });
      return -1;
    }
    this.ref += 1;
    this.socket.send(JSON.stringify({ ref: this.ref, deed, ...fields }));
    return this.ref;
  }

  /** @param {string} name @param {any} detail */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
