/* Brings a page up to date every two seconds, part by part, and leaves alone whatever somebody is at work on.
   Without it the pages do the same on reload. */
"use strict";

(function () {
  const EVERY = 2000;
  const here = document.body.dataset.here;
  if (!here || document.querySelector("[role=alert]")) return;

  function moved(input) {
    if (input.type === "hidden") return false;
    if (input.type === "checkbox") return input.checked !== input.defaultChecked;
    if (input.tagName === "SELECT") {
      const options = Array.from(input.options);
      return options.some((one) => one.defaultSelected) && options.some((one) => one.selected !== one.defaultSelected);
    }
    return input.value !== input.defaultValue;
  }

  /* Somebody types in this part, has typed, or has opened a form of it. */
  function inUse(part) {
    return part.querySelector("details[open], input:focus, textarea:focus, select:focus") !== null ||
      Array.from(part.querySelectorAll("input, textarea, select")).some(moved);
  }

  function replace(part, fresh) {
    const at = document.activeElement;
    const focused = part.contains(at) ? at.id || at.getAttribute("href") : null;
    const before = new Map(Array.from(part.querySelectorAll("[data-cell]"), (one) => [one.id, one.textContent]));
    part.replaceChildren(...fresh.childNodes);
    const names = [];
    for (const cell of part.querySelectorAll("[data-cell]")) {
      if (before.get(cell.id) !== cell.textContent) {
        cell.classList.add("fresh");
        if (cell.dataset.name) names.push(cell.dataset.name);
      }
    }
    if (focused) {
      const again = Array.from(part.querySelectorAll("a, button, summary"))
        .find((one) => one.id === focused || one.getAttribute("href") === focused);
      if (again) again.focus({ preventScroll: true });
    }
    return names;
  }

  async function look() {
    if (document.hidden) return;
    const answer = await fetch(here, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.status === 404) {
      document.querySelector("main").replaceChildren(...page.querySelector("main").childNodes);
      clearInterval(timer);
      return;
    }
    if (!answer.ok) return;
    document.title = page.title;
    const names = [];
    for (const part of document.querySelectorAll("[data-live]")) {
      const fresh = page.getElementById(part.id);
      if (fresh && fresh.innerHTML !== shown.get(part.id) && !inUse(part)) {
        shown.set(part.id, fresh.innerHTML);
        names.push(...replace(part, fresh));
      }
    }
    if (names.length) document.getElementById("news").textContent = names.join(", ") + " changed.";
  }

  const shown = new Map(Array.from(document.querySelectorAll("[data-live]"), (one) => [one.id, one.innerHTML]));
  /* A server that is stopped for a moment is asked again. */
  const timer = setInterval(() => look().catch(() => {}), EVERY);
})();
