// @ts-check
/**
 * The button of the camera, and what microphone and camera have in common on the page: a choice made in a list holds at once where the device is on,
 * and a device that goes off by itself says so.
 */

const LOST = {
  microphone: "The microphone has gone off: it was unplugged, or the browser no longer allows it. Plug it in or choose another under “Microphone and camera”, then press “Start talking”. You can still type.",
  camera: "The camera has gone off: it was unplugged, or the browser no longer allows it. Plug it in or choose another under “Microphone and camera”, then press “Camera”.",
};

/**
 * @param {object} page
 * @param {import("./devices.js").Microphone} page.microphone
 * @param {import("./devices.js").Camera} page.camera
 * @param {import("./choices.js").Choices} page.choices
 * @param {HTMLButtonElement} page.button of the camera
 * @param {() => Promise<unknown>} page.permit throws with a sentence where the person may not show themselves
 * @param {(text: string) => void} page.hint
 * @param {() => void} page.show shows anew what is on
 */
export function wireSwitches({ microphone, camera, choices, button, permit, hint, show }) {
  const pressed = () => button.getAttribute("aria-pressed") === "true";

  // A press turns what the button shows: while the browser asks that is still off, and a second press asks again.
  button.addEventListener("click", async () => {
    hint("");
    if (pressed()) {
      camera.stop();
      return;
    }
    try {
      await permit();
      await camera.start(choices.device("camera"));
      choices.list();
    } catch (error) {
      hint(error instanceof Error ? error.message : "The camera could not be opened.");
    }
  });

  for (const device of [microphone, camera]) {
    choices.addEventListener(device.what, async () => {
      if (!device.on && !device.starting) return;
      hint("");
      try {
        await device.start(choices.device(device.what));
      } catch (error) {
        hint(error instanceof Error ? error.message : "The device could not be opened.");
      }
    });
    device.addEventListener("lost", () => hint(LOST[device.what]));
    device.addEventListener("change", () => {
      button.setAttribute("aria-pressed", String(camera.on));
      show();
    });
  }
}
