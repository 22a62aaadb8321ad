// Keeps what is typed on a rater's sheet in this browser until it is sent, or four days have passed (see page.js, which
// forgets it). Everything else works without this file.
"use strict";

const SHEET = "form.sheet";

const draftKey = () => `${OURS}${linkNumber()}.sheet`;

const keepSheet = () => {
  for (const told of document.querySelectorAll("[data-kept]")) told.hidden = !store;

const form = document.querySelector(SHEET);
  if (!form) return;
  try {
    store.setItem(draftKey(), JSON.stringify({ fields: [...new FormData(form)].filter(([, value]) => typeof value === "string"), at: Date.now() }));
  } catch {
    // full or forbidden: the page still holds it
  }
};

const put = (form, name, value) => {
  for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`)) {
    if (field.type === "radio" || field.type === "checkbox") field.checked ||= field.value === value;
    else if (field.type !== "hidden" && field.type !== "file" && value !== "na") field.value = value;
  }
};

for (const told of document.querySelectorAll("[data-kept]")) told.hidden = !store;

const form = document.querySelector(SHEET);
if (form && form.hasAttribute("data-draft")) {
  const { fields } = kept(draftKey());
  for (const [name, value] of fields || []) put(form, name, value);
}

addEventListener("input", (event) => event.target.closest(SHEET) && keepSheet());
