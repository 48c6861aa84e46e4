/*
 * The review queue by keyboard. j and k move over the rows, x ticks one, Shift+x all since the last ticked; an act
 * takes the ticked rows, or the marked one when none is: that tick is gone again when the act is refused. An open
 * panel ([data-choice] inside) has the digits and letters to itself until Escape. Acts are sent without leaving the
 * page: the answer is the queue as it is now, with the row to go on with. Without this module the same forms are sent
 * by their buttons.
 */

import { boxOf, currentRow, goTo, markCurrent, move, nameTargets } from "./triage_rows.js";
import { numberOf, rows, tick, tickedRows } from "./triage_rows.js";

const CHANGES = ["messages", "triage"];

const waiting = []; // keys pressed while an answer is under way: they are meant for the queue as it will be then
let lastTicked = null;
let isBusy = false;

const voice = document.createElement("p");
voice.className = "visually-hidden";
voice.setAttribute("role", "status");
document.body.append(voice);

const openPanel = () => document.querySelector("[data-triage-acts] details[open]");

function say(words) {
  voice.textContent = words;
}

/* Rows. */

function edit(row) {
  if (row) {
    location.assign(`${row.querySelector("[data-row-link]").href}#answer`);
  }
}

function tickCurrent() {
  const row = currentRow();
  tick(row, !boxOf(row)?.checked);
  lastTicked = row;
  countTicked();
}

function tickRange() {
  const all = rows();
  const ends = [all.indexOf(lastTicked), all.indexOf(currentRow())].sort((one, other) => one - other);
  const first = ends[0] < 0 ? ends[1] : ends[0];
  all.slice(first, ends[1] + 1).forEach((row) => tick(row, true));
  lastTicked = currentRow();
  countTicked();
}

function countTicked() {
  nameTargets();
  say(`${tickedRows().length} selected`);
}

/* Panels. */

function choose(panel, key) {
  panel.querySelector(`[data-choice="${CSS.escape(key)}"]`)?.click();
}

/* Back to the rows: no panel, nothing typed in one, no word of what was refused. */
function calm() {
  document.querySelectorAll("[data-triage-refusals], [data-triage-acts] details[open]").forEach((each) => {
    each.hidden = each.matches("[data-triage-refusals]");
    each.open = false;
  });
  document.querySelectorAll("[data-triage-acts] input").forEach((field) => (field.value = ""));
  goTo(currentRow());
}

function suggestTarget(panel) {
  const into = panel.querySelector("[data-triage-into]");
  if (into && !into.value && tickedRows().some((row) => row !== currentRow())) {
    into.value = numberOf(currentRow());
  }
}

function enterPanel(panel) {
  suggestTarget(panel);
  panel.querySelector("[data-triage-into], [data-choice]")?.focus();
}

/* Acts. */

/* The marked row is ticked for it when nothing is. Guesses among others stay behind: each is accepted on its own page. */
function selectForAct(form, button) {
  if (!form.querySelector("[data-row]")) {
    return "";
  }
  if (!tickedRows().length) {
    tick(currentRow(), true);
  }
  const guesses = tickedRows().filter((row) => boxOf(row).matches("[data-guess]"));
  if (!button?.matches("[data-accept]") || guesses.length === tickedRows().length) {
    return "";
  }
  guesses.forEach((row) => tick(row, false));
  return guesses.length ? `Guesses stay open until they are accepted on their own page: ${guesses.length}.` : "";
}

async function send(form, button) {
  const response = await fetch(button?.hasAttribute("formaction") ? button.formAction : form.action, {
    method: "POST",
    body: new FormData(form, button),
    headers: { "X-Requested-With": "triage" },
    credentials: "same-origin",
  });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { address: response.url, isFine: response.ok, page };
}

/*
 * Another page than the queue: a refusal with its reasons, or the way to sign in again and come back here. What has no
 * <main> does not come from the portal.
 */
function showOther({ isFine, page }) {
  const main = page.querySelector("main");
  if (isFine) {
    location.reload();
  } else if (main) {
    document.querySelector("main").replaceWith(main);
    main.focus();
  } else {
    complain();
  }
}

