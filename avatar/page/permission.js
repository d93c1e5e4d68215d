// @ts-check
/** Asks the browser for a microphone or camera; where it gives none, throws with a sentence that says what to do. */

/** @typedef {"microphone" | "camera"} Device */

/**
 * @param {Device} what @param {string} device id of the chosen one, empty for the usual one @param {MediaStreamConstraints} constraints
 * @returns {Promise<MediaStream>}
 */
export async function ask(what, device, constraints) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new Error(insecure(what));
  const before = await permission(what);
  try {
    return await navigator.mediaDevices.getUserMedia(constraints);
  } catch (error) {
    const name = error instanceof DOMException ? error.name : "";
    if (device && (name === "OverconstrainedError" || name === "NotFoundError")) {
      throw new Error(`The ${what} you chose is not connected. Choose another under “Microphone and camera”, or plug it in again.`);
    }
    const text = error instanceof Error ? error.message : "";
    throw new Error(hintFor(what, name, text, before === "denied" || (await permission(what)) === "denied"));
  }
}

/** On http, other machines' browsers give nothing away. @param {Device} what */
function insecure(what) {
  const local = `http://localhost:${location.port}`;
  return `Browsers allow the ${what} only over https or on the agent’s own computer. Start the agent with “attune demo --host 0.0.0.0 --tls” and open the https address it prints, or open ${local} on the agent’s own computer. You can still type.`;
}

/** @param {Device} what @param {string} name of the DOMException @param {string} text of it @param {boolean} denied whether the browser remembers a no */
function hintFor(what, name, text, denied) {
  if (name === "NotAllowedError" || name === "SecurityError") {
    if (/system/i.test(text)) {
      return `This computer does not let the browser use the ${what}. Allow it in the computer’s privacy settings, then try again. You can still type.`;
    }
    if (/dismissed/i.test(text) && !denied) {
      return `You closed the browser’s question about the ${what}. Try again and allow the ${what}. You can still type.`;
    }
    return `The ${what} is blocked for this page. Click the icon beside the address, allow the ${what}, then try again. You can still type.`;
  }
  if (name === "NotFoundError" || name === "OverconstrainedError") return `No ${what} was found. Plug one in and try again. You can still type.`;
  if (name === "NotReadableError" || name === "AbortError") return `Another program is using the ${what}. Close it and try again.`;
  return `The ${what} could not be opened. Try again, or type instead.`;
}

/** Not every browser can be asked. @param {Device} what @returns {Promise<string>} */
async function permission(what) {
  try {
    return (await navigator.permissions.query({ name: /** @type {PermissionName} */ (what) })).state;
  } catch {
    return "unknown";
  }
}
