/** Motion between ticks: what is shown of frames that come late, early, in disorder, or not at all. */
import assert from "node:assert/strict";
import { blendPoses, MotionBuffer } from "../../../avatar/page/motion.js";
import { restPose } from "../../../avatar/page/wire.js";
import { near } from "./support.js";

/** A hip that rises by one a second, lids that close as fast. */
function moving() {
  const buffer = new MotionBuffer();
  return {
    buffer,
    push: (t_ms, late_ms = 0) => {
      const pose = Object.assign(restPose(), { t_ns: t_ms * 1e6 });
      pose.hips[1] = t_ms / 1000;
      pose.face[2] = t_ms / 1000;
      buffer.push(pose, (t_ms + late_ms) * 1e6);
    },
    /** Hip, lid and time of what is shown once the delay is over. */
    at: (t_ms) => {
      buffer.wanted_ns = buffer.delay_ns;
      const pose = buffer.at(t_ms * 1e6 + buffer.delay_ns);
      return [pose.hips[1], pose.face[2], pose.t_ns / 1e6];
    },
  };
}

Deno.test("where a frame is late the body goes on for one tick and the face waits", () => {
  const { push, at } = moving();
  push(0);
  push(20);
  near(at(10), [0.01, 0.01, 10]);
  near(at(30), [0.03, 0.02, 30]);
  near(at(40), [0.04, 0.02, 40]);
  near(at(90), [0.04, 0.02, 40]);
});

Deno.test("how one frame moves on is not known, nor one after a gap", () => {
  const { push, at } = moving();
  push(20);
  near(at(90), [0.02, 0.02, 20]);
  push(200);
  near(at(230), [0.2, 0.2, 200]);
});

Deno.test("before the first frame the figure stands at rest", () => {
  assert.deepEqual(new MotionBuffer().at(1e9), restPose());
});

Deno.test("before the oldest frame that oldest frame is shown", () => {
  const { push, at } = moving();
  push(100);
  push(120);
  near(at(50), [0.1, 0.1, 100]);
});

Deno.test("a frame that others overtook on the way is dropped", () => {
  const { buffer, push } = moving();
  push(0);
  push(40);
  push(20);
  assert.deepEqual(buffer.frames.map((frame) => frame.t_ns), [0, 40e6]);
});

Deno.test("a new session, and a long gap, begin anew", () => {
  const { buffer, push } = moving();
  push(5000);
  push(20); // the clock has gone back by more than a frame can be overtaken
  assert.deepEqual(buffer.frames.map((frame) => frame.t_ns), [20e6]);
  push(2500);
  assert.deepEqual(buffer.frames.map((frame) => frame.t_ns), [2500e6]);
});

Deno.test("no more than the last frames are kept", () => {
  const { buffer, push } = moving();
  for (let k = 0; k < 500; k++) push(20 * k);
  assert.equal(buffer.frames.length, 32);
  assert.ok(buffer.lateness.length <= 75);
});

Deno.test("the delay follows the lateness without a jump in time", () => {
  const { buffer, push } = moving();
  const times = [];
  for (let k = 0; k < 400; k++) {
    push(20 * k, k < 200 ? 2 : 60);
    buffer.at((20 * k + 5) * 1e6);
    times.push(20 * k + 5 - buffer.delay_ns / 1e6);
    if (k === 190) near([buffer.delay_ns / 1e6], [22], 0.5);
  }
  near([buffer.delay_ns / 1e6], [80], 0.5);
  const steps = times.slice(1).map((time, i) => time - times[i]);
  assert.ok(Math.min(...steps) >= 20 * 0.95 - 1e-6 && Math.max(...steps) <= 20 * 1.05 + 1e-6);
});

for (const [late_ms, delay_ms] of [[-500, 20], [0, 20], [50, 70], [3000, 120]]) {
  Deno.test(`frames that come ${late_ms} ms late are awaited for ${delay_ms} ms`, () => {
    const { buffer, push } = moving();
    for (let k = 0; k < 50; k++) push(20 * k, late_ms);
    assert.equal(buffer.wanted_ns, delay_ms * 1e6);
  });
}

Deno.test("one frame in five that comes very late does not count", () => {
  const { buffer, push } = moving();
  for (let k = 0; k < 100; k++) push(20 * k, k % 5 === 0 ? 90 : 5);
  assert.equal(buffer.wanted_ns, 25e6);
});

Deno.test("where the voice is late the mouth waits for it and the body does not", () => {
  const buffer = new MotionBuffer();
  for (let k = 0; k < 10; k++) {
    const pose = Object.assign(restPose(), { t_ns: 20e6 * k });
    pose.visemes[10] = k / 10;
    pose.hips[1] = k / 10;
    buffer.push(pose, 20e6 * k);
  }
  buffer.wanted_ns = buffer.delay_ns;
  const shown = buffer.at(150e6 + buffer.delay_ns, 100e6);
  near([shown.hips[1], shown.visemes[10]], [0.75, 0.25]);
  near([buffer.at(150e6 + buffer.delay_ns, 900e6).visemes[10]], [0]); // older than what is kept
});

Deno.test("a turn is halved by half the blend, the short way round, and stays a rotation", () => {
  const [a, b, out] = [restPose(), restPose(), restPose()];
  const quaternion = (angle, sign) => [0, sign * Math.sin(angle / 2), 0, sign * Math.cos(angle / 2)];
  a.rotations.set(quaternion(0.2, 1), 0);
  b.rotations.set(quaternion(0.6, -1), 0); // the same rotation as with the other sign
  blendPoses(out, a, b, 0.5);
  near(out.rotations.subarray(0, 4), quaternion(0.4, 1));
  for (const s of [0, 0.3, 1, 2]) {
    blendPoses(out, a, b, s);
    near([Math.hypot(...out.rotations.subarray(0, 4))], [1]);
  }
});
