/* The rows of the review queue: which is marked, which are ticked, and the words of the bar for what an act would take. */

const MOST_NAMED = 3;

export const rows = () => [...document.querySelectorAll("[data-row]")];
export const boxOf = (row) => row?.querySelector("input[type=checkbox]");
export const numberOf = (row) => row.querySelector("[data-reference]").textContent;
export const currentRow = () => document.querySelector("[data-row][aria-current]");
export const tickedRows = () => rows().filter((row) => boxOf(row)?.checked);

export function markCurrent(row) {
  currentRow()?.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  nameTargets();
}

export function goTo(row) {
  if (!row) {
    return;
  }
  markCurrent(row);
  row.querySelector("[data-row-link]").focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

export function move(step) {
  const all = rows();
  const next = currentRow() ? all[all.indexOf(currentRow()) + step] : all[0];
  if (next) {
    goTo(next);
  } else {
    document.querySelector(`#triage .pager [rel=${step > 0 ? "next" : "prev"}]`)?.click();
  }
}

export function tick(row, isTicked) {
  const box = boxOf(row);
  if (box) {
    box.checked = isTicked;
  }
}

export function nameTargets() {
  const place = document.querySelector("[data-triage-selected]");
  const ticked = tickedRows();
  const named = (ticked.length ? ticked : [currentRow()].filter(Boolean)).map(numberOf);
  const more = named.length > MOST_NAMED ? ` and ${named.length - MOST_NAMED} more` : "";
  const names = named.slice(0, MOST_NAMED).join(", ") + more;
  if (place) {
    place.textContent = ticked.length ? `${ticked.length} selected: ${names}` : `Marked: ${names}`;
    place.closest("[role=group]").setAttribute("aria-label", `Actions for ${names}`);
  }
}
