// @ts-check
/** Draws the last minute: the present at the right, one lane each for you, the agent and its ideas; its state by shape and colour. */
import { SPAN_S } from "./lanes.js";
import { inSeconds } from "./words.js";

const LABEL_PX = 46;
const RIGHT_PX = 34;
/** Room beside the present for the names of what has just happened. */
const HEIGHT_PX = 124;
const LANE = { you: 10, agent: 44, ideas: 76 };
const BAR_PX = 14;
const ROWS = [0, 1];
/** Half the width of a mark and a little room. */
const MARK_PX = 6;
const COLOURS = {
  ink: "#1f2d36", quiet: "#51636d", line: "rgba(31,45,54,0.14)", you: "#2b7fd0", yourTurn: "rgba(43,127,208,0.16)", agent: "#1f6f76",
  cut: "#b8483a", started: "#1f6f76", finished: "#3c8459", dropped: "#a06c0d", noted: "#6d828b",
};

export class Timeline {
  /** @param {HTMLCanvasElement} canvas @param {import("./lanes.js").Lanes} lanes */
  constructor(canvas, lanes) {
    this.canvas = canvas;
    this.lanes = lanes;
    this.font = "11px system-ui, sans-serif";
    /** @type {WeakMap<import("./lanes.js").Idea, number>} */
    this.rows = new WeakMap();
    this.rowed = 0;
  }

  /** @param {number} now_ns */
  draw(now_ns) {
    const width = this.canvas.clientWidth;
    const g = this.canvas.getContext("2d");
    if (!g || width === 0) return;
    const scale = Math.min(2, window.devicePixelRatio || 1);
    const [w, h] = [Math.round(width * scale), Math.round(HEIGHT_PX * scale)];
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    g.setTransform(scale, 0, 0, scale, 0, 0);
    g.clearRect(0, 0, width, HEIGHT_PX);
    const x = (/** @type {number} */ t_ns) => LABEL_PX + (width - LABEL_PX - RIGHT_PX) * (1 - (now_ns - t_ns) / (SPAN_S * 1e9));
    this.frame(g, x, now_ns, width);
    g.save();
    g.beginPath();
    g.rect(LABEL_PX, 0, width - LABEL_PX, HEIGHT_PX);
    g.clip();
    this.speech(g, x, now_ns);
    this.ideas(g, x, now_ns);
    g.restore();
  }

  /** @param {CanvasRenderingContext2D} g @param {(t: number) => number} x @param {number} now_ns @param {number} width */
  frame(g, x, now_ns, width) {
    g.font = this.font;
    g.textBaseline = "middle";
    g.fillStyle = COLOURS.ink;
    for (const [name, y] of /** @type {[string, number][]} */ ([["You", LANE.you], ["Agent", LANE.agent], ["Ideas", LANE.ideas]])) {
      g.fillText(name, 0, y + BAR_PX / 2);
    }
    g.strokeStyle = COLOURS.line;
    g.fillStyle = COLOURS.quiet;
    g.textAlign = "center";
    for (const s of [15, 30, 45]) {
      const at = Math.round(x(now_ns - s * 1e9)) + 0.5;
      g.beginPath();
      g.moveTo(at, 4);
      g.lineTo(at, HEIGHT_PX - 16);
      g.stroke();
      g.fillText(`${s} s`, at, HEIGHT_PX - 7);
    }
    g.fillText("now", width - RIGHT_PX, HEIGHT_PX - 7);
    g.textAlign = "left";
  }

