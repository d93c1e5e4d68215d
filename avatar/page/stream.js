// @ts-check
/**
 * The WebSocket to the agent: reconnects on its own, measures the offset of session time, hands messages on.
 *
 * Offset: a ping every 2 s; of the last 8 answers the one with the shortest round trip counts (Cristian 1989). It follows a server that
 * was restarted at once, because a new connection starts afresh. Session time that has gone back is that of a new session (event `session`):
 * a room that was restarted goes on in the time of the house.
 */
import { read } from "./wire.js";

const RETRY_MS = [250, 500, 1000, 2000, 3000];
const PING_MS = 2000;
const BACKLOG_BYTES = 256 * 1024;
/** Session time that lies further back than this is another session's. */
const BACK_NS = 1e9;
/** Pictures are larger, and stay on the socket. */
const SOUND_BYTES_MAX = 4096;

export class Connection extends EventTarget {
  constructor() {
    super();
    /** @type {WebSocket | null} */
    this.socket = null;
    this.failures = 0;
    this.closed = false;
    this.live = false;
    /** @type {{offset_ns: number, rtt_ms: number}[]} */
    this.pings = [];
    this.offset_ns = 0;
    /** Whether session time was ever known. */
    this.known = false;
    this.undecodable = 0;
    /** Another way for sound, where there is one. @type {import("./peer.js").Peer | null} */
    this.peer = null;
    this.open();
    setInterval(() => this.ping(), PING_MS);
  }

  /** Session time now, in nanoseconds. */
  now_ns() {
    return performance.now() * 1e6 + this.offset_ns;
  }

  get ready() {
    return this.socket !== null && this.socket.readyState === WebSocket.OPEN;
  }

  open() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/stream${location.search}`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    this.live = false;
    this.pings = [];
    socket.addEventListener("open", () => {
      this.failures = 0;
      this.ping();
    });
    socket.addEventListener("message", (event) => this.take(event.data));
    socket.addEventListener("close", (event) => {
      this.emit("down", { reason: event.reason, code: event.code });
      const wait = RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)];
      setTimeout(() => this.open(), wait);
    });
  }

  /** @param {ArrayBuffer | string} data */
  take(data) {
    if (typeof data === "string") {
      const control = JSON.parse(data);
      if (control.type === "pong") this.measure(control);
      else if (control.type === "hello") this.greeted(control.session_ns);
      else if (control.type === "live") this.live = true;
      this.emit(control.type, control);
      return;
    }
    try {
      const message = read(data);
      this.emit("message", { message, live: this.live });
    } catch (error) {
      this.undecodable += 1;
      console.error("a message could not be read or shown", error);
    }
  }

  /** @param {number} session_ns */
  greeted(session_ns) {
    const anew = this.known && session_ns < this.now_ns() - BACK_NS;
    this.known = true;
    this.offset_ns = session_ns - performance.now() * 1e6;
    if (anew) this.emit("session", { session_ns });
  }

  ping() {
    if (this.ready) this.control("ping", { sent_ms: performance.now() });
  }

  /** @param {{sent_ms: number, session_ns: number}} pong */
  measure(pong) {
    const now = performance.now();
    const rtt_ms = now - pong.sent_ms;
    this.pings.push({ rtt_ms, offset_ns: pong.session_ns - (pong.sent_ms + rtt_ms / 2) * 1e6 });
    if (this.pings.length > 8) this.pings.shift();
    this.offset_ns = this.pings.reduce((a, b) => (b.rtt_ms < a.rtt_ms ? b : a)).offset_ns;
  }

  /** @param {string} type @param {object} [fields] */
  control(type, fields) {
    if (this.ready) this.socket?.send(JSON.stringify({ type, ...fields }));
  }

  /**
   * Send a wire message; returns whether it left. Nothing leaves before the server has said hello, told what has been and heard what
   * the page answers to that (`live`). Streams (audio, pictures) give way when the network is slow.
   * @param {Uint8Array<ArrayBuffer>} payload @param {boolean} [stream]
   */
  send(payload, stream = false) {
    if (!this.ready || !this.live || !this.socket) return false;
    if (stream && payload.length <= SOUND_BYTES_MAX && this.peer?.send(payload)) return true;
    if (stream && this.socket.bufferedAmount > BACKLOG_BYTES) return false;
    this.socket.send(payload);
    return true;
  }

  /** @param {string} name @param {any} detail */
  emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
