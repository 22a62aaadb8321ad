// Makes the page quicker where scripts run: a press shows at once and the next step comes without a reload.
// Everything works without this file; the server draws every step.
"use strict";

const busy = (form, is) => {
  form.toggleAttribute("data-busy", is);
  form.setAttribute("aria-busy", String(is));
};

// Light the pressed star and those below it.
const mark = (pressed) => {
  if (pressed.name !== "rate") return;
  const points = [...pressed.parentElement.children];
  points.forEach((point, place) => {
    point.setAttribute("aria-pressed", String(point === pressed));
    point.classList.toggle("lit", place <= points.indexOf(pressed));
  });
};

const tell = (text) => {
  const main = document.querySelector("main");
  const line = main.querySelector(".said") || document.createElement("p");
  line.className = "said";
  line.setAttribute("role", "alert");
  line.textContent = text;
  main.prepend(line);
  line.scrollIntoView({ block: "nearest" });
};

// -- unsent words -------------------------------------------------------------------------------------------
// They are kept in this browser by link and step until they are sent, the survey is over, or four days have passed.

const LONGEST_KEPT = 4 * 24 * 3600 * 1000;
const OURS = "huifang.";

const store = (() => {
  try {
    return window.localStorage;
  } catch {
    return null; // forbidden, as in some private windows
  }
})();

// The link is a permission, so only a number made of it is kept (FNV-1a).
const linkNumber = () => {
  let hash = 0x811c9dc5;
  for (const c of location.pathname) hash = Math.imul(hash ^ c.charCodeAt(0), 0x01000193) >>> 0;
  return hash.toString(36);
};

const keyOf = (form) => `${OURS}${linkNumber()}.${form.elements.step.value}`;

const forget = (isOld) => {
  for (const key of Object.keys(store || {})) {
    if (key.startsWith(OURS) && isOld(key)) store.removeItem(key);
  }
};

const keep = (field) => {
  try {
    if (field.value) store.setItem(keyOf(field.form), JSON.stringify({ text: field.value, at: Date.now() }));
    else store.removeItem(keyOf(field.form));
  } catch {
    // full or forbidden: the words are in the field all the same
  }
};

const kept = (key) => {
  try {
    return JSON.parse(store.getItem(key)) || {};
  } catch {
    return {};
  }
};

const restore = () => {
  const main = document.querySelector("main");
  if (main.hasAttribute("data-over")) {
    forget((key) => key.startsWith(`${OURS}${linkNumber()}.`));
    return;
  }
  const field = main.querySelector(".step textarea");
  const { text } = field ? kept(keyOf(field.form)) : {};
  if (text) field.value = text;
};

addEventListener("input", (event) => event.target.matches(".step textarea") && keep(event.target));
forget((key) => !(Date.now() - kept(key).at < LONGEST_KEPT));
restore();

// -- the next step without a reload ---------------------------------------------------------------------------

const show = (html, address) => {
  const next = new DOMParser().parseFromString(html, "text/html");
  const main = next.querySelector("main");
  if (!main || main.hasAttribute("data-whole")) {
    location.replace(address);
    return;
  }
  document.title = next.title;
  document.documentElement.lang = next.documentElement.lang;
  document.querySelector("main").replaceWith(main);
  restore();
  scrollTo(0, 0);
  main.querySelector("h1").focus({ preventScroll: true });
};

const send = async (form, pressed) => {
  const typed = new FormData(form);
  const fields = form.enctype === "multipart/form-data" ? typed : new URLSearchParams(typed);
  fields.set(pressed.name, pressed.value);
  const answer = await fetch(form.action, { method: "POST", body: fields });
  if (answer.status >= 500) throw new Error(String(answer.status)); // nothing was recorded; what was typed stays
  const html = await answer.text();
  if (answer.ok && form.elements.step) forget((key) => key === keyOf(form));
  show(html, answer.url);
};

addEventListener("submit", async (event) => {
  const form = event.target;
  const pressed = event.submitter;
  if (!pressed || !window.fetch || !window.DOMParser) return;
  event.preventDefault();
  if (form.hasAttribute("data-busy")) return;
  busy(form, true);
  mark(pressed);
  try {
    await send(form, pressed);
  } catch {
    busy(form, false);
    tell(document.querySelector("main").dataset.offline);
  }
});

// A page that comes back from the browser's memory may be behind.
addEventListener("pageshow", (event) => event.persisted && location.reload());
