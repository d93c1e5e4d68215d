// @ts-check
/** Wires the page together: the stream drives figure, voice, captions and log; buttons drive microphone, camera and text. */
import { Choices } from "./choices.js";
import { Consent } from "./consent.js";
import { Conversation } from "./conversation.js";
import { Camera, Microphone } from "./devices.js";
import { Health } from "./health.js";
import { HALTED_MS } from "./idle.js";
import { MotionBuffer } from "./motion.js";
import { coveredRight, wirePanel } from "./narrow.js";
import { Peer } from "./peer.js";
import { PushToTalk } from "./push-to-talk.js";
import { Roles } from "./roles.js";
import { wireSettings } from "./settings.js";
import { Connection } from "./stream.js";
import { wireSwitches } from "./switches.js";
import { Theatre } from "./theatre.js";
import { Thinking } from "./thinking/panel.js";
import { VoiceOrder } from "./voice-order.js";
import { Voice } from "./voice.js";
import { message, poseOf } from "./wire.js";

const element = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const button = (/** @type {string} */ id) => /** @type {HTMLButtonElement} */ (document.getElementById(id));
const field = /** @type {HTMLInputElement} */ (document.getElementById("text"));

const connection = new Connection();
const motion = new MotionBuffer();
const voice = new Voice(connection, () => motion.delay_ns);
const conversation = new Conversation(element, () => connection.now_ns() - motion.delay_ns);
const thinking = new Thinking(element, connection);
const health = new Health(element);
const consent = new Consent(element, connection);
const microphone = new Microphone(connection, showLevel);
const camera = new Camera(connection, /** @type {HTMLVideoElement} */ (element("preview")));
const choices = new Choices(element);
const peer = new Peer(connection);
const roles = new Roles();
const order = new VoiceOrder((piece) => roles.active && voice.push(piece));
const hold = new PushToTalk(button("hold"), () => choices.pushToTalk && microphone.on && !microphone.muted && roles.active, showHold);
/** @type {AudioContext | null} */
let context = null;
let replay = false;
/** Who has not begun to answer after this has left it at that. */
const THINKS_MS = 12000;
let hintTimer = 0;
/** A hint that asks for nothing is shown for this long. */
const NOTICE_MS = 8_000;

// ---------------------------------------------------------------- the picture

const theatre = new Theatre(/** @type {HTMLCanvasElement} */ (element("stage")), coveredRight, hint);
theatre.begin().catch(() => hint("The figure could not be loaded. Reload the page to try again; you can still talk and type."));
wireSettings(element, theatre);

function draw() {
  requestAnimationFrame(draw);
  const now_ms = performance.now();
  theatre.draw(motion.at(connection.now_ns(), voice.lag_ns), now_ms - motion.arrived_ms > HALTED_MS, now_ms);
}
requestAnimationFrame(draw);
setInterval(() => conversation.refresh(), 60);

// ---------------------------------------------------------------- what comes in

connection.addEventListener("message", (event) => {
  const { message: m, live } = /** @type {CustomEvent} */ (event).detail;
  switch (m.type) {
    case "motion_frame":
      motion.push(poseOf(m), connection.now_ns());
      return;
    case "agent_audio":
      if (peer.open || order.waiting.length > 0) order.push(m);
      else if (roles.active) voice.push(m);
      return;
    case "heartbeat":
      health.take(m);
      return;
  }
  if (m.type === "agent_speech" && m.state === "interrupted") voice.drop(m.response_id);
  if (m.type === "agent_speech" && m.state === "paused") voice.hold(m.response_id);
  if (m.type === "agent_speech" && m.state === "resumed") voice.go_on(m.response_id, m.t_ns);
  if (m.type === "person_percept") sees(m);
  conversation.take(m);
  thinking.take(m);
  state.take(m, live);
});
connection.addEventListener("live", () => {
  state.connected = true;
  state.ended = false;
  state.show();
  consent.tell(); // this and the rest: after a reconnect
  if (roles.renew() && context) claim();
  if (microphone.on) microphone.tell();
  if (camera.on) camera.tell();
});
connection.addEventListener("hello", (event) => {
  replay = /** @type {CustomEvent} */ (event).detail.replay;
  element("poor").hidden = !peer.offered;
  for (const id of ["camera", "stop", "typing", "talking-button"]) element(id).hidden = replay;
  people.clear();
  state.forget();
  element("sees").hidden = true;
  health.clear();
  if (!consent.given) devicesOff(); // a house that did not record has come back as one that does
  showTalk();
});
connection.addEventListener("down", (event) => {
  state.connected = false;
  if (/** @type {CustomEvent} */ (event).detail.code === 1001) state.ended = true;
  state.show();
});
connection.addEventListener("session", () => {
  conversation.begin();
  state.speaking.clear();
});
connection.addEventListener("role", (event) => {
  const words = roles.take(/** @type {CustomEvent} */ (event).detail, replay ? "replay" : microphone.on ? "heard" : "silent");
  if (words !== null) hint(words, roles.active ? NOTICE_MS : 0);
  if (!roles.active) voice.dropAll();
  if (!roles.active && !roles.taken && context) claim();
  showTalk();
});

