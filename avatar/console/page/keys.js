// @ts-check
/**
 * Single keys of the console. They do nothing while a field has the focus, with a modifier, or on repeat; Escape alone always counts.
 *
 * @typedef {{key: string, shown: string, does: string, run: () => void}} Key
 */

/** @param {EventTarget | null} target whether keys belong to a field that one types in */
export function typing(target) {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !["checkbox", "range", "button"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable;
}

/** @param {Key[]} keys @param {() => void} stop the emergency stop */
export function listen(keys, stop) {
  // Capturing, so that nothing on the page (a dialog, a field) can keep Escape for itself.
  window.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (!event.repeat) stop();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.isComposing) return;
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    const found = keys.find((key) => key.key === event.key.toLowerCase());
    if (!found) return;
    event.preventDefault();
    found.run();
  }, { capture: true });
}

/** @param {Key[]} keys @param {HTMLElement} list */
export function show(keys, list) {
  for (const { shown, does } of keys) {
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = shown;
    term.append(key);
    const what = document.createElement("dd");
    what.textContent = does;
    list.append(term, what);
  }
}
