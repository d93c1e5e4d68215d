/** The last minute on lanes: what becomes of speech, turns, ideas and the gaps before answers. */
import assert from "node:assert/strict";
import { KEPT_MAX, Lanes } from "../../../avatar/page/thinking/lanes.js";

const S = 1e9;

/** @param {...any} messages with times in seconds */
function lanesOf(...messages) {
  const lanes = new Lanes();
  for (const { t_s, start_s, end_s, ...rest } of messages) {
    lanes.take({ t_ns: t_s * S, ...(start_s && { start_ns: start_s * S }), ...(end_s && { end_ns: end_s * S }), ...rest });
  }
  return lanes;
}
const heard = (state, t_s) => ({ type: "user_speech", state, t_s });
const turn = (state, t_s, more) => ({ type: "turn", speaker: "user", turn_id: "t", state, t_s, ...more });
const said = (state, t_s, more) => ({ type: "agent_speech", response_id: "r", clause: 0, duration_ms: 1000, state, t_s, ...more });
const answer = (state, t_s) => ({ type: "intention_answer", intention_id: "i", state, t_s });

Deno.test("speech lasts from its start to its end, and for ever while it goes on", () => {
  const lanes = lanesOf(heard("started", 1), heard("ended", 2), heard("started", 3));
  assert.deepEqual(lanes.userSpeech, [{ from: S, to: 2 * S }, { from: 3 * S, to: Infinity }]);
});

Deno.test("the gap goes from the person's last sound to the agent's first, once", () => {
  const lanes = lanesOf(turn("started", 1), turn("ended", 3.5, { end_s: 3 }), said("started", 4), said("started", 5, { clause: 1 }));
  assert.deepEqual(lanes.gaps, [{ from: 3 * S, to: 4 * S }]);
});

Deno.test("what was said to others leaves no gap, nor does an answer that never came", () => {
  assert.deepEqual(lanesOf(turn("ended", 3, { addressed: 0.2 }), said("started", 4)).gaps, []);
  assert.deepEqual(lanesOf(turn("ended", 3), said("started", 19)).gaps, []);
});

Deno.test("a turn from before the page joined stands for the speech that it did not hear", () => {
  const told = turn("ended", 3, { start_s: 1, end_s: 2 });
  assert.deepEqual(lanesOf(told).userSpeech, [{ from: S, to: 2 * S }]);
  assert.equal(lanesOf(heard("started", 1), heard("ended", 2), told).userSpeech.length, 1, "what it heard is not told twice");
});

Deno.test("an interruption cuts what is spoken and takes away what was to come", () => {
  const lanes = lanesOf(said("started", 1), said("started", 2, { clause: 1 }), said("interrupted", 1.5), said("started", 9, { response_id: "next" }));
  assert.deepEqual([...lanes.agentSpeech.values()], [
    { response: "r", from: S, to: 1.5 * S, cut: true },
    { response: "next", from: 9 * S, to: 10 * S },
  ]);
});

Deno.test("a pause ends a stretch uncut, and going on begins another", () => {
  const lanes = lanesOf(said("started", 1), said("paused", 1.4), said("resumed", 2, { duration_ms: 600 }));
  assert.deepEqual([...lanes.agentSpeech.values()], [
    { response: "r", from: S, to: 1.4 * S, cut: false },
    { response: "r", from: 2 * S, to: 2.6 * S },
  ]);
});

Deno.test("an idea lasts from its start to whatever became of it, though its answer come first", () => {
  const idea = { type: "intention", id: "i", kind: "gaze", t_s: 1 };
  const [found] = lanesOf(answer("accepted", 0.9), idea, answer("started", 2), answer("done", 3)).ideas.values();
  assert.deepEqual(found, { at: 0.9 * S, from: 2 * S, to: 3 * S, label: "look", state: "done" });
});

