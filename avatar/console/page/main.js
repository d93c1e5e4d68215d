// @ts-check
/** The operator console: buttons, fields and keys to acts; the session's state and what is held to what is shown. */
import { Connection } from "./connection.js";
import { listen, show } from "./keys.js";
import { keep_in_view } from "./layout.js";
import { by, clock, words } from "./page.js";
import { Session } from "./session.js";
import { View } from "./view.js";

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
const state = new Session();
/** Words that were sent and not yet taken, by the act's number. @type {Map<number, {field: HTMLTextAreaElement, text: string}>} */
const sent = new Map();
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
  send("say", sayText, { text, over_speech });
}
function note() {
  const text = noteText.value;
  if (!text.trim()) return tell("The note is empty.");
  if (text.length > TEXT_MAX) return tell(`That is too long: ${text.length} of at most ${TEXT_MAX} characters.`);
  send("note", noteText, { text });
}
/** @param {string} deed @param {HTMLTextAreaElement} field @param {{text: string, over_speech?: boolean}} fields */
function send(deed, field, fields) {
  const ref = act(deed, fields);
  if (ref < 0) return;
  sent.set(ref, { field, text: fields.text });
  field.value = "";
  count();
}
/** An act was taken, or refused: then its words come back, unless others are being written. @param {number} ref @param {boolean} refused */
function settle(ref, refused) {
  const words = sent.get(ref);
  if (words && refused && !words.field.value) words.field.value = words.text;
  sent.delete(ref);
  count();
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

const lookAt = /** @type {HTMLSelectElement} */ (by("look-at"));
const look = (/** @type {string} */ label) => act("gaze", label === "person" ? { label, person_id: lookAt.value } : { label });
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
  const found = by("gestures").querySelector("button:not([hidden])");
  by("no-gesture").textContent = wanted && !found ? "No gesture of this name." : "";
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
  const made = button(by("channels"), name, key, () => toggle(channel));
  made.setAttribute("aria-label", `Take over: ${name.toLowerCase()}`);
  made.setAttribute("aria-describedby", `channel-${channel}`);
  made.dataset.name = name;
  made.dataset.effect = effect;
  const small = document.createElement("small");
  small.id = `channel-${channel}`;
  made.append(small);
  channelButtons.set(channel, made);
}
/** @param {string} channel */
function toggle(channel) {
  act(state.held.includes(channel) ? "give" : "take", { channel });
}
by("pause").addEventListener("click", () => act(state.paused ? "resume" : "pause"));
by("end").addEventListener("click", () => ask("End the session? The agent stops, and everybody is disconnected.", "End the session", () => act("end")));
by("emergency").addEventListener("click", () => act("emergency_stop"));
by("reconnect").addEventListener("click", () => connection.again());
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
    by(`channel-${channel}`).textContent = held ? `taken over: ${made.dataset.effect}` : "the agent's own";
  }
  by("pause-name").textContent = state.paused ? "Let the agent go on" : "Pause the agent";
  by("pause").dataset.on = state.paused ? "yes" : "";
}

/** @param {HTMLElement} element @param {string} text */
const put = (element, text) => {
  if (element.textContent !== text) element.textContent = text; // what has not changed is not read out again
};

function showSession() {
  const told = state.told;
  put(by("session-name"), told.name);
  put(by("session-detail"), told.detail);
  by("state").dataset.state = told.state;
  by("release").hidden = told.state !== "stopped";
  by("reconnect").hidden = !["ended", "lost", "shut"].includes(told.state);
  const over = told.state === "ended" || told.state === "shut";
  for (const made of document.querySelectorAll("main button:not(#all-notes), #emergency")) {
    /** @type {HTMLButtonElement} */ (made).disabled = over;
  }
}

/** @returns {[text: string, state: string]} */
function doing() {
  const held = (/** @type {string} */ channel) => state.held.includes(channel);
  switch (state.state) {
    case "stopped": return ["stopped", "bad"];
    case "silent": return ["no sign of life", "bad"];
    case "ended": return ["off", "bad"];
    case "running": break;
    default: return ["not known", "bad"];
  }
  if (view.now.speaking) return ["speaking", "busy"];
  if (view.now.hears) return ["hears the person", "busy"];
  if (view.now.unanswered && (held("voice") || state.paused)) return ["waits for your words", "bad"];
  return state.paused ? ["paused", "bad"] : ["ready", "good"];
}

function showAgent() {
  const [text, colour] = doing();
  put(by("agent"), `Agent: ${text}`);
  by("agent").dataset.state = colour;
}

// ------------------------------------------------------------ messages

connection.addEventListener("message", (event) => {
  const message = /** @type {CustomEvent} */ (event).detail;
  state.take(message);
  if (message.type === "hello") {
    view.clear();
    by("link").textContent = `Connected as ${message.operator}`;
    by("link").dataset.state = "good";
    by("recorded").textContent = message.recorded ? "Recorded" : "Nothing is recorded";
    by("recorded").dataset.state = message.recorded ? "good" : "bad";
  } else if (message.type === "refused") {
    tell(state.state === "ended" ? "The session has ended: nothing was sent." : message.message);
    settle(message.ref, true);
  } else if (message.type === "taken") settle(message.ref, false);
  else if (message.type === "operators") {
    by("operators").hidden = message.count < 2;
    by("operators").textContent = `${message.count} consoles are open`;
  } else if (message.type === "operator_state") {
    by("condition-now").textContent = message.condition
      ? `${message.condition} (${message.initiative ? "acts of its own accord" : "only answers"})` : "none set";
    showGestures(message.gestures);
    showState();
  }
  view.take(message);
  showAgent();
  showSession();
});
connection.addEventListener("down", (event) => {
  view.gone();
  state.down(/** @type {CustomEvent} */ (event).detail.ended);
  by("link").textContent = "Not connected";
  by("link").dataset.state = "down";
  for (const ref of [...sent.keys()]) settle(ref, true); // nobody knows what became of it: better to have the words twice
  showAgent();
  showSession();
});
connection.addEventListener("shut", (event) => {
  const { text, full } = /** @type {CustomEvent} */ (event).detail;
  state.shut_out(text, full);
  showAgent();
  showSession();
});
view.addEventListener("replaced", (event) => tell(/** @type {CustomEvent} */ (event).detail));
setInterval(() => {
  if (state.link === "open" && !state.ended) by("clock").textContent = clock(connection.now_ns() - view.log.start_ns);
}, 250);

const logFilter = /** @type {HTMLSelectElement} */ (by("log-filter"));
logFilter.addEventListener("change", () => {
  by("log").dataset.show = logFilter.value;
});
by("all-notes").addEventListener("click", () => {
  logFilter.value = by("log").dataset.show = "note";
  by("happened").scrollIntoView();
  by("log").focus({ preventScroll: true });
});

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
const allKeys = /** @type {HTMLDialogElement} */ (by("all-keys"));
keys.push({ key: "?", shown: "?", does: "show these keys", run: () => allKeys.showModal() });
by("show-keys").addEventListener("click", () => allKeys.showModal());
by("close-keys").addEventListener("click", () => allKeys.close());
show([{ key: "", shown: "Esc", does: "emergency stop, also while you type", run: () => {} }, ...keys], by("keys"));
listen(keys, () => void act("emergency_stop"));
showState();
showSession();
keep_in_view(by("top"), document.querySelectorAll(".column"));

