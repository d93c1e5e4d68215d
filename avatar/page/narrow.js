// @ts-check
/**
 * How much of the picture the panel covers, and the panel on narrow screens: there it begins closed, and one part at a time is open.
 *
 * Where everything stands there is style.css's business.
 */

/** Up to this width the panel lies under the figure instead of beside it (style.css), CSS pixels. */
export const NARROW_PX = 860;
const PANEL_PX = 340;

const narrow = () => window.innerWidth <= NARROW_PX;

/** CSS pixels of the picture that the panel covers at the right. */
export const coveredRight = () => (narrow() ? 0 : PANEL_PX);

/** @param {(id: string) => HTMLElement} element */
export function wirePanel(element) {
  const parts = ["mind", "said"].map((id) => /** @type {HTMLDetailsElement} */ (element(id)));
  if (narrow()) for (const part of parts) part.open = false;
  for (const part of parts) {
    part.addEventListener("toggle", () => {
      if (part.open && narrow()) for (const other of parts) if (other !== part) other.open = false;
    });
  }
}
