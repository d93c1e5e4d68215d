// @ts-check
/**
 * Plays the agent's voice at the session time that each piece names, and reports what was really heard.
 *
 * Pieces that follow each other without a gap are joined to the sample; a late piece is played at once and the rest of its response moves
 * with it, and `lag_ns` tells the mouth by how much. One that was interrupted is stale for ever: what is playing fades out within 15 ms,
 * what comes later is dropped. One that is paused fades out as well, but goes on later, a little before the place where it broke off;
 * what is heard twice counts once.
 */
import { message } from "./wire.js";

const JOIN_S = 0.03;
const FADE_S = 0.015;
/** Pieces that may come of a paused response before it is known when it goes on. */
const WAITING_MAX = 200;
const REPORT_MS = 100;
const FINISHED_AFTER_S = 0.35;

/** @typedef {{start: number, end: number, offset_s: number, source: AudioBufferSourceNode}} Piece */

export class Voice {
  /** @param {import("./stream.js").Connection} connection @param {() => number} delay_ns by how much the picture lags behind session time */
  constructor(connection, delay_ns) {
    this.connection = connection;
    this.delay_ns = delay_ns;
    /** @type {AudioContext | null} */
    this.context = null;
    /** @type {GainNode | null} */
    this.out = null;
    /** @type {AnalyserNode | null} */
    this.analyser = null;
    /** @type {Map<string, {pieces: Piece[], next: number, lag: number, reported: boolean, from_ns: number, waiting: any[] | null}>} */
    this.responses = new Map();
    /** @type {Set<string>} */
    this.stale = new Set();
    this.late = 0;
    this.dropped = 0;
    this.played = 0;
    setInterval(() => this.report(), REPORT_MS);
  }

  /** Use a running audio context (it needs a click first). @param {AudioContext} context */
  unlock(context) {
    this.context = context;
    this.out = context.createGain();
    this.analyser = context.createAnalyser();
    this.out.connect(this.analyser).connect(context.destination);
  }

  get playing() {
    const now = this.context?.currentTime ?? 0;
    return [...this.responses.values()].some((r) => r.pieces.some((p) => p.start <= now && now < p.end));
  }

  /** By how much what is heard now is later than it was to be: the mouth has to wait as long. */
  get lag_ns() {
    const now = this.context?.currentTime ?? 0;
    for (const r of this.responses.values()) if (r.pieces.some((p) => p.start <= now && now < p.end)) return 1e9 * r.lag;
    return 0;
  }

  /** @param {any} piece a decoded AgentAudio */
  push(piece) {
    const { context, out } = this;
    if (!context || !out || context.state !== "running" || this.stale.has(piece.response_id)) {
      this.dropped += 1;
      return;
    }
    const response = this.responses.get(piece.response_id) ?? { pieces: [], next: -1, lag: 0, reported: false, from_ns: 0, waiting: null };
    if (response.waiting) {
      if (response.waiting.length < WAITING_MAX) response.waiting.push(piece);
      return;
    }
    if (piece.t_ns < response.from_ns) {
      this.dropped += 1;
      return;
    }
    const bytes = piece.pcm.slice();
    const samples = new Int16Array(bytes.buffer, 0, bytes.length >> 1);
    if (samples.length === 0) return;
    const buffer = context.createBuffer(1, samples.length, piece.sample_rate_hz);
    const channel = buffer.getChannelData(0);
    for (let i = 0; i < samples.length; i++) channel[i] = samples[i] / 32768;
    const latency = context.outputLatency || context.baseLatency || 0;
    const ahead = (piece.t_ns + this.delay_ns() - this.connection.now_ns()) / 1e9 - latency;
    const wanted = context.currentTime + ahead;
    let start = wanted;
    this.responses.set(piece.response_id, response);
    if (response.next >= 0 && start - response.next < JOIN_S) start = response.next;
    if (start < context.currentTime) {
      this.late += 1;
      start = context.currentTime + 0.005;
    }
    const source = context.createBufferSource();
    source.buffer = buffer;
    source.connect(out);
    source.start(start);
    response.next = start + buffer.duration;
    response.lag = Math.max(0, start - wanted);
    response.reported = false;
    response.pieces.push({ start, end: response.next, offset_s: piece.offset_samples / piece.sample_rate_hz, source });
    this.played += 1;
  }

  /** Stop a response and never play more of it. @param {string} id */
  drop(id) {
    this.stale.add(id);
    const response = this.responses.get(id);
    if (!response || !this.context || !this.out) return;
    this.send(id, this.heard_ms(response.pieces), false);
    const now = this.context.currentTime;
    this.fade(now);
    for (const piece of response.pieces) piece.source.stop(now + FADE_S);
    // Pieces of other responses were on the faded output too; they are of the past by then, since responses follow each other.
    this.responses.delete(id);
  }

  /** A response halts: play no more of it until it goes on. @param {string} id */
  hold(id) {
    const response = this.responses.get(id);
    if (!response || !this.context || response.waiting) return;
    response.waiting = [];
    const end = this.context.currentTime + FADE_S;
    this.fade(this.context.currentTime);
    for (const piece of response.pieces) if (piece.end > end) piece.source.stop(end);
    response.pieces = response.pieces.filter((piece) => piece.start < end);
    for (const piece of response.pieces) piece.end = Math.min(piece.end, end);
    response.next = Math.min(response.next, end);
  }

  /** A paused response goes on at a session time; what was due before is not played. @param {string} id @param {number} t_ns */
  go_on(id, t_ns) {
    const response = this.responses.get(id);
    if (!response?.waiting) return;
    const { waiting } = response;
    response.waiting = null;
    response.from_ns = t_ns - 1e6; // rounding
    for (const piece of waiting) this.push(piece);
  }

  /** Let all that is on the output fade at a time of the audio context; what comes later has a fresh one. @param {number} at */
  fade(at) {
    if (!this.context || !this.out) return;
    const fading = this.out;
    fading.gain.setTargetAtTime(0, at, FADE_S / 3);
    this.out = this.context.createGain();
    if (this.analyser) this.out.connect(this.analyser);
    setTimeout(() => fading.disconnect(), 1000 * (at - this.context.currentTime) + 200);
  }

  /** The person pressed stop: silence everything that plays now. */
  dropAll() {
    for (const id of [...this.responses.keys()]) this.drop(id);
  }

  /** How much of a response came out so far, in milliseconds of its own audio. @param {Piece[]} pieces */
  heard_ms(pieces) {
    const now = (this.context?.currentTime ?? 0) - (this.context?.outputLatency || 0);
    let heard = 0;
    for (const piece of pieces) {
      if (now > piece.start) heard = Math.max(heard, piece.offset_s + Math.min(now, piece.end) - piece.start);
    }
    return 1000 * heard;
  }

  report() {
    if (!this.context) return;
    for (const [id, response] of this.responses) {
      const done = this.context.currentTime > response.next + FINISHED_AFTER_S;
      if (done && response.reported) {
        if (this.context.currentTime > response.next + 10) this.responses.delete(id);
        continue;
      }
      this.send(id, this.heard_ms(response.pieces), done);
      response.reported = done;
      if (done) response.pieces = response.pieces.slice(-1);
    }
    if (this.stale.size > 200) this.stale = new Set([...this.stale].slice(-100));
  }

  /** @param {string} response_id @param {number} played_ms @param {boolean} finished */
  send(response_id, played_ms, finished) {
    this.connection.send(message("playback", { response_id, played_ms, finished }));
  }
}
