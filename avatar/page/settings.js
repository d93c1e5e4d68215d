// @ts-check
/** The settings of the picture: quality, and a character of the person's own, chosen by a button or dropped on the page. */

/** @param {(id: string) => HTMLElement} element @param {import("./theatre.js").Theatre} theatre */
export function wireSettings(element, theatre) {
  const choices = /** @type {NodeListOf<HTMLInputElement>} */ (element("settings").querySelectorAll("input[name=quality]"));
  for (const choice of choices) {
    choice.checked = choice.value === theatre.choice;
    choice.addEventListener("change", () => theatre.setQuality(/** @type {import("./quality.js").Choice} */ (choice.value)));
  }

  const picker = /** @type {HTMLInputElement} */ (element("character-file"));
  const restore = /** @type {HTMLButtonElement} */ (element("character-restore"));
  const take = async (/** @type {File | undefined} */ file) => {
    if (file && (await theatre.take(file))) restore.disabled = false;
  };
  element("character-choose").addEventListener("click", () => picker.click());
  picker.addEventListener("change", async () => {
    await take(picker.files?.[0]);
    picker.value = "";
  });
  restore.addEventListener("click", async () => {
    await theatre.restore();
    restore.disabled = true;
  });

  const sign = element("drop");
  const holdsFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  window.addEventListener("dragover", (event) => {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    sign.hidden = false;
  });
  window.addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) sign.hidden = true;
  });
  window.addEventListener("drop", (event) => {
    sign.hidden = true;
    if (!holdsFiles(event)) return;
    event.preventDefault();
    void take(event.dataTransfer?.files[0]);
  });
}
