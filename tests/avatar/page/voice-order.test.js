/** Pieces of the agent's voice that overtake each other are played in their order, and none waits for long. */
import assert from "node:assert/strict";
import { VoiceOrder } from "../../../avatar/page/voice-order.js";
import { virtualTime } from "./support.js";

const PAUSE = null;

/** Which pieces of 40 ms are played; from 100 on they belong to the next response. @param {(number | null)[]} arrivals */
function played(arrivals) {
  const time = virtualTime();
  try {
    const out = [];
    const order = new VoiceOrder((piece) => out.push(piece.t_ns / 40e6 + (piece.response_id === "next" ? 100 : 0)));
    for (const n of arrivals) {
      if (n === PAUSE) time.pass(300);
      else order.push({ response_id: n < 100 ? "first" : "next", t_ns: (n % 100) * 40e6, sample_rate_hz: 22050, pcm: new Uint8Array(1764) });
    }
    assert.ok(time.waiting() <= 1, "one timer at most");
    return out;
  } finally {
    time.end();
  }
}

for (const [what, arrivals, expected] of [
  ["in order: at once", [0, 1, 2, 3], [0, 1, 2, 3]],
  ["overtaken: put in order", [0, 2, 3, 1, 4], [0, 1, 2, 3, 4]],
  ["lost: waited for, then passed over, and too late when it comes", [0, 2, 3, PAUSE, 1, 4], [0, 2, 3, 4]],
  ["not yet waited for long enough: nothing beyond the gap", [0, 2, 3], [0]],
  ["sent twice: played once", [0, 1, 1, 2], [0, 1, 2]],
  ["another response: at once", [0, 1, 150, 151], [0, 1, 150, 151]],
  ["an earlier start of the next response", [5, 7, PAUSE, 130, 131], [5, 7, 130, 131]],
]) {
  Deno.test(what, () => assert.deepEqual(played(arrivals), expected));
}

Deno.test("what is missing is waited for 100 ms, within a timer's step", () => {
  const time = virtualTime();
  try {
    const out = [];
    const order = new VoiceOrder((piece) => out.push(piece.t_ns));
    const piece = (t_ns) => ({ response_id: "r", t_ns, sample_rate_hz: 16000, pcm: new Uint8Array(640) });
    order.push(piece(0));
    order.push(piece(60e6));
    time.pass(99);
    assert.deepEqual(out, [0]);
    time.pass(21);
    assert.deepEqual(out, [0, 60e6]);
    assert.equal(time.waiting(), 0, "nothing ticks while nothing waits");
  } finally {
    time.end();
  }
});