/** What the agent does, in one word. */
const state = {
  connected: false,
  /** @type {Set<string>} */ speaking: new Set(),
  userSpeaks: false,
  /** Until when it may be taken to think: nobody has to answer. */
  thinking_ms: 0,
  ended: false,
  /** @param {any} m @param {boolean} live */
  take(m, live) {
    if (m.type === "agent_speech") {
      const key = `${m.response_id}/${m.clause}`;
      if (m.state === "started") this.speaking.add(key);
      else if (m.state === "interrupted") this.speaking.clear();
      else if (m.state === "finished") this.speaking.delete(key);
      if (m.state !== "planned") this.thinks(false);
      if (!live) this.speaking.clear();
    } else if (m.type === "user_speech") this.userSpeaks = m.state === "started";
    else if (m.type === "turn" && m.speaker === "user") this.thinks(live && m.state === "ended" && (m.addressed ?? 1) >= 0.5);
    else if (m.type === "turn" && m.state === "ended") this.speaking.clear();
    else if (m.type === "typed_text") this.thinks(live);
    else if (m.type === "session_control") this.ended = m.action === "stop";
    else return;
    this.show();
  },
  /** @param {boolean} on */
  thinks(on) {
    this.thinking_ms = on ? performance.now() + THINKS_MS : 0;
  },
  /** Nothing of what went on before a connection was lost is taken to go on. */
  forget() {
    this.speaking.clear();
    this.userSpeaks = false;
    this.thinks(false);
  },
  show() {
    const open = microphone.on && !microphone.muted;
    let [name, text] = ["ready", !open ? "Ready" : choices.pushToTalk ? "Ready, hold to talk" : "Ready, just talk"];
    if (this.ended) [name, text] = ["ended", "The session has ended"];
    else if (!this.connected) [name, text] = ["connecting", "Connecting"];
    else if (this.speaking.size > 0) [name, text] = ["speaking", "Speaking"];
    else if (this.userSpeaks || hold.held) [name, text] = ["listening", "Listening"];
    else if (performance.now() < this.thinking_ms) [name, text] = ["thinking", "Thinking"];
    else if (replay) text = "Playing a recording";
    const line = element("state");
    if (line.dataset.state !== name) line.dataset.state = name;
    if (element("state-text").textContent !== text) element("state-text").textContent = text;
    button("stop").disabled = this.speaking.size === 0 && !voice.playing;
  },
};
setInterval(() => state.show(), 500);

/** @type {Set<string>} */
const people = new Set();
/** @param {any} m */
function sees(m) {
  if (m.state === "left") people.delete(m.person_id);
  else people.add(m.person_id);
  element("sees").hidden = false;
  element("sees").textContent = people.size === 0 ? "Sees nobody" : people.size === 1 ? "Sees you" : `Sees ${people.size} people`;
}

// ---------------------------------------------------------------- what goes out

const TO_TALK = "You can watch and listen. To talk, type or use the camera, agree to the recording first.";

/** Audio needs a click first; every click that means "talk with me" comes through here. */
async function unlock() {
  if (!context) {
    context = new AudioContext({ latencyHint: "interactive" });
    voice.unlock(context);
    microphone.context = context;
  }
  if (context.state !== "running") await context.resume();
  claim();
  return context;
}

function claim() {
  roles.claim();
  connection.control("claim");
}

button("talk").addEventListener("click", async () => {
  hint("");
  button("talk").disabled = true;
  try {
    const agreed = replay || (await consent.ask());
    await unlock(); // who does not agree may listen
    if (!agreed) throw new Error(TO_TALK);
    showHold(false);
    if (!replay && !microphone.on) await microphone.start(choices.device("microphone"));
    choices.list();
  } catch (error) {
    hint(error instanceof Error ? error.message : "The microphone could not be opened.");
  }
  button("talk").disabled = false;
  showTalk();
  state.show();
});

