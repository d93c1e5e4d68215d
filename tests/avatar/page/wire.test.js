/** Messages of the bus as the page reads and writes them. */
import assert from "node:assert/strict";
import { JOINTS, message, poseOf, read, restPose, SCHEMA, VISEMES } from "../../../avatar/page/wire.js";
import { near } from "./support.js";

const bytes = (numbers) => new Uint8Array(Float32Array.from(numbers).buffer);

Deno.test("a message says its type and the schema", () => {
  const found = read(message("typed_text", { text: "Grüß dich 🙂" }).slice().buffer);
  assert.deepEqual(found, { type: "typed_text", schema: SCHEMA, text: "Grüß dich 🙂" });
});

Deno.test("times of a hundred days are exact to the nanosecond", () => {
  const t_ns = 100 * 86_400e9 + 1;
  assert.equal(read(message("ping", { t_ns }).slice().buffer).t_ns, t_ns);
});

Deno.test("a frame becomes a pose, wherever its numbers lie in the message", () => {
  const frame = {
    t_ns: 7, rotations: bytes(JOINTS.flatMap((_, j) => [0, 0, j / 100, 1])), hips_m: [0.1, 0.2, 0.3], hands: bytes(Array(12).fill(0.5)),
    eyes_rad: [0.1, -0.2], blink: [0.3, 0.4], visemes: bytes(VISEMES.map((_, v) => v / 15)), expression: bytes([1, 0, 0, 0, 0]),
  };
  for (const pad of ["", "x", "xx", "xxx"]) { // shifts what follows off the bounds of four bytes
    const pose = poseOf(read(message("motion_frame", { pad, ...frame }).slice().buffer));
    assert.equal(pose.t_ns, 7);
    near(pose.rotations.subarray(84, 88), [0, 0, 0.21, 1]);
    near(pose.hips, [0.1, 0.2, 0.3]);
    near(pose.face, [0.1, -0.2, 0.3, 0.4]);
    near(pose.visemes.subarray(13), [13 / 15, 14 / 15]);
    near(pose.expression, [1, 0, 0, 0, 0]);
  }
});

Deno.test("at rest every joint has a rotation and the arms hang, one as the other", () => {
  const { rotations } = restPose();
  assert.equal(rotations.length, 4 * JOINTS.length);
  for (let j = 0; j < rotations.length; j += 4) near([Math.hypot(...rotations.subarray(j, j + 4))], [1]);
  const [left, right] = ["leftUpperArm", "rightUpperArm"].map((name) => rotations[4 * JOINTS.indexOf(name) + 2]);
  assert.ok(left < -0.5 && left === -right);
});

Deno.test("each pose at rest is one's own", () => {
  const pose = restPose();
  pose.hips[1] = 9;
  assert.equal(restPose().hips[1], 0);
});
