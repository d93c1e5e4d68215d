/** What a model can show is shown the best way it has; half a shape is not shown at all. */
import assert from "node:assert/strict";
import { planFor } from "../../../avatar/page/expressions.js";
import { EXPRESSIONS, VISEMES } from "../../../avatar/page/wire.js";

const viseme = (names, name) => planFor(names).visemes[VISEMES.indexOf(name)];
const emotion = (names, name) => planFor(names).emotions[EXPRESSIONS.indexOf(name)];
const pair = (name) => [`${name}Left`, `${name}Right`];

Deno.test("a model without expressions shows nothing, and nothing breaks", () => {
  assert.deepEqual(planFor([]), { visemes: Array(15).fill([]), emotions: Array(5).fill([]), lids: [[], []], blink: "none", follows: Array(4).fill([]), gaze: null });
});

Deno.test("half a shape is not shown", () => {
  assert.deepEqual(planFor(["mouthSmileLeft", "eyeBlinkLeft"]), planFor([]));
});

Deno.test("visemes of the model's own go before vowels, vowels before ARKit", () => {
  const arkit = ["jawOpen", ...pair("mouthStretch")];
  assert.deepEqual(viseme([...arkit, "aa", "viseme_aa"], "aa"), [["viseme_aa", 1]]);
  assert.deepEqual(viseme([...arkit, "aa"], "aa"), [["aa", 1]]);
  assert.deepEqual(viseme(arkit, "aa"), [["jawOpen", 0.6]]);
  assert.deepEqual(viseme(["vrc.v_oh", "oh"], "oh"), [["vrc.v_oh", 1]]);
});

Deno.test("silence is a closed mouth, whatever shapes there are", () => {
  assert.deepEqual(viseme(["sil", "viseme_sil", "aa", "jawOpen"], "sil"), []);
});

Deno.test("case does not matter, and the model's own spelling is used", () => {
  assert.deepEqual(viseme(["AA"], "aa"), [["AA", 1]]);
  assert.deepEqual(emotion(["Surprised"], "surprised"), [["Surprised", 1]]);
  assert.deepEqual(emotion(["Surprise"], "surprised"), [["Surprise", 1]]);
});

Deno.test("feelings by ARKit's shapes where there is no preset", () => {
  const smile = [...pair("mouthSmile"), ...pair("cheekSquint")];
  assert.deepEqual(emotion(smile, "happy").map(([name]) => name), smile);
  assert.deepEqual(emotion([...smile, "happy"], "happy"), [["happy", 1]]);
  assert.deepEqual(emotion(smile, "angry"), []);
});

for (const [names, lids, blink] of [
  [["blinkLeft", "blinkRight", "blink"], [[["blinkLeft", 1]], [["blinkRight", 1]]], "separate"],
  [pair("eyeBlink"), [[["eyeBlinkLeft", 1]], [["eyeBlinkRight", 1]]], "separate"],
  [["Blink"], [[["Blink", 0.5]], [["Blink", 0.5]]], "together"],
  [["blinkLeft", "blink"], [[["blink", 0.5]], [["blink", 0.5]]], "together"],
]) {
  Deno.test(`lids by ${names.join(", ")}: ${blink}`, () => {
    const plan = planFor(names);
    assert.deepEqual([plan.lids, plan.blink], [lids, blink]);
  });
}

Deno.test("the eyes turn by expressions only where all four directions are there", () => {
  const eyes = ["Out", "In", "Up", "Down"].flatMap((way) => pair(`eyeLook${way}`));
  assert.deepEqual(planFor(eyes).gaze?.[0], [["eyeLookOutLeft", 1], ["eyeLookInRight", 1]], "to the left");
  assert.equal(planFor(eyes.slice(1)).gaze, null);
});
