// @ts-check
/**
 * Puts pieces of the agent's voice that overtook each other on the way by WebRTC back into their order.
 *
 * Pieces name the session time at which they are due. One that follows the last without a gap, and the first of a response, goes on at once;
 * one that leaves a gap waits for what is missing; one that is due before what went on is dropped. The wait is about what sending again takes;
 * where it makes a piece late, the rest of its response moves with it (voice.js), which makes room for the next loss.
 */
const WAIT_MS = 100;
const GAP_NS = 2e6;

export class VoiceOrder {
  /** @param {(piece: any) => void} play takes a decoded AgentAudio */
  constructor(play) {
    this.play = play;
    /** @type {{piece: any, came_ms: number}[]} */
    this.waiting = [];
    this.response = "";
    this.next_ns = -Infinity;
    this.timer = 0;
  }

  /** @param {any} piece */
  push(piece) {
    if (piece.response_id === this.response && piece.t_ns < this.next_ns - GAP_NS) return;
    this.waiting.push({ piece, came_ms: performance.now() });
    this.waiting.sort((a, b) => a.piece.t_ns - b.piece.t_ns);
    this.go();
  }

  go() {
    clearTimeout(this.timer);
    const now = performance.now();
    for (let first = this.waiting[0]; first; first = this.waiting[0]) {
      const { piece, came_ms } = first;
      const follows = piece.response_id !== this.response || piece.t_ns <= this.next_ns + GAP_NS;
      if (!follows && now - came_ms < WAIT_MS) break;
      this.waiting.shift();
      this.response = piece.response_id;
      this.next_ns = piece.t_ns + (1e9 * (piece.pcm.length >> 1)) / piece.sample_rate_hz;
      this.play(piece);
    }
    if (this.waiting.length > 0) this.timer = window.setTimeout(() => this.go(), WAIT_MS / 5);
  }
}
