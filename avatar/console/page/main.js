// @ts-check
/** The operator console: buttons, fields and keys to acts; what is held to what is shown. */
import { Connection } from "./connection.js";
import { listen, show } from "./keys.js";
import { View, by, clock, words } from "./view.js";

const TEXT_MAX = 1000;
const PHRASES = ["Hello!", "Yes.", "No.", "Please go on.", "Could you say that again?", "Thank you, goodbye."];
const LOOKS = [["person", "At the person", "J"], ["away", "Away", "K"], ["down", "Down", "L"]];
const FACES = [["happy", "1"], ["sad", "2"], ["angry", "3"], ["surprised", "4"], ["relaxed", "5"]];
const CHANNELS = [
  ["voice", "Voice", "V", "its own replies wait"],
  ["body", "Body", "B", "its own gestures, looks and faces wait"],
  ["initiative", "Initiative", "I", "ideas of its own are refused"],
];
const QUICK = { wave: "W", yes: "Y", no: "X" };

// The cookie carries the token from here on: it need not stay in the address, where it would be in every screenshot.
history.replaceState(null, "", "/operator");

const connection = new Connection();
const view = new View();
const state = { held: /** @type {string[]} */ ([]), stopped: false, paused: false };
const sayText = /** @type {HTMLTextAreaElement} */ (by("say-text"));
const noteText = /** @type {HTMLTextAreaElement} */ (by("note-text"));
const strength = /** @type {HTMLInputElement} */ (by("strength"));
const confirmBox = /** @type {HTMLDialogElement} */ (by("confirm"));

/** @param {string} text */
function tell(text) {
  by("message").textContent = text;
  by("message").hidden = !text;
}

/** @param {string} deed @param {object} [fields] */
function act(deed, fields) {
  tell("");
  return connection.act(deed, fields);
}

/** @param {HTMLElement} into @param {string} text @param {string} key @param {() => void} run */
function button(into, text, key, run) {
  const made = document.createElement("button");
  made.type = "button";
  made.append(text);
  if (key) {
    const shown = document.createElement("kbd");
    shown.textContent = key;
    made.append(" ", shown);
    made.setAttribute("aria-keyshortcuts", key);
  }
  made.addEventListener("click", run);
  into.append(made);
  return made;
}

/** @param {string} question @param {string} yes @param {() => void} run */
function ask(question, yes, run) {
  by("confirm-text").textContent = question;
  const agree = by("confirm-yes");
  agree.textContent = yes;
  agree.onclick = () => {
    confirmBox.close();
    run();
  };
  confirmBox.showModal();
  by("confirm-no").focus();
}
by("confirm-no").addEventListener("click", () => confirmBox.close());

// ------------------------------------------------------------ say and note

/** @param {boolean} over_speech */
function say(over_speech) {
  const text = sayText.value;
  if (!text.trim()) return tell("There is nothing to say: write something first.");
  if (text.length > TEXT_MAX) return tell(`That is too long: ${text.length} of at most ${TEXT_MAX} characters.`);
  if (act("say", { text, over_speech }) >= 0) sayText.value = "";
  count();
}
function note() {
  const text = noteText.value;
  if (!text.trim()) return tell("The note is empty.");
  if (text.length > TEXT_MAX) return tell(`That is too long: ${text.length} of at most ${TEXT_MAX} characters.`);
  if (act("note", { text }) >= 0) noteText.value = "";
}
function count() {
  by("say-count").textContent = sayText.value ? `${sayText.value.length} of ${TEXT_MAX}` : "";
}
by("say").addEventListener("submit", (event) => {
  event.preventDefault();
  say(false);
});
by("say-now").addEventListener("click", () => say(true));
sayText.addEventListener("input", count);
sayText.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  say(event.ctrlKey || event.metaKey);
});
by("note").addEventListener("submit", (event) => {
  event.preventDefault();
  note();
});
noteText.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  note();
});

// ------------------------------------------------------------ body

const look = (/** @type {string} */ label) => act("gaze", { label });
const face = (/** @type {string} */ label) => act("expression", { label, strength: Number(strength.value) / 100 });
const gesture = (/** @type {string} */ label) => act("gesture", { label });
for (const text of PHRASES) button(by("phrases"), text, "", () => act("say", { text }));
for (const [label, text, key] of LOOKS) button(by("looks"), text, key, () => look(label));
for (const [label, key] of FACES) button(by("faces"), label, key, () => face(label));
strength.addEventListener("input", () => {
  by("strength-shown").textContent = `${strength.value} %`;
});
const filter = /** @type {HTMLInputElement} */ (by("gesture-filter"));
function find() {
  const wanted = filter.value.trim().toLowerCase();
  for (const made of by("gestures").children) {
    /** @type {HTMLElement} */ (made).hidden = !(made.textContent ?? "").toLowerCase().includes(wanted);
  }
}
filter.addEventListener("input", find);
filter.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const first = [...by("gestures").children].find((made) => !(/** @type {HTMLElement} */ (made).hidden));
  if (first) /** @type {HTMLElement} */ (first).click();
});

/** @param {string[]} labels */
function showGestures(labels) {
  if (by("gestures").children.length || !labels.length) return;
  for (const label of labels) {
    button(by("gestures"), words(label), /** @type {Record<string, string>} */ (QUICK)[label] ?? "", () => gesture(label));
  }
}

// ------------------------------------------------------------ what is held

