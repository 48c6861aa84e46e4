/*
 * Keeps what is typed into <form data-draft="URL"> while it is typed, so that it is there again after signing in anew or
 * on another machine. What cannot be kept stays in its field and can be copied; it is tried again, less and less often,
 * only where trying again may help. Without this module the form has a button that does the same.
 */

const AFTER_TYPING = 1500;
const AGAIN = 5000;
const LONGEST = 300_000;

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

function notKept(form, words) {
  say(form, words);
  form.querySelector("[data-copy-text]").dataset.copyText = typed(form);
  form.querySelector("[data-draft-fault]").hidden = false;
}

function send(form, signal) {
  return fetch(form.dataset.draft, {
    method: "POST",
    body: new FormData(form),
    headers: { "X-Requested-With": "draft" },
    credentials: "same-origin",
    signal,
  }).catch(() => null);
}

async function keep(form, pause) {
  form.draftSending?.abort(); // the later text is the one to keep
  form.draftSending = new AbortController();
  const { signal } = form.draftSending;
  const response = await send(form, signal);
  if (signal.aborted) {
    return;
  }
  if (response?.status === 204) {
    kept(form);
  } else if (!response || response.redirected || response.status >= 500) {
    notKept(form, response?.redirected ? "Not saved, retrying: sign in again in another tab" : "Not saved, retrying");
    keepIn(form, pause, Math.min(pause * 2, LONGEST));
  } else {
    notKept(form, "Not saved as a draft. “Keep as a draft” says why.");
  }
}

function keepIn(form, wait, pause) {
  clearTimeout(form.draftTimer);
  form.draftTimer = setTimeout(() => keep(form, pause), wait);
}

function stop(form) {
  clearTimeout(form.draftTimer);
  form.draftSending?.abort();
}

for (const form of document.querySelectorAll("form[data-draft]")) {
  form.addEventListener("input", () => keepIn(form, AFTER_TYPING, AGAIN));
  form.addEventListener("submit", () => stop(form));
}
