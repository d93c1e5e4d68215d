// @ts-check
/**
 * Says that the conversation is recorded, where it is, and asks the person before anything of theirs is sent.
 *
 * The badge stays for as long as the page is open. Agreement holds for this page and this recording: after a lost connection the page
 * repeats it to the same recording, a new recording asks anew. The server refuses what comes without it (avatar/consent.py).
 */

/** @typedef {{id: string, voice: boolean, picture: boolean}} Recording */

export class Consent {
  /** @param {(id: string) => HTMLElement} element @param {import("./stream.js").Connection} connection */
  constructor(element, connection) {
    this.connection = connection;
    this.badge = element("recording");
    this.dialog = /** @type {HTMLDialogElement} */ (element("consent"));
    this.kept = element("consent-kept");
    /** @type {Recording | null} */
    this.recording = null;
    /** Id of the recording that the person has agreed to. */
    this.agreedTo = "";
    /** @type {(value?: unknown) => void} */
    let known = () => {};
    this.known = new Promise((resolve) => (known = resolve));
    connection.addEventListener("hello", (event) => {
      this.recording = /** @type {CustomEvent} */ (event).detail.recording;
      this.show();
      known();
    });
    element("agree").addEventListener("click", () => {
      this.agreedTo = this.recording?.id ?? "";
      this.tell();
      this.dialog.close();
    });
    element("decline").addEventListener("click", () => this.dialog.close());
  }

  /** Whether what the person says and shows may be sent. */
  get given() {
    return this.recording === null || this.agreedTo === this.recording.id;
  }

  /** Ask where it is needed; returns whether the person agrees. */
  async ask() {
    await this.known;
    if (this.given) return true;
    if (!this.dialog.open) this.dialog.showModal();
    await new Promise((closed) => this.dialog.addEventListener("close", closed, { once: true }));
    return this.given;
  }

  /** Tell the server of the agreement; to be called on each new connection before anything is sent. */
  tell() {
    if (this.recording && this.given) this.connection.control("consent", { recording: this.recording.id });
  }

  show() {
    this.badge.hidden = this.recording === null;
    if (this.recording === null) {
      this.dialog.close();
      return;
    }
    const { voice, picture } = this.recording;
    const kept = ["what you say and type", voice && "the sound of your voice", picture && "your camera’s pictures"].filter(Boolean);
    const list = kept.length > 1 ? `${kept.slice(0, -1).join(", ")} and ${kept[kept.length - 1]}` : kept[0];
    this.kept.textContent = `The recording keeps ${list}.${picture ? "" : " It keeps no pictures from your camera, only where it saw people."}`;
  }
}
