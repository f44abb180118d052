// Signing by keyboard: v signs, x and o open a note, n leaves it for later, b opens the source.
import { onKey } from "./keys.js";

function startNotes() {
  for (const note of document.querySelectorAll("[data-note]")) {
    const [field, form] = [note.querySelector("textarea"), note.querySelector("form")];
    note.addEventListener("toggle", () => { if (note.open) field.focus(); });
    field.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      else if (event.key === "Escape") {
        note.open = false;
        note.querySelector("summary").focus();
      } else return;
      event.preventDefault();
    });
  }
}

const open = (name) => {
  const note = document.querySelector(`[data-note=${name}]`);
  if (!note) return false;
  note.open = true;
  note.querySelector("textarea").focus();
  return true;
};

const click = (selector) => {
  const found = document.querySelector(selector);
  found?.click();
  return Boolean(found);
};

export function startReview() {
  startNotes();
  onKey("v", () => click("[data-sign]"));
  onKey("x", () => open("wrong"));
  onKey("o", () => open("hold"));
  onKey("n", () => click("[data-skip]"));
  onKey("b", () => click(".review .sources a"));
}