  /** @param {CanvasRenderingContext2D} g @param {(t: number) => number} x @param {number} now_ns */
  speech(g, x, now_ns) {
    const { lanes } = this;
    const bar = (/** @type {import("./lanes.js").Stretch} */ s, /** @type {number} */ y, /** @type {string} */ colour, grow = 0) => {
      const [from, to] = [x(s.from), x(Math.min(s.to, now_ns))];
      if (to < LABEL_PX) return;
      g.fillStyle = colour;
      g.beginPath();
      g.roundRect(from - grow, y - grow, Math.max(2, to - from) + 2 * grow, BAR_PX + 2 * grow, 4);
      g.fill();
      if (s.cut) {
        g.fillStyle = COLOURS.cut;
        g.fillRect(to - 2, y - 3, 3, BAR_PX + 6);
      }
    };
    for (const turn of lanes.userTurns.values()) bar(turn, LANE.you, COLOURS.yourTurn, 3);
    for (const s of lanes.userSpeech) bar(s, LANE.you, COLOURS.you);
    for (const s of lanes.agentSpeech.values()) if (s.from <= now_ns) bar(s, LANE.agent, COLOURS.agent);
    g.fillStyle = COLOURS.quiet;
    g.strokeStyle = COLOURS.quiet;
    let right = this.canvas.clientWidth; // the newest are named first; who is too close to them stays without a name
    for (const gap of lanes.gaps.toReversed()) {
      const [from, to] = [x(gap.from), x(gap.to)];
      g.beginPath();
      g.moveTo(from, LANE.you + BAR_PX + 4);
      g.lineTo(to, LANE.agent - 3);
      g.stroke();
      const text = inSeconds((gap.to - gap.from) / 1e6);
      if (to + 4 + g.measureText(text).width < right) g.fillText(text, to + 4, LANE.agent - 8);
      right = from - 4;
    }
  }

  /** @param {CanvasRenderingContext2D} g @param {(t: number) => number} x @param {number} now_ns */
  ideas(g, x, now_ns) {
    const ideas = [...this.lanes.ideas.values()].filter((idea) => idea.at <= now_ns).sort((a, b) => a.at - b.at);
    const marks = ideas.map((idea) => {
      const { state } = idea;
      const dropped = ["rejected", "expired", "superseded", "cancelled"].includes(state);
      const colour = dropped ? COLOURS.dropped : state === "finished" ? COLOURS.finished : state === "started" ? COLOURS.started : COLOURS.noted;
      const shape = /** @type {"cross" | "full" | "ring"} */ (dropped ? "cross" : state === "finished" ? "full" : "ring");
      const at = x(idea.at);
      return { label: idea.label, at, to: idea.from ? Math.max(at, x(Math.min(idea.to, now_ns))) : at, row: this.row(idea), colour, shape };
    });
    for (const { at, to, row, colour } of marks) {
      g.fillStyle = colour;
      if (to > at + 1) g.fillRect(at, rowY(row) + 2.5, to - at, 2);
    }
    // The newest are named first; who finds another's mark or name in the way, or the edge, stays without a name.
    const right = ROWS.map(() => this.canvas.clientWidth);
    for (const { label, at, to, row, colour } of marks.toReversed()) {
      const left = Math.min(to, at + 30) + 7;
      const end = left + g.measureText(label).width;
      const free = marks.every((other) => other.row !== row || other.at === at || other.at + MARK_PX < left || other.at - MARK_PX - 2 > end);
      if (label && left >= LABEL_PX && end < right[row] && free) {
        g.clearRect(left - 3, rowY(row) - 3, end - left + 6, 14); // lines stop before it
        g.fillStyle = colour;
        g.fillText(label, left, rowY(row) + 4);
        right[row] = left - 4;
      }
    }
    for (const { at, row, colour, shape } of marks) {
      g.fillStyle = g.strokeStyle = colour;
      mark(g, at, rowY(row) + 3.5, shape);
    }
  }

  /** An idea keeps its row while it moves to the left. @param {import("./lanes.js").Idea} idea */
  row(idea) {
    const row = this.rows.get(idea) ?? this.rowed++ % ROWS.length;
    this.rows.set(idea, row);
    return row;
  }
}

const rowY = (/** @type {number} */ row) => LANE.ideas + row * 15 + 1;

/** @param {CanvasRenderingContext2D} g @param {number} x @param {number} y @param {"cross" | "full" | "ring"} shape */
function mark(g, x, y, shape) {
  g.beginPath();
  g.lineWidth = 2;
  if (shape === "cross") {
    g.moveTo(x - 3, y - 3);
    g.lineTo(x + 3, y + 3);
    g.moveTo(x + 3, y - 3);
    g.lineTo(x - 3, y + 3);
    g.stroke();
  } else {
    g.arc(x, y, 3.5, 0, 2 * Math.PI);
    if (shape === "full") g.fill();
    else g.stroke();
  }
  g.lineWidth = 1;
}
