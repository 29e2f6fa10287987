/* Brings the live part of a page up to date every two seconds. Without it the page does the same when it is loaded
   again. */
"use strict";

(function () {
  const EVERY = 2000;

  /* Several links may lead to one page: the one at the same place among them gets the focus back. */
  function same(part, href) {
    return Array.from(part.querySelectorAll("a")).filter((one) => one.getAttribute("href") === href);
  }

  function replace(part, fresh) {
    const at = document.activeElement;
    const href = part.contains(at) ? at.getAttribute("href") : null;
    const place = href ? same(part, href).indexOf(at) : -1;
    part.replaceWith(fresh);
    if (place >= 0 && same(fresh, href)[place]) same(fresh, href)[place].focus({ preventScroll: true });
  }

  async function look() {
    const part = document.querySelector("[data-live]");
    if (!part || document.hidden) return;
    const answer = await fetch(part.dataset.live, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("live");
    if (fresh && fresh.outerHTML !== part.outerHTML) replace(part, document.adoptNode(fresh));
  }

  /* A daemon that is started again is asked again. */
  setInterval(() => look().catch(() => {}), EVERY);
})();
