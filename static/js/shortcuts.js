/*
 * Single keys: <button data-key="1"> is pressed by 1, and a field with a key takes the focus. Only for people who have not switched them off, and only
 * while no field has the focus (WCAG 2.1.4). A page with keys of its own listens to "shortcut" on the document and
 * prevents its default when the key was for it. ? opens the list of keys of the page, and so does [data-shortcuts-open].
 */

const TYPED = "input, select, textarea";
const FIELDS = "input:not([type=checkbox]):not([type=radio]), select, textarea, [contenteditable], dialog[open]";

function isTyping() {
  return document.activeElement?.closest(FIELDS) !== null;
}

function showHelp() {
  document.querySelector("[data-shortcuts-help]")?.showModal();
}

function press(key) {
  if (key === "?") {
    showHelp();
    return true;
  }
  const target = document.querySelector(`[data-key="${CSS.escape(key)}"]`);
  if (target?.checkVisibility() === false) {
    target.closest("[popover]")?.showPopover(); // on a narrow screen it stands in the menu
  }
  if (target?.matches(TYPED)) {
    target.focus();
  } else {
    target?.click();
  }
  return Boolean(target);
}

function isTaken(event) {
  const detail = { key: event.key.toLowerCase(), isShifted: event.shiftKey };
  return !document.dispatchEvent(new CustomEvent("shortcut", { detail, cancelable: true }));
}

function isPlain(event) {
  return !event.ctrlKey && !event.metaKey && !event.altKey && !event.isComposing && event.key.length === 1;
}

if (document.body.dataset.shortcuts === "on") {
  document.addEventListener("keydown", (event) => {
    if (isPlain(event) && !isTyping() && (isTaken(event) || press(event.key))) {
      event.preventDefault();
    }
  });
  for (const button of document.querySelectorAll("[data-shortcuts-open]")) {
    button.hidden = false;
    button.addEventListener("click", showHelp);
  }
}
