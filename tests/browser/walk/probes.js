/* What the walk asks of a page: put into it before its own scripts, as `walk`. Every answer is a list of faults in words. */
(() => {
  const CONTROLS =
    "a[href], button, input:not([type=hidden]), select, textarea, summary, iframe, audio[controls], video[controls], [tabindex]";
  const POINTED = ["click", "mousedown", "mouseup", "pointerdown", "pointerup", "dblclick"];
  const LEAST = 2; // pixels: less is rounding
  const MOST_UNFOLDED = 50;
  const pointed = new Set();
  const listen = EventTarget.prototype.addEventListener;

  EventTarget.prototype.addEventListener = function addEventListener(kind, ...more) {
    if (this instanceof Element && POINTED.includes(kind)) {
      pointed.add(this);
    }
    return listen.call(this, kind, ...more);
  };

  function name(element) {
    const said = (element.getAttribute("aria-label") || element.value || element.textContent || "").trim();
    const id = element.id ? `#${element.id}` : "";
    const classes = [...element.classList].map((each) => `.${each}`).join("");
    return `<${element.localName}${id}${classes}> ${said.replace(/\s+/g, " ").slice(0, 50)}`;
  }

  const style = (element) => getComputedStyle(element);
  const isDot = (element) => element.offsetWidth <= 1 && element.offsetHeight <= 1; // what is there for the ear alone
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true });
  const isHiddenFromSight = (element) => element.closest(".visually-hidden, .skip-link") !== null || isDot(element);

  /* Text and boxes. */

  function cutBy(edges, box) {
    const left = Math.max(edges.left, box.left);
    const top = Math.max(edges.top, box.top);
    const right = Math.min(edges.right, box.right);
    const bottom = Math.min(edges.bottom, box.bottom);
    return { left, top, right, bottom };
  }

  const EVERYWHERE = { left: -Infinity, top: -Infinity, right: Infinity, bottom: Infinity };

  /* What of the page is seen through an element: its own box where it scrolls or cuts, and those around it. */
  function windowOf(element, known) {
    if (!element || element === document.documentElement || element === document.body) {
      return EVERYWHERE;
    }
    if (!known.has(element)) {
      const { overflowX, overflowY, position } = style(element);
      const around = position === "fixed" ? EVERYWHERE : windowOf(element.parentElement, known);
      const isOpen = overflowX === "visible" && overflowY === "visible";
      known.set(element, isOpen ? around : cutBy(around, element.getBoundingClientRect()));
    }
    return known.get(element);
  }

  function* linesOfText() {
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const known = new Map();
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const within = text.parentElement;
      if (!text.data.trim() || !isShown(within) || isHiddenFromSight(within) || within.closest("option, script, title")) {
        continue;
      }
      const range = document.createRange();
      range.selectNodeContents(text);
      for (const box of range.getClientRects()) {
        const seen = cutBy(windowOf(within, known), box);
        if (seen.right - seen.left > LEAST && seen.bottom - seen.top > LEAST) {
          yield { ...seen, text, within };
        }
      }
    }
  }

  function areOver(one, other) {
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    const least = Math.min(one.bottom - one.top, other.bottom - other.top);
    return across > LEAST && down > least * 0.45;
  }

  function isInOneLayer(one, other) {
    const layer = (element) => element.closest("dialog, [popover], .action-bar, .result-bar, details.act");
    return layer(one) === layer(other);
  }

  function overlaps() {
    const lines = [...linesOfText()].sort((one, other) => one.top - other.top);
    const found = [];
    lines.forEach((line, index) => {
      for (let next = index + 1; next < lines.length && lines[next].top < line.bottom; next += 1) {
        const other = lines[next];
        if (other.text !== line.text && areOver(line, other) && isInOneLayer(line.within, other.within)) {
          found.push(`text over text: ${name(line.within)} and ${name(other.within)}`);
        }
      }
    });
    return found;
  }

  function outside() {
    const width = document.documentElement.clientWidth;
    const beyond = [...linesOfText()].filter((line) => line.right > width + LEAST || line.left < -LEAST);
    const found = beyond.map((line) => `text outside the screen: ${name(line.within)}`);
    if (document.documentElement.scrollWidth > width) {
      found.push(`the page is ${document.documentElement.scrollWidth} px wide on ${width} px`);
    }
    return found;
  }

  function isCut(element) {
    const { overflowX, overflowY, display } = style(element);
    const hides = (value) => value === "hidden" || value === "clip";
    const isButton = element.matches("button, .btn") && display !== "inline";
    const isWide = element.scrollWidth > element.clientWidth + LEAST;
    const isHigh = element.scrollHeight > element.clientHeight + LEAST;
    return (isWide && (hides(overflowX) || isButton)) || (isHigh && (hides(overflowY) || isButton));
  }

  function cut() {
    return [...document.body.querySelectorAll("*")]
      .filter((element) => element instanceof HTMLElement && isShown(element) && !isHiddenFromSight(element))
      .filter((element) => element.textContent.trim() && isCut(element))
      .map((element) => `cut off: ${name(element)}`);
  }

  function fit() {
    return [...outside(), ...cut(), ...overlaps()];
  }

  /* Markup. */

  function markup() {
    const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
    const twice = ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `two elements with the id ${id}`);
    const focused = document.querySelectorAll("[autofocus]").length;
    return focused > 1 ? [...twice, `${focused} elements with autofocus`] : twice;
  }

  /*
   * Shows what is folded away, but for panels of which one at a time is open. Of a page with hundreds of such parts the
   * first: all are drawn alike.
   */
  function unfold() {
    [...document.querySelectorAll("details:not([name])")].slice(0, MOST_UNFOLDED).forEach((details) => (details.open = true));
  }

  /* The keyboard. */

  const groupOf = (radio) => `${radio.form ? [...document.forms].indexOf(radio.form) : ""} ${radio.name}`;

  /* Of radio buttons with one name only one is a stop: the ticked one, or else the first. */
  function isStopOfGroup(element, all) {
    if (!element.matches("input[type=radio]")) {
      return true;
    }
    const group = all.filter((each) => each.matches("input[type=radio]") && groupOf(each) === groupOf(element));
    return element === (group.find((radio) => radio.checked) ?? group[0]);
  }

  function stops() {
    const all = [...document.querySelectorAll(CONTROLS)].filter(
      (element) =>
        element.tabIndex >= 0 &&
        isShown(element) &&
        !element.matches(":disabled, [inert] *") &&
        (element.localName !== "summary" || element === element.parentElement.querySelector(":scope > summary")),
    );
    return all.filter((element) => isStopOfGroup(element, all));
  }

  function look(element) {
    const { outlineStyle, outlineWidth, outlineColor, boxShadow, borderColor, borderWidth, backgroundColor } = style(element);
    return { outline: `${outlineStyle} ${outlineWidth} ${outlineColor}`, boxShadow, borderColor, borderWidth, backgroundColor };
  }

  function isMarked(element, before) {
    const { outlineStyle, outlineWidth, outlineColor } = style(element);
    const hasOutline = outlineStyle !== "none" && parseFloat(outlineWidth) >= LEAST && !/, 0\)$/.test(outlineColor);
    return hasOutline && look(element).outline !== before.outline;
  }

  function isUncovered(element) {
    const boxes = [...element.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
    return boxes.some((box) => {
      const seen = cutBy({ left: 0, top: 0, right: innerWidth, bottom: innerHeight }, box);
      const isSeen = seen.right - seen.left > 1 && seen.bottom - seen.top > 1;
      const middle = [(seen.left + seen.right) / 2, (seen.top + seen.bottom) / 2];
      const there = isSeen && document.elementFromPoint(...middle);
      return there && (element.contains(there) || there.contains(element) || there.closest("label")?.control === element);
    });
  }

  let walked = null;

  /* The next Tab leads to the first stop of the page, wherever the focus was. */
  function goToTop() {
    const top = document.createElement("span");
    top.tabIndex = -1;
    document.body.prepend(top);
    top.focus();
    top.remove();
    scrollTo(0, 0);
  }

  /* Begins a walk: every press of Tab from here on is noted until the walk is round. */
  function begin() {
    goToTop();
    const expected = stops();
    const before = new Map(expected.map((element) => [element, look(element)]));
    walked = { expected, before, reached: [], faults: [], isRound: false };
    return expected.length;
  }

  function note() {
    const here = document.activeElement;
    if (!walked || walked.isRound || here === walked.reached.at(-1)) {
      return;
    }
    if (here === document.body || here === null || walked.reached.includes(here)) {
      walked.isRound = true;
      return;
    }
    walked.reached.push(here);
    if (isHiddenFromSight(here) && !here.matches(".skip-link")) {
      walked.faults.push(`focus on what is not seen: ${name(here)}`);
    }
    if (!isUncovered(here)) {
      walked.faults.push(`focus out of view or covered: ${name(here)}`);
    }
    if (walked.before.has(here) && !isMarked(here, walked.before.get(here))) {
      walked.faults.push(`focus is not marked: ${name(here)}`);
    }
  }

  function isRound() {
    return walked.isRound;
  }

  /* A region that scrolls is a stop by itself in some browsers; it is none that a page has to name. */
  function end() {
    const { expected, faults } = walked;
    const reached = walked.reached.filter((element) => walked.before.has(element));
    const missed = expected.filter((element) => !reached.includes(element));
    const found = [...faults, ...missed.map((element) => `never reached by Tab: ${name(element)}`)];
    if (!walked.isRound) {
      found.push(`the walk ends in a trap at ${name(document.activeElement)}`);
    }
    const order = expected.filter((element) => reached.includes(element));
    const turn = order.findIndex((element, index) => element !== reached[index]);
    if (turn >= 0) {
      found.push(`not in the order of the page: ${name(reached[turn])} before ${name(order[turn])}`);
    }
    if (document.querySelector("header, nav") && !walked.reached[0]?.matches(".skip-link")) {
      found.push(`the first stop is no skip link but ${walked.reached[0] ? name(walked.reached[0]) : "nothing"}`);
    }
    return found;
  }

  function mouseOnly() {
    const asked = [...document.querySelectorAll("[data-hx-get], [data-hx-post]")].filter(
      (element) => !element.dataset.hxTrigger && !element.matches("form, a, button, input, select, textarea"),
    );
    const handed = [...document.body.querySelectorAll("*")].filter((element) => style(element).cursor === "pointer");
    const operated = (element) =>
      element.closest("a[href], button, summary, label, input, select, textarea, [tabindex='0']") !== null;
    return [...new Set([...pointed, ...asked, ...handed])]
      .filter((element) => element.isConnected && isShown(element) && !element.matches("body, form") && !operated(element))
      .map((element) => `for the mouse alone: ${name(element)}`);
  }

  document.addEventListener("keyup", (event) => event.key === "Tab" && note(), true);
  window.walk = { unfold, fit, markup, begin, isRound, end, mouseOnly };
})();
