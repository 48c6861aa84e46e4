/* Copies the text beside a button and says so. Without this module the button stays hidden and the text can be selected. */

const SAID_FOR = 4000;

function copySource(button) {
  return button.parentElement.querySelector("[data-copy-text]");
}

function say(button, words) {
  const place = button.parentElement.querySelector("[data-copy-said]");
  place.textContent = words;
  setTimeout(() => {
    place.textContent = "";
  }, SAID_FOR);
}

async function copy(button) {
  const source = copySource(button);
  try {
    await navigator.clipboard.writeText(source.dataset.copyText);
    say(button, "Copied");
    button.querySelector("span").textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    say(button, "Selected. Copy it with your keyboard");
  }
}

function reveal(root) {
  for (const button of root.querySelectorAll("[data-copy]")) {
    button.hidden = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (button) {
    copy(button);
  }
});
document.addEventListener("htmx:load", (event) => reveal(event.target));
reveal(document);
