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
  scrollTo(0, 0);
  main.querySelector("h1").focus({ preventScroll: true });
};

const send = async (form, pressed) => {
  const fields = new URLSearchParams(new FormData(form));
  fields.set(pressed.name, pressed.value);
  const answer = await fetch(form.action, { method: "POST", body: fields });
  if (answer.status >= 500) throw new Error(String(answer.status)); // nothing was recorded; what was typed stays
  show(await answer.text(), answer.url);
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
