// The sandbox's page: both chats as the server tells them, the ticket's form, the wait before a card. See chat.js.
"use strict";

const [waitingBar, newPhone] = [document.querySelector(".waiting"), document.querySelector(".new-phone")];
let waiting = null;

// A low rating waits for a minute, in case it was a slip of the thumb; the bar tells how long, and may end it.
function showWaiting() {
  const left = waiting ? Math.ceil((Date.parse(waiting.until) - Date.now()) / 1000) : 0;
  waitingBar.hidden = !waiting;
  if (!waiting) return;
  const seconds = Math.max(0, Math.min(left, waiting.seconds));
  waitingBar.querySelector("span").textContent = words.waiting.replace("{seconds}", seconds);
}

setInterval(showWaiting, 500);

waitingBar.querySelector("button").addEventListener("click", async () => {
  try {
    await send("settle", { phone: phone.chat });
  } catch {
    waitingBar.querySelector("span").textContent = words.failed;
  }
});

function namePhone() {
  document.querySelector("#phone .chat-names p").textContent = phone.name
    ? words.phone_of.replace("{name}", phone.name)
    : words.phone_subtitle;
}

// Put another phone in the customer's hand.
function takePhone(chat, name) {
  const isOther = chat !== phone.chat;
  Object.assign(phone, { chat, name });
  try {
    localStorage.setItem(PHONE_KEPT, JSON.stringify(phone));
  } catch {
    // forbidden: after a reload it is the first phone again
  }
  namePhone();
  if (isOther && stream) {
    stream.close();
    listen();
  }
}

// What became of the last ticket stands below the form, also after a reload.
const OUTCOME_KEPT = "huifang.sandbox.outcome";

function showOutcome(told) {
  const outcome = document.querySelector(".outcome");
  outcome.replaceChildren(...(told ? [make("strong", "", told.outcome), make("span", "", told.planned)] : []));
  outcome.classList.toggle("refused", Boolean(told) && !told.asked);
}

function keepOutcome(told) {
  showOutcome(told);
  try {
    sessionStorage.setItem(OUTCOME_KEPT, JSON.stringify(told && { ...told, language }));
  } catch {
    // forbidden: a reload forgets it
  }
}

try {
  const told = JSON.parse(sessionStorage.getItem(OUTCOME_KEPT));
  if (told && told.language === language) showOutcome(told);
} catch {
  // nothing that could be read was kept
}

newPhone.addEventListener("click", () => {
  takePhone(`phone-${freshId().slice(0, 8)}`, "");
  keepOutcome(null);
  document.forms.ticket.elements.name.select();
});

const chats = Array.from(document.querySelectorAll(".chat"), (section) => new Chat(section));
let last = null;
let stream = null;

function show(state) {
  banner("");
  waiting = state.waiting;
  showWaiting();
  newPhone.hidden = !state.erased;
  document.querySelector("#phone .empty").textContent = state.erased ? words.phone_erased : words.phone_empty;
  for (const chat of chats) {
    chat.draw(state.chats[chat.name]);
    for (const { callback, text, alert } of state.toasts) {
      if (chat.pressed.delete(callback) && text) chat.toast(text, alert);
    }
  }
  last = state;
  markStep(stepOf(state.chats));
}

// What this customer's phone tells counts, and what the team has done since; at the end every step is ticked.
function stepOf({ phone: talk, team }) {
  if (!talk.length) return "close";
  if (talk.some((message) => message.tells)) return "";
  return team.some((message) => message.at >= talk[0].at) ? "claim" : "rate";
}

function markStep(current) {
  let done = true;
  for (const item of document.querySelectorAll(".steps li")) {
    const isCurrent = item.dataset.step === current;
    if (isCurrent) done = false;
    item.classList.toggle("done", done);
    item.toggleAttribute("aria-current", isCurrent);
    if (isCurrent) item.setAttribute("aria-current", "step");
  }
}

async function look() {
  const answer = await fetch(`${here}/state?phone=${phone.chat}`);
  if (answer.status === 401) {
    banner(words.gone);
    return false;
  }
  if (answer.ok) show(await answer.json());
  return true;
}

// Server-sent events; where they do not come through, a look every two seconds.
function listen() {
  const own = new EventSource(`${here}/stream?phone=${phone.chat}`);
  stream = own;
  own.onmessage = (event) => own === stream && show(JSON.parse(event.data));
  own.onerror = async () => {
    own.close();
    if (own !== stream) return;
    banner(words.offline);
    try {
      if (!(await look())) return;
    } catch {
      // The service is away, the next look will tell.
    }
    setTimeout(listen, 2000);
  };
}

document.forms.ticket.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const [button, outcome] = [form.querySelector("button"), form.querySelector(".outcome")];
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  const { name, subject, agent } = Object.fromEntries(new FormData(form));
  try {
    const told = await send("close", { id: freshId(), name, subject, agent, phone: phone.chat });
    takePhone(told.phone, name);
    keepOutcome({ outcome: told.outcome, planned: told.planned, asked: told.asked });
  } catch {
    outcome.replaceChildren(make("strong", "", words.failed));
    outcome.classList.add("refused");
  }
  button.removeAttribute("aria-busy");
});

for (const choice of document.querySelectorAll("[name=who]")) {
  choice.addEventListener("change", () => last && show(last));
}

// The sample company is put in bit by bit, so that the service goes on meanwhile; then its report opens.
const sample = document.querySelector(".sample");
const sampleParts = Object.fromEntries(["load", "read", "remove", "told"].map((name) => [name, sample.querySelector(`.${name}`)]));

function showSample(isThere, told) {
  sampleParts.load.hidden = isThere;
  sampleParts.read.hidden = sampleParts.remove.hidden = !isThere;
  sampleParts.told.textContent = told;
}

async function ask(address) {
  const answer = await fetch(`${here}/${address}?lang=${language}`, { method: "POST" });
  if (answer.status === 401) banner(words.gone);
  if (!answer.ok) throw new Error(answer.status === 409 ? words.sample_refused : words.failed);
  return answer.status === 204 ? {} : answer.json();
}

async function whileBusy(button, work) {
  if (button.getAttribute("aria-busy")) return;
  button.setAttribute("aria-busy", "true");
  try {
    await work();
  } catch (problem) {
    sampleParts.told.textContent = problem.message;
  }
  button.removeAttribute("aria-busy");
}

sampleParts.load.addEventListener("click", () =>
  whileBusy(sampleParts.load, async () => {
    let told = null;
    while (!(told = await ask("sample")).whole) {
      sampleParts.told.textContent = words.sample_loading.replace("{done}", told.done).replace("{of}", told.of);
    }
    showSample(true, words.sample_loaded);
    location.assign(sampleParts.read.href);
  }),
);

sampleParts.remove.addEventListener("click", () =>
  whileBusy(sampleParts.remove, async () => {
    await ask("sample/remove");
    showSample(false, words.sample_gone);
  }),
);

const { start } = document.body.dataset;
if (start) {
  const box = document.querySelector("#phone-text");
  box.value = `/start ${start}`;
  box.focus();
}

namePhone();
listen();