for (const [fields, label] of [
  [{ kind: "dialogue", label: "ask", content: "How?" }, "speak"],
  [{ kind: "dialogue", label: "stop" }, "stop"],
  [{ kind: "attention", label: "door" }, "look"],
  [{ kind: "gesture", label: "wave_hand" }, "wave hand"],
  [{ kind: "gesture", label: "" }, "gesture"],
]) {
  Deno.test(`an idea of ${JSON.stringify(fields)} is labelled "${label}"`, () => {
    assert.equal(lanesOf({ type: "intention", id: "i", t_s: 1, ...fields }).ideas.get("i")?.label, label);
  });
}

Deno.test("an end that never came is not drawn for ever", () => {
  const lanes = lanesOf(heard("started", 1));
  lanes.prune(42 * S);
  assert.deepEqual(lanes.userSpeech, [{ from: S, to: 2 * S }]);
  lanes.prune(80 * S);
  assert.deepEqual(lanes.userSpeech, []);
});

Deno.test("an hour leaves no more than its last minute", () => {
  const lanes = new Lanes();
  for (let s = 0; s < 3600; s++) {
    const t_ns = s * S;
    lanes.take({ type: "user_speech", state: "started", t_ns });
    if (s % 7) lanes.take({ type: "user_speech", state: "ended", t_ns: t_ns + 5e8 });
    lanes.take({ type: "turn", speaker: "user", state: "started", turn_id: `t${s}`, start_ns: t_ns, t_ns });
    lanes.take({ type: "agent_speech", state: "started", response_id: `r${s}`, clause: 0, t_ns: t_ns + 6e8, duration_ms: 300 });
    lanes.take({ type: "intention", id: `i${s}`, kind: "gaze", t_ns });
    lanes.take({ type: "intention_answer", intention_id: `i${s}`, state: "started", t_ns });
    lanes.prune(t_ns);
  }
  const sizes = [lanes.userSpeech.length, lanes.userTurns.size, lanes.agentSpeech.size, lanes.ideas.size, lanes.gaps.length];
  assert.ok(Math.max(...sizes) <= 120, `${sizes}`);
  assert.ok(lanes.agentSpeech.size >= 60, "the minute itself is there");
});

Deno.test("an hour in which nothing is drawn leaves no more than the newest of each lane", () => {
  const lanes = new Lanes();
  for (let s = 0; s < 3600; s++) {
    const t_ns = s * S;
    lanes.take({ type: "user_speech", state: "started", t_ns });
    lanes.take({ type: "turn", speaker: "user", state: "ended", turn_id: `t${s}`, start_ns: t_ns, end_ns: t_ns + 5e8, t_ns: t_ns + 5e8 });
    lanes.take({ type: "agent_speech", state: "started", response_id: `r${s}`, clause: 0, t_ns: t_ns + 6e8, duration_ms: 300 });
    lanes.take({ type: "intention", id: `i${s}`, kind: "gaze", t_ns });
  }
  const sizes = [lanes.userSpeech.length, lanes.userTurns.size, lanes.agentSpeech.size, lanes.ideas.size, lanes.gaps.length];
  assert.deepEqual(sizes, sizes.map(() => KEPT_MAX));
  assert.equal(lanes.gaps.at(-1)?.to, 3599 * S + 6e8, "the newest are kept");
});

Deno.test("the minute in words", () => {
  assert.equal(new Lanes().summary(0), "The last minute: you spoke not at all, the agent not at all; it had no ideas of its own.");
  const lanes = lanesOf(
    heard("started", 61), heard("ended", 62), heard("started", 63), heard("ended", 64),
    said("started", 65), said("started", 66, { clause: 1 }), { type: "intention", id: "i", kind: "gaze", t_s: 67 },
  );
  assert.equal(lanes.summary(70 * S), "The last minute: you spoke 2 times, the agent once; it had one idea of its own.");
  assert.equal(lanes.summary(200 * S), new Lanes().summary(0), "what is older does not count");
});