/* A refused act leaves the ticks as they were before it. */
function restoreTicks(numbers) {
  rows().forEach((row) => tick(row, numbers.includes(numberOf(row))));
}

function show(answer, leftOut, ticked) {
  const { address, page } = answer;
  if (!page.getElementById("triage")) {
    showOther(answer);
    return;
  }
  for (const id of CHANGES) {
    document.getElementById(id).replaceWith(page.getElementById(id));
  }
  document.querySelector("[data-triage-counts]").textContent = page.querySelector("[data-triage-counts]").textContent;
  if (new URL(address).searchParams.has("state")) {
    history.replaceState(null, "", address);
  }
  if (!answer.isFine) {
    restoreTicks(ticked);
  }
  settle(leftOut);
}

function settle(leftOut) {
  lastTicked = null;
  const refused = [...document.querySelectorAll("#triage [role=alert]")].map((reason) => reason.textContent);
  const told = [...document.querySelectorAll("#messages [role=status]")].map((message) => message.textContent);
  const done = document.querySelector("[data-triage-last]")?.textContent;
  document.querySelector("main").focus({ preventScroll: true }); // unless a row takes it
  goTo(currentRow());
  openPanel()?.querySelector("input")?.focus();
  countTicked();
  say([...refused, ...told, refused.length || told.length ? "" : done, leftOut].filter(Boolean).join(" "));
}

async function act(form, button) {
  if (isBusy) {
    return;
  }
  isBusy = true;
  try {
    const ticked = tickedRows().map(numberOf);
    const leftOut = selectForAct(form, button);
    const answer = await send(form, button).catch(() => null);
    if (!answer?.isFine) {
      restoreTicks(ticked);
    }
    if (answer) {
      show(answer, leftOut, ticked);
    } else {
      complain();
    }
  } finally {
    isBusy = false;
    pressWaiting();
  }
}

function pressWaiting() {
  while (waiting.length && !isBusy) {
    document.dispatchEvent(new KeyboardEvent("keydown", waiting.shift()));
  }
}

function complain() {
  const place = document.querySelector("[data-triage-fault]");
  place.hidden = false;
  say(place.textContent);
}

/* What is listened to. */

const KEYS = {
  j: () => move(1),
  k: () => move(-1),
  x: (isShifted) => (isShifted ? tickRange() : tickCurrent()),
  e: () => edit(currentRow()),
};

document.addEventListener("shortcut", (event) => {
  const { key, isShifted } = event.detail;
  if (isBusy) {
    event.preventDefault();
    waiting.push({ key, shiftKey: isShifted });
    return;
  }
  const panel = openPanel();
  if (panel && !(key === "j" || key === "k")) {
    event.preventDefault();
    choose(panel, key);
    return;
  }
  if (panel) {
    panel.open = false;
  }
  if (rows().length && KEYS[key]) {
    event.preventDefault();
    KEYS[key](isShifted);
  }
});

document.addEventListener("submit", (event) => {
  if (event.target.matches("[data-triage]")) {
    event.preventDefault();
    act(event.target, event.submitter);
  }
});

document.addEventListener("keydown", (event) => {
  const panel = openPanel();
  if (event.key === "Escape" && (panel || document.querySelector("[data-triage-refusals]:not([hidden])"))) {
    calm();
  }
  if (event.key === "Enter" && (event.target === document.body || event.target.matches("main"))) {
    currentRow()?.querySelector("[data-row-link]").click();
  }
  if (event.key === "Enter" && event.target.matches("[data-triage-acts] input")) {
    event.preventDefault();
    const buttons = event.target.closest("details").querySelectorAll("button[type=submit]");
    if (buttons.length === 1) {
      buttons[0].click();
    }
  }
});

// A panel tells of its opening, but the event does not rise: it is caught on its way down.
document.addEventListener(
  "toggle",
  (event) => {
    if (event.target.matches("[data-triage-acts] details[open]")) {
      enterPanel(event.target);
    }
  },
  true,
);

document.addEventListener("change", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) {
    markCurrent(row);
    lastTicked = row;
    countTicked();
  }
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row) {
    markCurrent(row);
  }
});

nameTargets();
const { searchParams } = new URL(location.href);
if (searchParams.has("at") || searchParams.has("page")) {
  goTo(currentRow());
}
