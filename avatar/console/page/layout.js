// @ts-check
/**
 * One page scroll and no other: columns that end before the log stay in view while the log is read. One that is taller than the window
 * stays with its end in view, so that nothing of it is out of reach. What sticks is told to the style sheet as `--top` and `--stick`.
 */

const GAP_PX = 10;

/** @param {HTMLElement} top what is always in view @param {Iterable<HTMLElement>} columns */
export function keep_in_view(top, columns) {
  const all = [...columns];
  const place = () => {
    const head_px = top.offsetHeight;
    document.documentElement.style.setProperty("--top", `${head_px}px`);
    for (const column of all) {
      const lowest_px = innerHeight - column.offsetHeight - GAP_PX;
      column.style.setProperty("--stick", `${Math.min(head_px + GAP_PX, lowest_px)}px`);
    }
  };
  const watcher = new ResizeObserver(place);
  for (const element of [top, ...all]) watcher.observe(element);
  addEventListener("resize", place);
  place();
}