/** @type {Map<string, HTMLButtonElement>} */
const channelButtons = new Map();
for (const [channel, name, key, effect] of CHANNELS) {
  const made = button(by("channels"), "", "", () => toggle(channel));
  made.setAttribute("aria-keyshortcuts", key);
  made.dataset.name = name;
  const text = document.createElement("span");
  const small = document.createElement("small");
  small.textContent = `Taken over: ${effect}`;
  text.append(document.createElement("span"), small);
  const shown = document.createElement("kbd");
  shown.textContent = key;
  made.append(text, shown);
  channelButtons.set(channel, made);
}
/** @param {string} channel */
function toggle(channel) {
  act(state.held.includes(channel) ? "give" : "take", { channel });
}
by("pause").addEventListener("click", () => act(state.paused ? "resume" : "pause"));
by("end").addEventListener("click", () => ask("End the session? The agent stops, and everybody is disconnected.", "End the session", () => act("end")));
by("emergency").addEventListener("click", () => act("emergency_stop"));
by("release").addEventListener("click", () => ask("Release the stop? The agent may speak and move again.", "Release", () => act("release")));
by("condition").addEventListener("submit", (event) => {
  event.preventDefault();
  const name = /** @type {HTMLInputElement} */ (by("condition-name")).value.trim();
  if (!name) return tell("Give the condition a name.");
  act("condition", { text: name, initiative: /** @type {HTMLInputElement} */ (by("condition-initiative")).checked });
});
by("condition-name").addEventListener("change", () => {
  const name = /** @type {HTMLInputElement} */ (by("condition-name")).value.trim();
  const box = /** @type {HTMLInputElement} */ (by("condition-initiative"));
  if (name === "proactive" || name === "reactive") box.checked = name === "proactive";
});

function showState() {
  for (const [channel, made] of channelButtons) {
    const held = state.held.includes(channel);
    made.setAttribute("aria-pressed", String(held));
    const label = /** @type {HTMLElement} */ (made.querySelector("span > span"));
    label.textContent = `${made.dataset.name}: ${held ? "yours, hand back" : "the agent's, take over"}`;
  }
  by("stopped").hidden = !state.stopped;
  const pause = by("pause");
  pause.setAttribute("aria-pressed", String(state.paused));
  /** @type {ChildNode} */ (pause.firstChild).textContent = state.paused ? "Let the agent go on " : "Pause the agent ";
}

function showAgent() {
  const pill = by("agent");
  const speaking = pill.dataset.speaking === "yes";
  const text = state.stopped ? "stopped" : state.paused ? "paused" : speaking ? "speaking" : "ready";
  pill.textContent = `Agent: ${text}`;
  pill.dataset.state = state.stopped || state.paused ? "bad" : speaking ? "busy" : "good";
}

// ------------------------------------------------------------ messages

connection.addEventListener("message", (event) => {
  const message = /** @type {CustomEvent} */ (event).detail;
  if (message.type === "hello") {
    view.clear();
    by("link").textContent = `Connected as ${message.operator}`;
    by("link").dataset.state = "good";
    by("recorded").textContent = message.recorded ? "Recorded" : "Nothing is recorded";
    by("recorded").dataset.state = message.recorded ? "good" : "bad";
  } else if (message.type === "refused") tell(message.message);
  else if (message.type === "operators") {
    by("operators").hidden = message.count < 2;
    by("operators").textContent = `${message.count} consoles are open`;
  } else if (message.type === "operator_state") {
    Object.assign(state, { held: message.held, stopped: message.stopped, paused: message.paused });
    by("condition-now").textContent = message.condition
      ? `${message.condition} (${message.initiative ? "acts of its own accord" : "only answers"})` : "none set";
    showGestures(message.gestures);
    showState();
  }
  view.take(message);
  showAgent();
});
connection.addEventListener("down", () => {
  by("link").textContent = "Not connected";
  by("link").dataset.state = "down";
});
setInterval(() => {
  by("clock").textContent = by("note-time").textContent = clock(connection.now_ns() - view.start_ns);
}, 250);

// ------------------------------------------------------------ keys

const focus = (/** @type {HTMLElement} */ element) => () => {
  element.focus();
};
const keys = [
  { key: "s", shown: "S", does: "write what to say", run: focus(sayText) },
  { key: "n", shown: "N", does: "write a note", run: focus(noteText) },
  { key: "g", shown: "G", does: "find a gesture", run: focus(filter) },
  ...CHANNELS.map(([channel, name, key]) => (
    { key: key.toLowerCase(), shown: key, does: `${name.toLowerCase()}: take over or hand back`, run: () => toggle(channel) })),
  { key: "p", shown: "P", does: "pause, or let the agent go on", run: () => void act(state.paused ? "resume" : "pause") },
  ...LOOKS.map(([label, text, key]) => ({ key: key.toLowerCase(), shown: key, does: `look ${text.toLowerCase()}`, run: () => void look(label) })),
  ...FACES.map(([label, key]) => ({ key, shown: key, does: `face: ${label}`, run: () => void face(label) })),
  ...Object.entries(QUICK).map(([label, key]) => ({ key: key.toLowerCase(), shown: key, does: `gesture: ${label}`, run: () => void gesture(label) })),
];
show([{ key: "", shown: "Esc", does: "emergency stop, also while you type", run: () => {} }, ...keys], by("keys"));
listen(keys, () => void act("emergency_stop"));
showState();

