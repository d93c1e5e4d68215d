/** Everyday words for what the agent reports. That each of its reports has some is tested in tests/avatar/test_page_words.py. */
import assert from "node:assert/strict";
import { restraintWords } from "../../../avatar/page/restraint.js";
import {
  ago, beginWords, capital, cueWords, decisionWords, inSeconds, likely, liveliness, lookWords, mood, personName, plain, sentence,
} from "../../../avatar/page/thinking/words.js";

for (const [say, expected] of [
  [() => restraintWords(""), ""],
  [() => restraintWords("cool-down"), "Waiting: it did something of its own a moment ago."],
  [() => restraintWords("user_intent: the person is speaking"), "Waiting: you are speaking."],
  [() => restraintWords("safety: a reason of tomorrow"), "Waiting for a better moment."],
]) {
  Deno.test(`restraint: "${expected}"`, () => assert.equal(say(), expected));
}

for (const [cue, expected] of [
  ["looks_at_agent", "looked at the agent"],
  ["words: thank you", "said “thank you”"],
  ["word:great, voice:pitch_range+, voice:level+", "said “great”, a livelier tone, a louder voice"],
  ["voice:level+; voice:level+", "a louder voice"],
  ["voice:a_sign_of_tomorrow", "the tone of the voice"],
  ["word:ratio 3:1", "said “ratio 3:1”"],
  ["face turned 0.6 to the agent", "was turned to the agent"],
  ["face turned 0.31 to the agent", "was half turned to the agent"],
  ["face turned 0.29 to the agent", "was turned away"],
  ["looks at red_cup", "looked at red cup"],
  ["a_cue_of_tomorrow", "a cue of tomorrow"],
]) {
  Deno.test(`${cue}: ${expected}`, () => assert.equal(cueWords(cue), expected));
}

Deno.test("what has no words yet is shown as it is, or not at all", () => {
  assert.equal(beginWords("safety"), "Warning of danger");
  assert.equal(beginWords("new_trigger"), "New trigger");
  assert.equal(decisionWords("unheard_of"), "");
  assert.equal(lookWords("away"), "elsewhere");
  assert.equal(lookWords("person_2"), "person 2");
});

/** Each word with the values from which and up to which it holds. */
for (const [scale, say, spans] of [
  ["likely", likely, [["no", 0, 0.119], ["hardly", 0.12, 0.349], ["maybe", 0.35, 0.649], ["probably", 0.65, 0.879], ["yes", 0.88, 1]]],
  ["mood", mood, [["unhappy", -1, -0.51], ["a little low", -0.5, -0.16], ["even", -0.15, 0.15], ["good", 0.16, 0.5], ["very good", 0.51, 1]]],
  ["liveliness", liveliness, [["quiet", -1, -0.31], ["calm", -0.3, 0.3], ["lively", 0.31, 0.6], ["excited", 0.61, 1]]],
]) {
  Deno.test(`${scale} in words`, () => {
    for (const [word, from, to] of spans) assert.deepEqual([say(from), say(to)], [word, word]);
  });
}

Deno.test("times are said as people say them", () => {
  assert.deepEqual([0, 1.4, 2, 89, 90, 601].map(ago), ["just now", "just now", "2 s ago", "89 s ago", "2 min ago", "10 min ago"]);
  assert.deepEqual([0, 640, 9949, 12_300].map(inSeconds), ["0.0 s", "0.6 s", "9.9 s", "12 s"]);
});

Deno.test("a clause becomes a sentence, once", () => {
  assert.deepEqual(["hello ", "What?", "well…", "said “yes!”", "", " "].map(sentence), ["Hello.", "What?", "Well…", "Said “yes!”", "", ""]);
  assert.equal(capital(plain("_two_words_")), "Two words");
  assert.equal(plain(undefined), "");
});

Deno.test("one person alone is you; of several each has a name or a number", () => {
  assert.equal(personName({ person_id: "b", name: "Anna" }, ["b"]), "You");
  assert.equal(personName({ person_id: "b", name: "Anna" }, ["a", "b"]), "Anna");
  assert.equal(personName({ person_id: "b" }, ["a", "b"]), "Person 2");
});

Deno.test("signs of a feeling are said without their names", () => {
  assert.equal(cueWords("word:sad, word:died, voice:level-"), "said “sad”, said “died”, a softer voice");
  assert.equal(cueWords("word:not happy"), "said “not happy”");
  assert.equal(cueWords("words: sad, lonely"), "said “sad, lonely”");
  assert.equal(cueWords("voice:pitch_range+"), "a livelier tone");
  assert.equal(cueWords("voice:something new-"), "the tone of the voice");
});