button("mute").addEventListener("click", () => {
  microphone.mute(!microphone.muted);
  showTalk();
  state.show();
});

wireSwitches({
  microphone, camera, choices, hint,
  button: button("camera"),
  async permit() {
    const agreed = await consent.ask();
    await unlock();
    if (!agreed) throw new Error(TO_TALK);
  },
  show() {
    showTalk();
    state.show();
  },
});

button("stop").addEventListener("click", () => {
  connection.control("interrupt");
  voice.dropAll();
});

const TEXT_MAX = field.maxLength.toLocaleString("en-GB");
const FULL = `A message can have ${TEXT_MAX} characters; anything beyond that is left out. Send this part first, then the rest.`;
field.addEventListener("input", () => {
  const full = field.value.length >= field.maxLength;
  if (full !== (element("hint").textContent === FULL)) hint(full ? FULL : "");
});

element("typing").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (!text) return;
  if (text.length > field.maxLength) {
    hint(`This message has ${text.length.toLocaleString("en-GB")} characters, but only ${TEXT_MAX} can be sent at once. Please shorten it.`);
    return;
  }
  hint("");
  if (connection.live && !(await consent.ask())) hint(TO_TALK);
  else if (connection.send(message("typed_text", { text }))) {
    field.value = "";
    await unlock();
  } else hint(state.ended ? "The session has ended. When a new one begins, this page joins it by itself." : "There is no connection to the agent right now. The page reconnects by itself; then send it again.");
});

window.addEventListener("keydown", (event) => {
  const closes = document.querySelector(":popover-open, dialog[open]"); // then Escape means that, not the agent
  if (event.key === "Escape" && !event.isComposing && !closes && !button("stop").disabled) button("stop").click();
});

peer.want(choices.poorConnection);
choices.addEventListener("poor-connection", () => peer.want(choices.poorConnection));
choices.addEventListener("push-to-talk", () => {
  showHold(hold.held);
  showTalk();
});

/** @param {boolean} held */
function showHold(held) {
  microphone.close(choices.pushToTalk && !held);
  button("hold").setAttribute("aria-pressed", String(held));
  button("hold").textContent = held ? "It hears you" : "Hold to talk";
  state.show();
}

function devicesOff() {
  microphone.stop();
  camera.stop();
}

function showTalk() {
  const on = microphone.on;
  const { active } = roles;
  button("talk").hidden = (on || replay) && active;
  button("talk").textContent = replay ? "Switch on sound" : roles.elsewhere ? "Talk here" : "Start talking";
  button("hold").hidden = !on || !active || microphone.muted || !choices.pushToTalk;
  button("mute").hidden = !on || !active;
  button("mute").setAttribute("aria-pressed", String(microphone.muted));
  button("mute").textContent = microphone.muted ? "Unmute" : "Mute";
  element("meter").hidden = !on || !active;
  hold.look();
}

/** @param {number} level RMS, 0 to 1 */
function showLevel(level) {
  const share = Math.min(1, Math.max(0, 1 + Math.log10(Math.max(level, 1e-4)) / 3));
  /** @type {HTMLElement} */ (element("meter").firstElementChild).style.transform = `scaleX(${share.toFixed(3)})`;
  element("meter").setAttribute("aria-valuenow", String(Math.round(100 * share)));
}

/** @param {string} text @param {number} [for_ms] how long it is shown; until the next one where 0 */
function hint(text, for_ms = 0) {
  clearTimeout(hintTimer);
  if (for_ms > 0) hintTimer = window.setTimeout(() => hint(""), for_ms);
  element("hint").textContent = text;
  element("hint").hidden = text === "";
}

// The token has done its work once the cookie is set; it need not stay in the history.
if (new URLSearchParams(location.search).has("token")) {
  const rest = new URLSearchParams(location.search);
  rest.delete("token");
  history.replaceState(null, "", `${location.pathname}${rest.size ? `?${rest}` : ""}`);
}

// What opens below the header begins where its lines end.
new ResizeObserver(([header]) => {
  document.documentElement.style.setProperty("--header-height", `${Math.ceil(header.contentRect.height)}px`);
}).observe(/** @type {Element} */ (document.querySelector("header")));
wirePanel(element);

/** Read-only view for tests and for people with the developer tools open. */
Object.defineProperty(window, "attune", {
  value: {
    connection, motion, voice, microphone, camera, consent, theatre, thinking, choices, peer,
    get stage() {
      return theatre.stage;
    },
    get figure() {
      return theatre.figure;
    },
  },
});
