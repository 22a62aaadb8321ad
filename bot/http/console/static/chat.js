// What the sandbox's page is made of: sending, and a chat as the server tells it. Texts only by textContent.
"use strict";

const words = JSON.parse(document.body.dataset.words);
const language = document.body.dataset.language;
const here = "/console/sandbox";
// The customers' clock, by which texts tell times, too; not that of whoever looks on.
const clockTime = new Intl.DateTimeFormat(language, {
  timeStyle: "short",
  timeZone: document.body.dataset.zone,
});

// -- small helpers ------------------------------------------------------------------------------------------

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

// crypto.randomUUID is missing where the page is not served from localhost or by https.
function freshId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function banner(text) {
  const bar = document.querySelector(".banner");
  bar.textContent = text;
  bar.hidden = !text;
}

// The phone that is shown: its chat, and whose it is. Each customer has their own.
const PHONE_KEPT = "huifang.sandbox.phone";

const phone = (() => {
  try {
    const { chat, name } = JSON.parse(localStorage.getItem(PHONE_KEPT)) || {};
    return { chat: /^phone(-[a-z0-9]{1,16})?$/.test(chat) ? chat : "phone", name: name || "" };
  } catch {
    return { chat: "phone", name: "" };
  }
})();

async function send(what, body) {
  const answer = await fetch(`${here}/${what}?lang=${language}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  if (answer.status === 401) banner(words.gone);
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.status === 204 ? null : answer.json();
}

// -- one chat -----------------------------------------------------------------------------------------------

class Chat {
  constructor(section) {
    this.name = section.dataset.chat;
    this.talk = section.querySelector(".talk");
    this.empty = section.querySelector(".empty");
    this.toasts = section.querySelector(".toasts");
    this.form = section.querySelector(".compose");
    this.box = section.querySelector("textarea");
    this.bar = section.querySelector(".replying");
    this.drawn = new Map(); // id of a message -> { element, text of its state }
    this.dismissed = new Set(); // questions whose reply bar was closed
    this.pressed = new Set(); // ids of presses whose short answer is to be shown here
    this.replyTo = null;
    this.listen();
  }

  listen() {
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.say();
    });
    this.box.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        this.say();
      }
      if (event.key === "Escape") this.stopReplying();
    });
    this.box.addEventListener("input", () => this.fit());
    this.form.querySelector("[data-do=cancel-reply]").addEventListener("click", () => this.stopReplying());
  }

  person() {
    if (this.name === "phone") {
      return { person: "customer", name: phone.name || document.forms.ticket.elements.name.value };
    }
    const chosen = document.querySelector("[name=who]:checked");
    return { person: chosen.value, name: chosen.dataset.name };
  }

  fit() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight + 2}px`;
  }

  async act(action) {
    const id = freshId();
    try {
      await send("act", { id, chat: this.name === "phone" ? phone.chat : this.name, locale: language, ...this.person(), ...action });
    } catch {
      this.toast(words.failed, false);
    }
    return id;
  }

  async say() {
    const text = this.box.value.trim();
    if (!text) return;
    const replies = this.replyTo ? { replies_to: this.replyTo } : {};
    if (this.replyTo) this.dismissed.add(this.replyTo);
    this.box.value = "";
    this.fit();
    this.showReply(null);
    await this.act({ text, ...replies });
  }

  async press(button, message, tap) {
    button.setAttribute("aria-busy", "true");
    this.pressed.add(await this.act({ tap, message }));
    setTimeout(() => button.removeAttribute("aria-busy"), 1200);
  }

  // -- replying

  stopReplying() {
    if (this.replyTo) this.dismissed.add(this.replyTo);
    this.showReply(null);
  }

  showReply(message, takesFocus = true) {
    this.replyTo = message ? message.id : null;
    this.bar.hidden = !message;
    this.box.placeholder = (message && message.asks) || words[`${this.name}_type`];
    if (!message) return;
    this.bar.querySelector("strong").textContent = words.replying;
    this.bar.querySelector("span").textContent = message.text;
    if (takesFocus) this.box.focus({ preventScroll: true });
  }

  // A forced reply: the last question that was put to me and is not answered yet.
  offerReply(messages, isFirst) {
    const me = this.person().person;
    const answered = new Set(messages.map((message) => message.replies_to).filter(Boolean));
    const open = messages.filter((one) => one.asks && (!one.mentions || one.mentions === me) && !answered.has(one.id));
    const question = open.at(-1);
    if (question && question.id !== this.replyTo && !this.dismissed.has(question.id)) this.showReply(question, !isFirst);
    const still = messages.find((one) => one.id === this.replyTo);
    if (still && still.asks && !open.includes(still)) this.showReply(null);
  }

  // -- drawing

  draw(messages) {
    const atEnd = this.talk.scrollHeight - this.talk.scrollTop - this.talk.clientHeight < 80;
    const isFirst = this.drawn.size === 0;
    let edited = null;
    let grown = false;
    let hasWritten = false; // my own words: I want to see them, and what follows
    this.empty.hidden = messages.length > 0;
    for (const message of messages) {
      const wasThere = this.drawn.has(message.id);
      const element = this.place(message, messages, isFirst);
      if (element && wasThere) edited = element;
      if (element && !wasThere) grown = true;
      if (element && !wasThere && message.by === this.person().person) hasWritten = true;
    }
    const known = new Set(messages.map((message) => message.id));
    for (const [id, { element }] of this.drawn) {
      if (!known.has(id)) {
        element.remove();
        this.drawn.delete(id);
      }
    }
    this.offerReply(messages, isFirst);
    if (isFirst || (grown && (atEnd || hasWritten))) this.talk.scrollTop = this.talk.scrollHeight;
    if (edited && !isFirst && (!grown || edited.querySelector(".key"))) this.reveal(edited);
  }

  // Scrolls within the chat only; scrollIntoView would move the page, too.
  reveal(element) {
    const [frame, box] = [this.talk.getBoundingClientRect(), element.getBoundingClientRect()];
    if (box.bottom > frame.bottom) this.talk.scrollTop += box.bottom - frame.bottom + 12;
    else if (box.top < frame.top) this.talk.scrollTop -= Math.min(frame.top - box.top + 12, frame.bottom - box.bottom);
  }

  place(message, messages, isFirst) {
    const state = JSON.stringify([message, this.person().person]);
    const before = this.drawn.get(message.id);
    if (before && before.state === state) return null;
    const element = this.element(message, messages);
    if (before) {
      const focused = before.element.contains(document.activeElement);
      before.element.replaceWith(element);
      if (before.text !== message.text) element.classList.add("changed");
      if (focused) (element.querySelector("button, a") || this.talk).focus({ preventScroll: true });
    } else {
      if (!isFirst) element.classList.add("fresh");
      this.talk.append(element);
    }
    this.drawn.set(message.id, { element, state, text: message.text });
    return element;
  }

  element(message, messages) {
    const mine = message.by === this.person().person;
    const element = make("article", `message${mine ? " mine" : ""}${message.rows.length ? " with-keys" : ""}`);
    const bubble = make("div", "bubble");
    if (!mine && this.name === "team") bubble.append(this.author(message));
    const quoted = messages.find((one) => one.id === message.replies_to);
    if (quoted) bubble.append(make("div", "quote", quoted.text));
    if (message.file) bubble.append(this.file(message.file));
    bubble.append(this.said(message), this.meta(message));
    element.append(bubble);
    if (message.rows.length || message.link) element.append(this.keys(message));
    return element;
  }

  // The text, with the words that lead to a page where they stand last.
  said({ text, words: link }) {
    const place = link ? text.lastIndexOf(link.label) : -1;
    if (place < 0 || !/^https?:\/\//.test(link.url)) return make("div", "said", text);
    const said = make("div", "said", text.slice(0, place));
    const words = make("a", "", link.label);
    Object.assign(words, { href: link.url, target: "_blank", rel: "noopener noreferrer" });
    said.append(words, text.slice(place + link.label.length));
    return said;
  }

  // A file at an address of ours: a picture as such, another one by its name.
  file({ name, url, is_picture: isPicture }) {
    const link = make("a", "file", isPicture ? undefined : name);
    Object.assign(link, { href: url, target: "_blank", rel: "noopener noreferrer" });
    if (isPicture) link.append(Object.assign(new Image(), { src: url, alt: name }));
    return link;
  }

  author(message) {
    const by = make("div", "by", message.by ? message.name || message.by : words.assistant);
    if (message.by) by.dataset.hue = message.by === "li" ? "1" : "2";
    return by;
  }

  meta(message) {
    const meta = make("div", "meta");
    if (this.name === "team" && !message.by) {
      const answer = make("button", "answer", words.reply);
      answer.type = "button";
      answer.addEventListener("click", () => this.showReply(message));
      meta.append(answer);
    }
    const time = make("time", "", clockTime.format(new Date(message.at)));
    time.dateTime = message.at;
    meta.append(time);
    return meta;
  }

  keys(message) {
    const keys = make("div", "keys");
    for (const row of message.rows) {
      const line = make("div", "keys-row");
      for (const { label, tap } of row) line.append(this.key(message, label, tap));
      keys.append(line);
    }
    if (message.link) keys.append(this.linkKey(message.link));
    return keys;
  }

  key(message, label, tap) {
    const button = make("button", "key", label);
    button.type = "button";
    button.addEventListener("click", () => this.press(button, message.id, tap));
    return button;
  }

  linkKey({ label, url }) {
    const link = make("a", "key", `${label} ↗`);
    if (/^https?:\/\//.test(url)) link.href = url;
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    return link;
  }

  // -- toasts

  toast(text, isAlert) {
    const toast = make("div", `toast${isAlert ? " alert" : ""}`);
    toast.append(make("span", "", text));
    if (isAlert) {
      const close = make("button", "", words.close_notice);
      close.type = "button";
      close.addEventListener("click", () => toast.remove());
      toast.append(close);
    }
    this.toasts.replaceChildren(toast);
    setTimeout(() => toast.remove(), isAlert ? 8000 : 3500);
  }
}
