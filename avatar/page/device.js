// @ts-check
/**
 * What microphone and camera have in common: switched on, over to another and off, where the last wish wins.
 *
 * The browser may ask the person for as long as it likes, and wishes overtake each other meanwhile. So a stream that comes when it is no longer
 * wanted is closed at once, and its failure is nobody's business. One stream is asked for at a time, since some hardware gives only one; but a question
 * that nobody answers holds up the next for no longer than `PATIENCE_MS`.
 *
 * Events: "change" when it is on or off for now, and "lost" when it went off by itself: unplugged, or the permission taken back.
 */
import { ask } from "./permission.js";

const PATIENCE_MS = 1000;

export class Device extends EventTarget {
  /** @param {import("./permission.js").Device} what */
  constructor(what) {
    super();
    this.what = what;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** Number of the last wish. */
    this.wish = 0;
    /** Whether it is wanted and not there yet. */
    this.starting = false;
    /** @type {Promise<void>} */
    this.asked = Promise.resolve();
  }

  get on() {
    return this.stream !== null;
  }

  /** Ask for it and begin to send; throws with a sentence for people. @param {string} [id] empty for the default one */
  async start(id = "") {
    const wish = ++this.wish;
    this.release();
    this.starting = true;
    const opened = Promise.race([this.asked, pause(PATIENCE_MS)]).then(() => this.open(wish, id));
    this.asked = opened.catch(() => {});
    try {
      await opened;
    } finally {
      if (wish === this.wish) this.settle();
    }
  }

  stop() {
    this.wish += 1;
    this.release();
    this.settle();
  }

  settle() {
    this.starting = false;
    this.dispatchEvent(new Event("change"));
  }

  /** @param {number} wish @param {string} id */
  async open(wish, id) {
    if (wish !== this.wish) return;
    try {
      await this.careful(() => this.prepare());
      const stream = await ask(this.what, id, this.constraints(id));
      if (wish !== this.wish) {
        for (const track of stream.getTracks()) track.stop();
        return;
      }
      this.stream = stream;
      for (const track of stream.getTracks()) track.addEventListener("ended", () => this.stream === stream && this.lose());
      await this.careful(() => this.use(stream));
      if (wish === this.wish) this.tell();
    } catch (error) {
      if (wish !== this.wish) return;
      this.release();
      throw error;
    }
  }

  /** Close what is open, without a word about what is wanted. */
  release() {
    if (!this.stream) return;
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
    this.unuse();
    this.tell();
  }

  lose() {
    this.stop();
    this.dispatchEvent(new Event("lost"));
  }

  /** What the browser says of a failure is not for people. @param {() => Promise<void> | void} act */
  async careful(act) {
    try {
      await act();
    } catch {
      throw new Error(`The ${this.what} could not be opened. Try again, or type instead.`);
    }
  }

  /** What is needed before the browser is asked. @returns {Promise<void> | void} */
  prepare() {}

  /** @param {string} _id @returns {MediaStreamConstraints} */
  constraints(_id) {
    return {};
  }

  /** Begin to send; all that has to be undone is done before the first await. @param {MediaStream} _stream @returns {Promise<void> | void} */
  use(_stream) {}

  /** Send no more. */
  unuse() {}

  /** Tell the agent whether there is something to hear or see. */
  tell() {}
}

/** @param {number} ms @returns {Promise<void>} */
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
