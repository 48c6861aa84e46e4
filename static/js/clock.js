/*
 * Keeps [data-clock] current: each minute, each second under ten minutes. A screen reader hears of it only when
 * 24 hours, 4 hours, 1 hour or 15 minutes are left.
 */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const SAID_AT = [24 * HOUR, 4 * HOUR, HOUR, 15 * MINUTE];
const RUNNING = ["calm", "soon", "late"];

const saidBefore = new WeakMap();
const voice = document.createElement("p");
voice.className = "visually-hidden";
voice.setAttribute("role", "status");
document.body.append(voice);

function twoUnits(large, largeUnit, small, smallUnit) {
  const parts = [];
  if (large) parts.push(`${large} ${largeUnit}`);
  if (small) parts.push(`${small} ${smallUnit}`);
  return parts.join(" ") || `0 ${smallUnit}`;
}

function spanText(seconds) {
  const whole = Math.floor(Math.abs(seconds));
  if (whole >= 2 * DAY) return twoUnits(Math.floor(whole / DAY), "days", Math.floor((whole % DAY) / HOUR), "h");
  if (whole >= HOUR) return twoUnits(Math.floor(whole / HOUR), "h", Math.floor((whole % HOUR) / MINUTE), "min");
  return twoUnits(Math.floor(whole / MINUTE), "min", whole % MINUTE, "s");
}

function announce(clock, left, text) {
  const before = saidBefore.get(clock) ?? left;
  if (SAID_AT.some((mark) => before > mark && left <= mark)) {
    voice.textContent = text;
  }
  saidBefore.set(clock, left);
}

function update(clock) {
  const left = (Date.parse(clock.dataset.clock) - Date.now()) / 1000;
  const text = left > 0 ? `${spanText(left)} left` : `Late by ${spanText(left)}`;
  clock.querySelector("[data-clock-left]").textContent = text;
  announce(clock, left, text);
  return Math.abs(left);
}

function tick() {
  const clocks = [...document.querySelectorAll("[data-clock]")].filter((clock) =>
    RUNNING.includes(clock.dataset.clockState),
  );
  const nearest = Math.min(...clocks.map(update));
  setTimeout(tick, nearest < 10 * MINUTE ? 1000 : MINUTE * 1000);
}

tick();
