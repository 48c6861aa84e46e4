/*
 * Chooses the browser's own time zone in <select data-zone-guess>: a page whose visitor has not chosen one. Without this
 * module the practice's zone is chosen, and the visitor chooses another.
 */

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

for (const select of document.querySelectorAll("select[data-zone-guess]")) {
  if ([...select.options].some((option) => option.value === zone)) {
    select.value = zone;
  }
}
