// @ts-check
/**
 * Microphone and camera of this page: what they ask for, and how they send.
 *
 * Echo cancellation, noise suppression and gain control are the browser's; `?processing=off` switches them off (for measurements and
 * tests that compare audio). A muted microphone sends silence, so that the agent hears the end of what was said; so does one that
 * push-to-talk has closed, but of that the agent is not told: it is listening to the person all the same.
 */
import { Device } from "./device.js";
import { message } from "./wire.js";

const CAMERA_FPS = 15;
const CAMERA_SIZE = { width: 640, height: 480 };
const JPEG_QUALITY = 0.72;

export class Microphone extends Device {
  /** @param {import("./stream.js").Connection} connection @param {(level: number) => void} onLevel RMS, 0 to 1 */
  constructor(connection, onLevel) {
    super("microphone");
    this.connection = connection;
    this.onLevel = onLevel;
    /** To be given before the first start. @type {AudioContext | null} */
    this.context = null;
    /** @type {MediaStreamAudioSourceNode | null} */
    this.source = null;
    /** @type {AudioWorkletNode | null} */
    this.node = null;
    this.muted = false;
    /** Closed by push-to-talk until it is held. */
    this.closed = false;
    this.index = 0;
    this.unsent = 0;
  }

  /** @override */
  async prepare() { // without https there is no audioWorklet; then asking says what to do
    await this.context?.audioWorklet?.addModule("microphone-worklet.js");
  }

  /** @override @param {string} id */
  constraints(id) {
    const plain = new URLSearchParams(location.search).get("processing") === "off";
    return { audio: { ...chosen(id), echoCancellation: !plain, noiseSuppression: !plain, autoGainControl: !plain, channelCount: { ideal: 1 } } };
  }

  /** @override @param {MediaStream} stream */
  use(stream) {
    const context = /** @type {AudioContext} */ (this.context);
    this.node = new AudioWorkletNode(context, "microphone", { numberOfInputs: 1, numberOfOutputs: 0 });
    this.node.port.onmessage = ({ data }) => {
      this.onLevel(this.muted || this.closed ? 0 : data.level);
      const pcm = new Uint8Array(data.pcm.buffer, data.pcm.byteOffset, data.pcm.byteLength);
      const block = message("user_audio", { pcm, sample_rate_hz: 16000, index: this.index++ });
      if (!this.connection.send(block, true)) this.unsent += 1;
    };
    this.source = context.createMediaStreamSource(stream);
    this.source.connect(this.node);
    this.gate();
  }

  /** @override The audio thread would keep for good what is connected, or still wants to be called. */
  unuse() {
    this.source?.disconnect();
    if (this.node) {
      this.node.port.onmessage = null;
      this.node.port.postMessage("end");
    }
    this.source = this.node = null;
    this.onLevel(0);
  }

  /** @override Who starts again wants to be heard. */
  stop() {
    this.muted = false;
    super.stop();
  }

  /** @param {boolean} muted */
  mute(muted) {
    this.muted = muted;
    this.gate();
    this.tell();
  }

  /** @param {boolean} closed */
  close(closed) {
    this.closed = closed;
    this.gate();
  }

  gate() {
    for (const track of this.stream?.getAudioTracks() ?? []) track.enabled = !this.muted && !this.closed;
  }

  /** @override Tell the agent whether it can hear this page. */
  tell() {
    const state = this.on && !this.muted ? "microphone_on" : "microphone_off";
    this.connection.send(message("viewer", { state }));
  }
}

export class Camera extends Device {
  /** @param {import("./stream.js").Connection} connection @param {HTMLVideoElement} preview */
  constructor(connection, preview) {
    super("camera");
    this.connection = connection;
    this.preview = preview;
    this.canvas = document.createElement("canvas");
    this.index = 0;
    this.busy = false;
    this.timer = 0;
  }

  /** @override @param {string} id */
  constraints(id) {
    return { video: { ...chosen(id), width: { ideal: CAMERA_SIZE.width }, height: { ideal: CAMERA_SIZE.height }, frameRate: { ideal: CAMERA_FPS } } };
  }

  /** @override @param {MediaStream} stream */
  async use(stream) {
    this.preview.srcObject = stream;
    this.preview.hidden = false;
    this.timer = window.setInterval(() => this.shoot(), 1000 / CAMERA_FPS);
    await this.preview.play();
  }

  /** @override */
  unuse() {
    clearInterval(this.timer);
    this.preview.srcObject = null;
    this.preview.hidden = true;
  }

  /** @override */
  tell() {
    this.connection.send(message("viewer", { state: this.on ? "camera_on" : "camera_off" }));
  }

  async shoot() {
    const { stream } = this;
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
      if (this.stream !== stream) return; // switched off in the meantime
      this.connection.send(message("user_video", { jpeg, index: this.index++ }), true);
    } finally {
      this.busy = false;
    }
  }
}

/** @param {string} device */
const chosen = (device) => (device ? { deviceId: { exact: device } } : {});
