// @ts-check
/** What is impaired at present, in one plain line; nothing while all is well. The technical reason is in the log of the house. */

/** Words by what a room reports in its heartbeat (`Heartbeat.detail`). @type {[RegExp, string][]} */
const WORDS = [
  [/\b(hearing|recognition):|recognis/, "Hearing is impaired: it may miss what you say. You can type."],
  [/delivers nothing|a page sends/, "Hearing is impaired: no usable sound arrives. You can type."],
  [/no voice is installed/, "Speaking is impaired: no voice is installed, so its words appear as text."],
  [/no sound for this clause/, "Speaking is impaired: its words appear as text."],
  [/\bvision:|nothing is seen|a picture was not seen/, "Seeing is impaired: it may not notice people."],
  [/language model|no answer within/, "Thinking is impaired: it answers from a simple script."],
  [/the memory cannot be saved/, "Remembering is impaired: it may forget this conversation."],
  [/a cycle failed/, "Initiative is impaired: it answers, but may not begin on its own."],
  [/recording stopped/, "Recording is impaired: it has stopped. The conversation goes on."],
];
/** @type {Record<string, string>} */
const ROOMS = {
  behavioral: "Something is impaired: it may react less well than usual.",
  cognitive: "Initiative is impaired: it answers, but may not begin on its own.",
  recorder: "Recording is impaired: parts of this conversation may be missing.",
};

export class Health {
  /** @param {(id: string) => HTMLElement} element */
  constructor(element) {
    this.line = element("health");
    /** @type {Map<string, string>} */
    this.words = new Map();
  }

  /** @param {{source: string, status: string, detail?: string}} beat a Heartbeat */
  take(beat) {
    if (beat.status === "degraded") this.words.set(beat.source, impairment(beat.source, beat.detail ?? ""));
    else this.words.delete(beat.source);
    this.show();
  }

  /** A new connection tells everything anew. */
  clear() {
    this.words.clear();
    this.show();
  }

  show() {
    const text = [...new Set(this.words.values())].join(" ");
    this.line.hidden = text === "";
    if (this.line.textContent !== text) this.line.textContent = text;
  }
}

/** @param {string} room @param {string} detail */
function impairment(room, detail) {
  const words = WORDS.filter(([pattern]) => pattern.test(detail)).map(([, text]) => text);
  return words.length > 0 ? words.join(" ") : (ROOMS[room] ?? "Something is impaired just now.");
}
