// @ts-check
/**
 * Of several open pages one talks with the agent (avatar/server.py): whether it is this one, and the words for it.
 *
 * The page that asked last has the say; when it closes, the one that had it before has it again, without a click. Then its microphone
 * is heard again, so it says so.
 */

/** The say has come back, by whether the microphone is on. */
const BACK = {
  heard: "The other window no longer talks with the agent. It hears you here again.",
  silent: "The other window no longer talks with the agent. You can talk here again.",
};

export class Roles {
  constructor() {
    /** Whether this page talks. */
    this.active = false;
    /** Whether any page talks. */
    this.taken = false;
    /** Whether another page has taken over from this one. */
    this.displaced = false;
  }

  /**
   * What the server says; returns a hint, empty where one that was shown is no longer true, or null where there is nothing to say.
   * @param {{active: boolean, taken: boolean}} role @param {"heard" | "silent" | "replay"} here whether this page's microphone is on, or a recording is shown
   * @returns {string | null}
   */
  take({ active, taken }, here) {
    const before = this.active;
    this.active = active;
    this.taken = taken;
    if (before && !active && taken) {
      this.displaced = true;
      return here === "replay" ? "Another window plays the sound now. To hear it here, press “Switch on sound”."
        : "Another window is talking with the agent now. To take over, press “Talk here”.";
    }
    if (!this.displaced || (!active && taken)) return null;
    this.displaced = false;
    return active && here !== "replay" ? BACK[here] : "";
  }

  /** The connection is new, and no page talks by it yet; returns whether this page talked by the one before. */
  renew() {
    const before = this.active;
    this.active = false;
    return before;
  }

  /** This page asks to be the one that talks. */
  claim() {
    this.displaced = false;
  }

  /** Whether the button for talking takes over from another page. */
  get elsewhere() {
    return this.taken && !this.active;
  }
}
