// @ts-check
/**
 * The console's WebSocket: reconnects on its own, knows session time, sends acts and follows what becomes of each.
 *
 * An act has a running number here (`ref`) until the server has given it an id. What cannot be sent is refused at once, with one
 * sentence: an act that leaves minutes later would be worse than none.
 */
const RETRY_MS = [250, 500, 1000, 2000];

export class Connection extends EventTarget {
  constructor() {
    super();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.failures = 0;
    this.ref = 0;
    /** Session time at `performance.now() = 0`, nanoseconds. */
    this.offset_ns = 0;
    this.open();
  }

  now_ns() {
    return performance.now() * 1e6 + this.offset_ns;
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/operator/stream`);
    this.socket = socket;
    socket.addEventListener("message", (event) => this.take(JSON.parse(event.data)));
    socket.addEventListener("close", (event) => {
      this.emit("down", { reason: event.reason });
      setTimeout(() => this.open(), RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
    });
  }

  /** @param {any} message */
  take(message) {
    if (message.type === "hello") {
      this.failures = 0;
      this.offset_ns = message.session_ns - performance.now() * 1e6;
    }
    this.emit("message", message);
  }

  /** @param {string} deed @param {object} [fields] @returns {number} the act's number, -1 where it could not leave */
  act(deed, fields) {
    if (this.socket === null || this.socket.readyState !== WebSocket.OPEN) {
      this.emit("message", { type: "refused", ref: -1, message: "Not connected: nothing was sent." });
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
