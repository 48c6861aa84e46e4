/*
 * Keeps what is typed into <form data-draft="URL"> while it is typed, so that it is there again after signing in anew or
 * on another machine. What cannot be kept stays in its field, is tried again, and can be copied. Without this module
 * the form has a button that does the same.
 */

const AFTER_TYPING = 1500;
const AGAIN = 5000;

function say(form, words) {
  form.querySelector("[data-draft-said]").textContent = words;
}

function typed(form) {
  return [...form.querySelectorAll("textarea")].map((field) => field.value).join("\n\n");
}

function kept(form) {
  const now = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  say(form, `Draft saved ${now}`);
  form.querySelector("[data-draft-fault]").hidden = true;
}

function notKept(form, isSignedOut) {
  say(form, isSignedOut ? "Not saved, retrying: sign in again in another tab" : "Not saved, retrying");
  form.querySelector("[data-copy-text]").dataset.copyText = typed(form);
  form.querySelector("[data-draft-fault]").hidden = false;
}

async function keep(form) {
  const response = await fetch(form.dataset.draft, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "draft" },
    credentials: "same-origin",
  }).catch(() => null);
  if (response?.status === 204) {
    kept(form);
  } else {
    notKept(form, Boolean(response?.redirected));
    keepIn(form, AGAIN);
  }
}

function keepIn(form, pause) {
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => keep(form), pause);
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  form.addEventListener("input", () => keepIn(form, AFTER_TYPING));
  form.addEventListener("submit", () => clearTimeout(form.draftTimer));
}
