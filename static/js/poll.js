/*
 * Refreshes a region: <div data-poll="URL" data-poll-every="5" id="...">. The focus stays where it is, a region
 * somebody is in is left alone, and [data-poll-pause] stops all of it. The answer without data-poll ends the polling:
 * what was awaited is there, and the acts of the page are those of before. So data-poll-then="ADDRESS OF THE PAGE" loads
 * it anew, unless somebody has typed in it. Without this module the region shows what it showed when the page was loaded.
 */

const LEAST_SECONDS = 2;
let isPaused = false;
let isTypedIn = document.querySelector("[aria-invalid='true']") !== null;

function isBusy(region) {
  return isPaused || document.hidden || region.contains(document.activeElement);
}

function loadAnew(page) {
  if (page && !isTypedIn && new URL(page, location.href).pathname === location.pathname) {
    location.reload();
  }
}

async function fetchRegion(region) {
  const response = await fetch(region.dataset.poll, {
    headers: { "X-Requested-With": "poll" },
    credentials: "same-origin",
  });
  if (!response.ok || response.redirected) {
    throw new Error(`The answer was ${response.status}`);
  }
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return page.getElementById(region.id);
}

async function refresh(region) {
  if (isBusy(region)) {
    return region;
  }
  const fresh = await fetchRegion(region);
  if (fresh) {
    region.replaceWith(fresh);
    fresh.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true })); // other modules wait for new parts of a page
  }
  if (fresh?.dataset.poll) {
    return fresh;
  }
  loadAnew(region.dataset.pollThen);
  return null;
}

function follow(region) {
  const pause = Math.max(Number(region.dataset.pollEvery) || 5, LEAST_SECONDS) * 1000;
  setTimeout(async () => {
    const next = await refresh(region).catch(() => region);
    if (next?.isConnected) {
      follow(next);
    }
  }, pause);
}

document.addEventListener("input", () => {
  isTypedIn = true;
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-poll-pause]");
  if (button) {
    isPaused = !isPaused;
    button.setAttribute("aria-pressed", String(isPaused));
  }
});
for (const button of document.querySelectorAll("[data-poll-pause]")) {
  button.hidden = false;
}
for (const region of document.querySelectorAll("[data-poll]")) {
  follow(region);
}
