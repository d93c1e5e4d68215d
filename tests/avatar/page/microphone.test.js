/** The microphone's resampler: from whatever rate the device has to 16 kHz, flat where speech is, silent where it would fold back. */
import assert from "node:assert/strict";

const QUANTUM = 128;
const blocks = [];
let Microphone;
Object.assign(globalThis, {
  AudioWorkletProcessor: class {
    port = { postMessage: (block) => blocks.push({ ...block, pcm: block.pcm.slice() }) };
  },
  registerProcessor: (_name, Processor) => (Microphone = Processor),
});
await import("../../../avatar/page/microphone-worklet.js");

/** What goes out for a tone. @param {number} rate_hz of the device @param {number} tone_hz @param {number} channels */
function heard(rate_hz, tone_hz, channels = 1) {
  blocks.length = 0;
  globalThis.sampleRate = rate_hz;
  const made = new Microphone();
  const quanta = Math.round(rate_hz / 2 / QUANTUM);
  for (let q = 0; q < quanta; q++) {
    const samples = Float32Array.from({ length: QUANTUM }, (_, i) => 0.5 * Math.sin((2 * Math.PI * tone_hz * (q * QUANTUM + i)) / rate_hz));
    assert.equal(made.process([Array(channels).fill(samples)]), true);
  }
  return blocks;
}
/** Decibels by which a tone of half the full scale goes through. */
const gain_db = (...tone) => 20 * Math.log10(heard(...tone).at(-1).level / (0.5 / Math.SQRT2));

for (const rate_hz of [16_000, 44_100, 48_000, 96_000]) {
  Deno.test(`${rate_hz} Hz become 16 kHz in blocks of 32 ms`, () => {
    heard(rate_hz, 1000);
    assert.ok(Math.abs(blocks.length - 15) <= 1, `${blocks.length} blocks of half a second`);
    const { pcm } = blocks[5];
    assert.equal(pcm.length, 512);
    const crossings = pcm.filter((value, i) => i > 0 && value >= 0 && pcm[i - 1] < 0).length;
    assert.equal(crossings, 32, "one kHz");
  });
}

for (const tone_hz of [250, 3000, 6250]) {
  Deno.test(`${tone_hz} Hz pass within 0.1 dB`, () => assert.ok(Math.abs(gain_db(48_000, tone_hz)) < 0.1));
}

for (const tone_hz of [8500, 9500, 12_000, 20_000]) {
  Deno.test(`${tone_hz} Hz do not fold back: 70 dB down`, () => assert.ok(gain_db(48_000, tone_hz) < -70));
}

Deno.test("two channels become one of the same level", () => {
  assert.ok(Math.abs(gain_db(48_000, 440, 2)) < 0.1);
});
