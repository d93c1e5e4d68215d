// @ts-check
/**
 * Microphone and camera of this page: asking, sending, switching off, and words for what can go wrong.
 *
 * Echo cancellation, noise suppression and gain control are the browser's; `?processing=off` switches them off (for measurements and
 * tests that compare audio). A muted microphone sends silence, so that the agent hears the end of what was said; so does one that
 * push-to-talk has closed, but of that the agent is not told: it is listening to the person all the same.
 */
import { ask } from "./permission.js";
import { message } from "./wire.js";

const CAMERA_FPS = 15;
const CAMERA_SIZE = { width: 640, height: 480 };
const JPEG_QUALITY = 0.72;

export class Microphone {
  /** @param {import("./stream.js").Connection} connection @param {(level: number) => void} onLevel RMS, 0 to 1 */
  constructor(connection, onLevel) {
    this.connection = connection;
    this.onLevel = onLevel;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    this.muted = false;
    /** Closed by push-to-talk until it is held. */
    this.closed = false;
    this.index = 0;
    this.unsent = 0;
  }

  get on() {
    return this.stream !== null;
  }

  /** Ask for the microphone and begin to send; throws with a sentence for people. @param {AudioContext} context @param {string} [device] id, empty for the usual one */
  async start(context, device = "") {
    if (this.stream) return;
    const plain = new URLSearchParams(location.search).get("processing") === "off";
    const stream = await ask("microphone", device, {
      audio: { ...chosen(device), echoCancellation: !plain, noiseSuppression: !plain, autoGainControl: !plain, channelCount: { ideal: 1 } },
    });
    await context.audioWorklet.addModule("microphone-worklet.js");
    const node = new AudioWorkletNode(context, "microphone", { numberOfInputs: 1, numberOfOutputs: 0 });
    node.port.onmessage = ({ data }) => {
      this.onLevel(this.muted || this.closed ? 0 : data.level);
      const pcm = new Uint8Array(data.pcm.buffer, data.pcm.byteOffset, data.pcm.byteLength);
      const block = message("user_audio", { pcm, sample_rate_hz: 16000, index: this.index++ });
      if (!this.connection.send(block, true)) this.unsent += 1;
    };
    context.createMediaStreamSource(stream).connect(node);
    this.stream = stream;
    this.node = node;
    this.open();
    stream.getAudioTracks()[0].addEventListener("ended", () => this.stop());
    this.tell();
  }

  stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    if (this.node) this.node.port.onmessage = null;
    this.stream = null;
    this.node = null;
    this.onLevel(0);
    this.tell();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.open();
    this.tell();
  }

  /** @param {boolean} closed */
  close(closed) {
    this.closed = closed;
    this.open();
  }

  open() {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !this.muted && !this.closed;
  }

  /** Tell the agent whether it can hear this page. */
  tell() {
    const state = this.on && !this.muted ? "microphone_on" : "microphone_off";
    this.connection.send(message("viewer", { state }));
  }
}

export class Camera {
  /** @param {import("./stream.js").Connection} connection @param {HTMLVideoElement} preview */
  constructor(connection, preview) {
    this.connection = connection;
    this.preview = preview;
    /** @type {MediaStream | null} */
    this.stream = null;
    this.canvas = document.createElement("canvas");
    this.index = 0;
    this.busy = false;
    this.timer = 0;
  }

  get on() {
    return this.stream !== null;
  }

  /** @param {string} [device] id, empty for the usual one */
  async start(device = "") {
    if (this.stream) return;
    const stream = await ask("camera", device, { video: { ...chosen(device), ...idealSize(), frameRate: { ideal: 15 } } });
    this.stream = stream;
    this.preview.srcObject = stream;
    this.preview.hidden = false;
    await this.preview.play();
    stream.getVideoTracks()[0].addEventListener("ended", () => this.stop());
    this.timer = window.setInterval(() => this.shoot(), 1000 / CAMERA_FPS);
    this.tell();
  }

  stop() {
    clearInterval(this.timer);
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = null;
    this.preview.srcObject = null;
    this.preview.hidden = true;
    this.tell();
  }

  tell() {
    this.connection.send(message("viewer", { state: this.on ? "camera_on" : "camera_off" }));
  }

  async shoot() {
    const { videoWidth, videoHeight } = this.preview;
    if (this.busy || !videoWidth || !this.connection.ready) return;
    this.busy = true;
    try {
      const scale = Math.min(1, CAMERA_SIZE.width / videoWidth);
      this.canvas.width = Math.round(videoWidth * scale);
      this.canvas.height = Math.round(videoHeight * scale);
      this.canvas.getContext("2d")?.drawImage(this.preview, 0, 0, this.canvas.width, this.canvas.height);
      const blob = await new Promise((done) => this.canvas.toBlob(done, "image/jpeg", JPEG_QUALITY));
      if (!blob) return;
      const jpeg = new Uint8Array(await blob.arrayBuffer());
      this.connection.send(message("user_video", { jpeg, index: this.index++ }), true);
    } finally {
      this.busy = false;
    }
  }
}

const idealSize = () => ({ width: { ideal: CAMERA_SIZE.width }, height: { ideal: CAMERA_SIZE.height } });

/** @param {string} device */
const chosen = (device) => (device ? { deviceId: { exact: device } } : {});
