/** What the tests of the page's modules share: closeness, time that passes when told, meshes. */
import assert from "node:assert/strict";

/** @param {ArrayLike<number>} actual @param {ArrayLike<number>} expected @param {number} within */
export function near(actual, expected, within = 1e-6) {
  const close = actual.length === expected.length && Array.from(actual).every((value, i) => Math.abs(value - expected[i]) <= within);
  assert.ok(close, `${Array.from(actual)} is not within ${within} of ${Array.from(expected)}`);
}

/** Take the place of the page's clock and timers until `end`. */
export function virtualTime() {
  const { clearTimeout, window } = globalThis;
  const { now } = performance;
  let now_ms = 0;
  let made = 0;
  /** @type {Map<number, {at_ms: number, run: () => void}>} */
  const timers = new Map();
  performance.now = () => now_ms;
  globalThis.clearTimeout = (id) => void timers.delete(id);
  globalThis.window = {
    setTimeout: (run, after_ms) => {
      timers.set(++made, { at_ms: now_ms + after_ms, run });
      return made;
    },
  };
  return {
    /** @param {number} span_ms */
    pass(span_ms) {
      const until_ms = now_ms + span_ms;
      for (;;) {
        const [next] = [...timers].filter(([, timer]) => timer.at_ms <= until_ms).sort(([, a], [, b]) => a.at_ms - b.at_ms);
        if (!next) break;
        timers.delete(next[0]);
        now_ms = next[1].at_ms;
        next[1].run();
      }
      now_ms = until_ms;
    },
    waiting: () => timers.size,
    end() {
      performance.now = now;
      Object.assign(globalThis, { clearTimeout, window });
    },
  };
}
