/** Other small parts without a picture: a recording in a connection's place, and what is impaired in plain words. */
import assert from "node:assert/strict";
import { Health } from "../../../avatar/page/health.js";
import { Past } from "../../../avatar/page/thinking/past.js";

Deno.test("a recording greets as one that remembers, and takes nothing", () => {
  const past = new Past(() => 7);
  const told = [];
  past.addEventListener("hello", (event) => told.push(event.detail));
  past.greet();
  assert.deepEqual(told, [{ session_ns: 0, remembers: true, replay: true }]);
  assert.equal(past.send({}), false);
  assert.equal(past.now_ns(), 7);
});

/** The line for these heartbeats; null while it is hidden. */
function line(...beats) {
  const element = { hidden: true, textContent: "" };
  const health = new Health(() => element);
  for (const beat of beats) health.take(beat);
  return element.hidden ? null : element.textContent;
}
const degraded = (source, detail) => ({ source, status: "degraded", detail });

Deno.test("while all is well nothing is said", () => {
  assert.equal(line({ source: "behavioral", status: "ok" }), null);
  assert.equal(line(degraded("behavioral", "vision: no camera"), { source: "behavioral", status: "ok" }), null);
});

Deno.test("what is impaired is said once, in plain words", () => {
  assert.equal(line(degraded("behavioral", "vision: gone")), "Seeing is impaired: it may not notice people.");
  const twice = line(degraded("cognitive", "a cycle failed"), degraded("cognitive-2", "a cycle failed"));
  assert.equal(twice, "Initiative is impaired: it answers, but may not begin on its own.");
  assert.match(line(degraded("behavioral", "hearing: x; language model: y")), /^Hearing .* Thinking /);
});

Deno.test("an unknown trouble, of a known room and of an unknown one", () => {
  assert.match(line(degraded("recorder", "?")), /^Recording is impaired/);
  assert.equal(line(degraded("nobody", "?")), "Something is impaired just now.");
});
