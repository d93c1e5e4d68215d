// @ts-check
/**
 * The picture: the set, the figure on it, and which character and quality were chosen.
 *
 * A change of quality makes the set anew on a fresh canvas (antialiasing cannot be changed later); the figure is loaded again from the
 * bytes kept here. A character that cannot be shown leaves the present one where it is.
 */
import { NotShown, OWN_URL, SESSION_URL, fetchCharacter, loadCharacter } from "./character.js";
import { Figure } from "./figure.js";
import { LIMIT_MIB, tooLarge } from "./glb.js";
import { Idle } from "./idle.js";
import { Pace, keepChoice, qualityOf, storedChoice } from "./quality.js";
import { Stage } from "./stage.js";

export const NO_PICTURE = "This browser cannot show the figure (3D graphics are off). Switch on hardware acceleration or use another browser; you can still talk and type.";

export class Theatre {
  /** @param {HTMLCanvasElement} canvas @param {() => number} coveredRight @param {(text: string) => void} hint */
  constructor(canvas, coveredRight, hint) {
    this.canvas = canvas;
    this.coveredRight = coveredRight;
    this.hint = hint;
    this.choice = storedChoice();
    this.pace = new Pace();
    this.idle = new Idle();
    /** @type {Stage | null} */
    this.stage = null;
    /** @type {Figure | null} */
    this.figure = null;
    /** @type {ArrayBuffer | null} */
    this.bytes = null;
    /** @type {ArrayBuffer | null} */
    this.sessionBytes = null;
    this.last_ms = 0;
    /** When the figure was first seen, and first seen moving as the stream says, in the page's own time. */
    this.figure_ms = 0;
    this.moving_ms = 0;
    this.loading = 0;
    this.build();
  }

  build() {
    try {
      this.stage = this.newStage(qualityOf(this.choice));
    } catch {
      this.stage = null;
      this.hint(NO_PICTURE);
    }
  }

  /** @param {import("./quality.js").Quality} quality */
  newStage(quality) {
    // At low quality the picture ends where the panel begins (style.css): what lies under it is drawn and blended for nothing.
    document.documentElement.dataset.quality = quality;
    return new Stage(this.canvas, quality, quality === "low" ? () => 0 : this.coveredRight);
  }

  /** Load what the server shows; where that fails, the character that comes with the page. */
  async begin() {
    if (!this.stage) return;
    try {
      this.sessionBytes = await fetchCharacter(SESSION_URL);
      await this.show(this.sessionBytes);
    } catch (error) {
      this.hint(`This session’s character cannot be shown. ${words(error)}`);
      this.sessionBytes = await fetchCharacter(OWN_URL);
      await this.show(this.sessionBytes);
    }
  }

  /** Show a character, or throw `NotShown` and keep the present one. @param {ArrayBuffer} bytes */
  async show(bytes) {
    const { stage } = this;
    if (!stage) return;
    const turn = ++this.loading;
    const figure = new Figure(await loadCharacter(bytes), stage.quality);
    if (turn !== this.loading) return figure.dispose(); // another was chosen meanwhile
    this.figure?.dispose();
    this.figure = figure;
    this.bytes = bytes;
    stage.scene.add(figure.root);
    stage.frame(figure);
  }

  /** Show a file of the person's own, here only. @param {File} file @returns {Promise<boolean>} whether it is shown */
  async take(file) {
    try {
      if (file.size > LIMIT_MIB * 2 ** 20) throw new NotShown(tooLarge(file.size));
      await this.show(await file.arrayBuffer());
      this.hint("");
      return true;
    } catch (error) {
      this.hint(`${file.name}: ${words(error)}`);
      return false;
    }
  }

  /** Back to the character of the session. */
  async restore() {
    if (this.sessionBytes && this.bytes !== this.sessionBytes) await this.show(this.sessionBytes);
  }

  /** @param {import("./quality.js").Choice} choice */
  async setQuality(choice) {
    this.choice = choice;
    keepChoice(choice);
    this.pace = new Pace();
    await this.rebuild(qualityOf(choice));
  }

  /** @param {import("./quality.js").Quality} quality */
  async rebuild(quality) {
    if (!this.stage || this.stage.quality === quality) return;
    const fresh = /** @type {HTMLCanvasElement} */ (this.canvas.cloneNode());
    const before = this.stage;
    this.canvas.replaceWith(fresh);
    this.canvas = fresh;
    this.figure?.dispose();
    this.figure = null;
    before.dispose();
    this.stage = this.newStage(quality);
    if (this.bytes) await this.show(this.bytes);
  }

  /** @param {import("./wire.js").Pose} pose of the stream @param {boolean} halted whether the stream has halted @param {number} now_ms */
  draw(pose, halted, now_ms) {
    const { stage, figure } = this;
    if (!stage || !figure) return;
    const delta_s = (now_ms - this.last_ms) / 1000;
    this.last_ms = now_ms;
    figure.apply(this.idle.over(pose, halted, now_ms / 1000), delta_s, stage.view);
    const measured = stage.draw();
    this.figure_ms ||= performance.now();
    if (!halted) this.moving_ms ||= performance.now();
    if (measured && this.choice === "auto" && stage.quality === "high" && this.pace.take(stage.fps)) void this.rebuild("low");
  }
}

/** @param {unknown} error */
function words(error) {
  return error instanceof NotShown ? error.message : "This file cannot be shown. Export or download it again.";
}
