// @ts-check
/**
 * A caption that is longer than its box shows its newest words, in whole lines: of the person the last, of the agent those that are being spoken and one
 * line of what comes next (`.ahead`).
 */

/** @param {HTMLElement} line a box that hides what overflows, without padding above and below */
export function keepNewestInView(line) {
  const show = () => {
    if (line.scrollHeight <= line.clientHeight) return;
    const height_px = parseFloat(getComputedStyle(line).lineHeight);
    const ahead = line.querySelector(".ahead")?.getClientRects()[0];
    let end_px = line.scrollHeight;
    if (ahead) end_px = ahead.bottom - line.getBoundingClientRect().top - line.clientTop + line.scrollTop + height_px;
    line.scrollTop = height_px * Math.ceil((end_px - line.clientHeight) / height_px - 0.2);
  };
  new MutationObserver(show).observe(line, { childList: true });
  new ResizeObserver(show).observe(line);
}
