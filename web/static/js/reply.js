// Replies: blanks are filled in while one types, and a finished one is copied.
import { copyText } from "./copy.js";
import { later, postForJson, postForPage, say, sayRefused, swap } from "./net.js";

const PAUSE = 180;
const asking = new WeakMap();

async function fillIn(form) {
  asking.get(form)?.abort();
  const control = new AbortController();
  asking.set(form, control);
  const shown = form.querySelector(".outgoing");
  try {
    swap(await postForPage(form, form.dataset.again, control.signal), [shown.id]);
  } catch (error) {
    sayRefused(error);
  }
}

function showByHand(form, text) {
  const area = document.createElement("textarea");
  area.readOnly = true;
  area.rows = 8;
  area.value = text;
  area.setAttribute("aria-label", "Tekst om zelf te kopiëren");
  form.append(area);
  area.select();
  say("Kopiëren lukte niet vanzelf: de tekst staat geselecteerd, gebruik Ctrl+C.", 12);
}

export async function copyReply(form, copied) {
  const button = form.querySelector(".copy");
  if (button.disabled) {
    const open = [...form.querySelectorAll("[data-blank][required]")].find((input) => !input.value.trim());
    open?.focus();
    return;
  }
  const handed = postForJson(form).then(({ text }) => text);
  try {
    const done = await copyText(handed);
    if (!done) return showByHand(form, await handed);
    say(`Gekopieerd voor ${form.dataset.for}.`);
    copied?.();
  } catch (error) {
    sayRefused(error);
  }
}

export function startReplies(copied) {
  const pauses = new WeakMap();
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("[data-blank]") && event.target.form;
    if (!form) return;
    // What stands there is of before: it may not be copied until the new one is shown.
    form.querySelector(".copy").disabled = true;
    if (!pauses.has(form)) pauses.set(form, later(PAUSE, () => fillIn(form)));
    pauses.get(form)();
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-reply]")) return;
    event.preventDefault();
    copyReply(event.target, copied);
  });
}
