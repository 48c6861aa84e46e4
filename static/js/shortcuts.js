/*
 * Single keys: <button data-key="1"> is pressed by 1. Only for people who have not switched them off, and only
 * while no field has the focus (WCAG 2.1.4). ? opens the list of keys of the page.
 */

const FIELDS = "input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable], dialog[open]";

function isTyping() {
  return document.activeElement?.closest(FIELDS) !== null;
}

function press(key) {
  if (key === "?") {
    document.querySelector("[data-shortcuts-help]")?.showModal();
    return true;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  target?.click();
  return Boolean(target);
}

if (document.body.dataset.shortcuts === "on") {
  document.addEventListener("keydown", (event) => {
    const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey && event.key.length === 1;
    if (isPlain && !isTyping() && press(event.key)) {
      event.preventDefault();
    }
  });
}
