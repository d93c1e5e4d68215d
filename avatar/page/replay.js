// @ts-check
/**
 * A recorded session in one file (`attune share`): its own data, no server. The sound is the clock; figure, captions and intentions follow
 * it, and stand as they stood at whatever time is sought.
 *
 * `window.attuneReplay.show(seconds)` draws one moment; `attune render` makes a film by asking for one after the other.
 */
import { loadCharacter } from "./character.js";
import { Conversation } from "./conversation.js";
import { Figure } from "./figure.js";
import { blendPoses } from "./motion.js";
import { coveredRight, wirePanel } from "./narrow.js";
import { qualityOf, storedChoice } from "./quality.js";
import { Stage } from "./stage.js";
import { Thinking } from "./thinking/panel.js";
import { Past } from "./thinking/past.js";
import { restPose } from "./wire.js";

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const film = new URLSearchParams(location.hash.slice(1)).has("film");

/** Each replaces the one before: of many that are passed over, only the newest is drawn. */
const STATES = ["cognitive_cycle", "knowledge"];
const DRAW_MS = 250;

/** @param {string} base64 @returns {Uint8Array<ArrayBuffer>} */
const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

/** @param {string} base64 @returns {Promise<ArrayBuffer>} */
const unpacked = (base64) => new Response(new Blob([bytes(base64)]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

class Recording {
  /** @param {any} data @param {Int32Array} times_us @param {Int16Array} differences column by column @param {{at: number, m: any}[]} events */
  constructor(data, times_us, differences, events) {
    this.duration_s = data.duration_s;
    this.times_us = times_us;
    this.events = events;
    /** @type {{name: string, size: number, scale: number}[]} */
    this.columns = data.columns;
    const n = times_us.length;
    this.columnsOf = differences; // added up in place: column c of frame i stands at c * n + i
    for (let at = 0; at < differences.length; at++) if (at % n) differences[at] += differences[at - 1];
    this.shown = restPose();
    this.ends = [restPose(), restPose()];
  }

  static async read() {
    const data = JSON.parse(element("data").textContent ?? "");
    const [times, frames, events] = await Promise.all([unpacked(data.times_us), unpacked(data.frames), unpacked(data.events)]);
    const recording = new Recording(data, new Int32Array(times), new Int16Array(frames), JSON.parse(new TextDecoder().decode(events)));
    const stage = new Stage(/** @type {HTMLCanvasElement} */ (element("stage")), qualityOf(storedChoice()), coveredRight);
    const figure = new Figure(await loadCharacter(await unpacked(data.character)), stage.quality);
    stage.scene.add(figure.root);
    stage.frame(figure);
    return { recording, stage, figure, sound: data.sound ? URL.createObjectURL(new Blob([bytes(data.sound)], { type: "audio/ogg" })) : "" };
  }

  /** The body at a time. @param {number} t_s */
  pose(t_s) {
    const { times_us } = this;
    let low = 0;
    let high = times_us.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (times_us[middle] < 1e6 * t_s) low = middle + 1;
      else high = middle;
    }
    const before = Math.max(0, low - 1);
    const gap = times_us[low] - times_us[before];
    const share = gap > 0 ? Math.min(1, Math.max(0, (1e6 * t_s - times_us[before]) / gap)) : 0;
    return blendPoses(this.shown, this.frame(before, this.ends[0]), this.frame(low, this.ends[1]), share);
  }

  /** @param {number} index @param {import("./wire.js").Pose} pose */
  frame(index, pose) {
    const n = this.times_us.length;
    let column = 0;
    for (const { name, size, scale } of this.columns) {
      const part = pose[/** @type {"rotations"} */ (name)];
      for (let i = 0; i < size; i++, column++) part[i] = this.columnsOf[column * n + index] * scale;
    }
    pose.t_ns = 1e3 * this.times_us[index];
    return pose;
  }
}

class Player {
  /** @param {Recording} recording @param {Stage} stage @param {Figure} figure @param {string} sound */
  constructor(recording, stage, figure, sound) {
    this.recording = recording;
    this.stage = stage;
    this.figure = figure;
    this.audio = sound ? new Audio(sound) : null;
    this.at_s = this.from_s = 0;
    this.playing = false;
    this.shown_s = -1;
    this.next = 0;
    this.since = 0;
    this.drawn_ms = -Infinity;
    const past = new Past(() => 1e9 * this.at_s);
    this.thinking = new Thinking(element, past, false);
    past.greet();
    document.body.classList.toggle("film", film);
    this.begin();
  }

  /** Captions and panel as of the start. */
  begin() {
    element("transcript").replaceChildren();
    for (const id of ["caption-user", "caption-agent"]) element(id).hidden = true;
    this.conversation = new Conversation(element, () => 1e9 * this.at_s);
    this.thinking.clear();
    this.next = 0;
  }

  /** Draw one moment. @param {number} t_s */
  show(t_s) {
    if (t_s < this.shown_s) this.begin();
    const delta_s = Math.abs(t_s - this.shown_s);
    this.at_s = this.shown_s = t_s;
    const { events } = this.recording;
    /** @type {Map<string, any>} */
    const newest = new Map();
    for (; this.next < events.length && events[this.next].at <= t_s; this.next++) {
      const { m } = events[this.next];
      this.conversation?.take(m);
      if (STATES.includes(m.type)) newest.set(m.type, m);
      else this.thinking.take(m);
    }
    for (const m of newest.values()) this.thinking.take(m);
    if (film || delta_s > 1 || performance.now() - this.drawn_ms > DRAW_MS) {
      this.drawn_ms = performance.now();
      this.thinking.refresh(film || delta_s > 1);
    }
    this.conversation?.refresh();
    this.figure.apply(this.recording.pose(t_s), delta_s, this.stage.view);
    this.stage.draw();
  }

  /** The present time of what is played. */
  now_s() {
    if (!this.playing) return this.at_s;
    return this.audio ? this.audio.currentTime : this.from_s + (performance.now() - this.since) / 1e3;
  }

  /** @param {boolean} on */
  async play(on) {
    if (on && this.at_s >= this.recording.duration_s - 0.05) this.seek(0);
    if (!on && !this.audio) this.at_s = this.now_s();
    this.since = performance.now();
    this.from_s = this.at_s;
    this.playing = on;
    if (this.audio) await (on ? this.audio.play() : this.audio.pause());
    element("play").textContent = on ? "Pause" : "Play";
  }

  /** @param {number} t_s */
  seek(t_s) {
    this.at_s = this.from_s = Math.min(this.recording.duration_s, Math.max(0, t_s));
    this.since = performance.now();
    if (this.audio) this.audio.currentTime = this.at_s;
  }
}

/** @param {number} s */
const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

/** How loud it is: a button and a slider, for this page only. @param {HTMLAudioElement} audio */
function loudness(audio) {
  const mute = /** @type {HTMLButtonElement} */ (element("mute"));
  const volume = /** @type {HTMLInputElement} */ (element("volume"));
  mute.hidden = volume.hidden = false;
  const show = () => {
    mute.textContent = audio.muted ? "Unmute" : "Mute";
    mute.setAttribute("aria-pressed", String(audio.muted));
    volume.value = String(audio.muted ? 0 : audio.volume);
    volume.setAttribute("aria-valuetext", `${Math.round(100 * Number(volume.value))} %`);
  };
  mute.addEventListener("click", () => {
    audio.muted = !audio.muted;
    if (!audio.muted && audio.volume === 0) audio.volume = 1;
  });
  volume.addEventListener("input", () => {
    audio.volume = Number(volume.value);
    audio.muted = audio.volume === 0;
  });
  audio.addEventListener("volumechange", show);
  show();
}

/** @param {Player} player */
function controls(player) {
  wirePanel(element);
  if (player.audio) loudness(player.audio);
  const seek = /** @type {HTMLInputElement} */ (element("seek"));
  const { duration_s } = player.recording;
  seek.max = String(duration_s);
  element("play").addEventListener("click", () => player.play(!player.playing).catch(hint));
  seek.addEventListener("input", () => player.seek(Number(seek.value)));
  window.addEventListener("keydown", (event) => {
    if (event.target !== document.body) return;
    if (event.key === " ") player.play(!player.playing).catch(hint);
    else if (event.key === "m" && player.audio) player.audio.muted = !player.audio.muted;
    else if (event.key === "ArrowLeft") player.seek(player.now_s() - 5);
    else if (event.key === "ArrowRight") player.seek(player.now_s() + 5);
    else return;
    event.preventDefault();
  });
  const draw = () => {
    requestAnimationFrame(draw);
    const t_s = Math.min(duration_s, player.now_s());
    player.show(t_s);
    if (document.activeElement !== seek || player.playing) seek.value = String(t_s);
    const text = `${clock(t_s)} / ${clock(duration_s)}`;
    if (element("clock").textContent !== text) {
      element("clock").textContent = text;
      seek.setAttribute("aria-valuetext", text);
    }
    if (player.playing && t_s >= duration_s - 0.01) player.play(false).catch(hint);
  };
  requestAnimationFrame(draw);
}

/** @param {unknown} error */
function hint(error) {
  element("hint").textContent = error instanceof Error ? error.message : "The sound cannot be played.";
  element("hint").hidden = false;
}

try {
  const { recording, stage, figure, sound } = await Recording.read();
  const player = new Player(recording, stage, figure, sound);
  if (film) player.show(0);
  else controls(player);
  Object.defineProperty(window, "attuneReplay", { value: player });
  document.body.dataset.ready = "";
} catch (error) {
  hint(error);
}
