/** Breath and blinks where no motion comes, nothing added where it does, and no jump between the two. */
import assert from "node:assert/strict";
import { Idle } from "../../../avatar/page/idle.js";
import { JOINTS, restPose } from "../../../avatar/page/wire.js";

const CHEST = 4 * JOINTS.indexOf("chest");

/** A stream that stands still, elsewhere than at rest. */
function stream() {
  const pose = restPose();
  pose.rotations.set([Math.sin(0.2), 0, 0, Math.cos(0.2)], CHEST);
  return pose;
}

Deno.test("while nothing comes the figure breathes and blinks", () => {
  const idle = new Idle();
  const chest = [];
  const lids = [];
  for (let f = 0; f < 60 * 15; f++) {
    const pose = idle.over(restPose(), true, f / 60);
    chest.push(pose.rotations[CHEST]);
    lids.push(pose.face[2]);
  }
  assert.ok(Math.max(...chest) - Math.min(...chest) > 0.005, "breath");
  const blinks = lids.filter((lid, i) => lid > 0.5 && lids[i - 1] <= 0.5);
  assert.equal(blinks.length, 4);
});

Deno.test("the stream is shown as it is, once it runs", () => {
  const idle = new Idle();
  for (let f = 0; f < 60; f++) idle.over(stream(), true, f / 60);
  for (let f = 60; f < 180; f++) idle.over(stream(), false, f / 60);
  assert.ok(idle.quiet);
  assert.deepEqual(idle.over(stream(), false, 3).rotations, stream().rotations);
});

Deno.test("neither the stream's beginning nor its halt is a jump", () => {
  const idle = new Idle();
  const angles = [];
  for (let f = 0; f < 60 * 12; f++) { // it comes after 4 s and halts at 10.5 s, in the middle of a breath
    const pose = f < 240 ? restPose() : stream();
    angles.push(idle.over(pose, f < 240 || f >= 630, f / 60).rotations[CHEST]);
  }
  const most = (from, to) => Math.max(...angles.slice(from, to).map((angle, i) => Math.abs(angle - angles[from + i - 1])));
  const way = Math.sin(0.2);
  assert.ok(most(1, 300) < way / 10, `${most(1, 300)} a frame at the beginning`);
  assert.ok(most(300, 720) < way / 200, `${most(300, 720)} a frame at the halt`);
});
