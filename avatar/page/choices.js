// @ts-check
/**
 * The person's choices for talking: which microphone and camera, and push-to-talk. Kept in this browser (localStorage), never sent.
 *
 * Names of devices are known once the browser has been allowed to use one of their kind; before, only the system's default can be chosen.
 * The list follows devices that are plugged in and out.
 */

const STORE = "attune.talking";
/** @typedef {{microphone: string, camera: string, pushToTalk: boolean, poorConnection: boolean}} Kept */
const KINDS = /** @type {const} */ ({ audioinput: "microphone", videoinput: "camera" });

export class Choices extends EventTarget {
  /** @param {(id: string) => HTMLElement} element */
  constructor(element) {
    super();
    this.selects = {
      microphone: /** @type {HTMLSelectElement} */ (element("microphone-choice")),
      camera: /** @type {HTMLSelectElement} */ (element("camera-choice")),
    };
    this.push = /** @type {HTMLInputElement} */ (element("push-to-talk"));
    this.poor = /** @type {HTMLInputElement} */ (element("poor-connection"));
    this.unnamed = element("devices-unnamed");
    /** @type {Kept} */
    this.kept = { microphone: "", camera: "", pushToTalk: false, poorConnection: false, ...read() };
    this.push.checked = this.kept.pushToTalk;
    this.poor.checked = this.kept.poorConnection;
    for (const what of /** @type {const} */ (["microphone", "camera"])) {
      this.selects[what].addEventListener("change", () => {
        this.keep({ [what]: this.selects[what].value });
        this.dispatchEvent(new Event(what));
      });
    }
    this.push.addEventListener("change", () => {
      this.keep({ pushToTalk: this.push.checked });
      this.dispatchEvent(new Event("push-to-talk"));
    });
    this.poor.addEventListener("change", () => {
      this.keep({ poorConnection: this.poor.checked });
      this.dispatchEvent(new Event("poor-connection"));
    });
    navigator.mediaDevices?.addEventListener("devicechange", () => this.list());
    this.list();
  }

  get pushToTalk() {
    return this.kept.pushToTalk;
  }

  get poorConnection() {
    return this.kept.poorConnection;
  }

  /** Id of the chosen device; empty for the usual one, also while the chosen one is not plugged in. @param {"microphone" | "camera"} what */
  device(what) {
    const wanted = this.kept[what];
    return [...this.selects[what].options].some((option) => option.value === wanted) ? wanted : "";
  }

  /** Fill the lists; to be called when devices may have got names. */
  async list() {
    const devices = (await navigator.mediaDevices?.enumerateDevices().catch(() => [])) ?? [];
    let unnamed = false;
    for (const [kind, what] of Object.entries(KINDS)) {
      const found = devices.filter((device) => device.kind === kind && device.deviceId && device.deviceId !== "default");
      const named = found.filter((device) => device.label);
      unnamed ||= named.length === 0;
      const select = this.selects[what];
      const options = [new Option("System default", ""), ...named.map((device) => new Option(device.label, device.deviceId))];
      select.replaceChildren(...options);
      select.value = named.some((device) => device.deviceId === this.kept[what]) ? this.kept[what] : "";
    }
    this.unnamed.hidden = !unnamed;
  }

  /** @param {Partial<Kept>} changes */
  keep(changes) {
    Object.assign(this.kept, changes);
    try {
      localStorage.setItem(STORE, JSON.stringify(this.kept));
    } catch {
      // A browser that keeps nothing for pages asks again next time.
    }
  }
}

/** @returns {Partial<Kept>} */
function read() {
  try {
    const kept = JSON.parse(localStorage.getItem(STORE) ?? "{}");
    const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value : "");
    return { microphone: text(kept.microphone), camera: text(kept.camera), pushToTalk: kept.pushToTalk === true, poorConnection: kept.poorConnection === true };
  } catch {
    return {};
  }
}
