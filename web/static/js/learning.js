// Learning from a message: one key shows what would be kept, and only a confirmation keeps it.
import { onKey } from "./keys.js";
import { postForJson, postForPage, say, sayRefused } from "./net.js";

const lesson = () => document.getElementById("lesson");

// A message that was copied is gone from the desk: there is nothing left to learn from.
function missing(form) {
  const field = form.elements.message ?? form.elements.text;
  if (field.value.trim()) return false;
  say("Plak eerst het bericht.");
  field.focus();
  return true;
}

async function open(button) {
  if (missing(button.form)) return;
  try {
    const page = await postForPage(button.form, button.formAction);
    lesson()?.remove();
    (button.closest(".learn") ?? button.closest("p")).after(document.adoptNode(page.getElementById("lesson")));
    startLesson(button);
  } catch (error) {
    sayRefused(error);
  }
}

function startLesson(button) {
  const form = lesson().querySelector("form");
  const close = () => {
    lesson()?.remove();
    (button.closest("[data-card]") ?? button).focus();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(form, close);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  lesson().querySelector("[data-cancel]").addEventListener("click", close);
  form.elements.text.focus();
}

async function keep(form, close) {
  const refused = lesson().querySelector("[data-refused]");
  try {
    const { said } = await postForJson(form);
    close();
    say(said);
  } catch (error) {
    if (!error.code) return sayRefused(error);
    refused.textContent = `${error.message} ${error.hint}`;
    refused.hidden = false;
    form.elements.text.focus();
  }
}

async function dismiss(button) {
  if (button.disabled) return;
  button.disabled = true;
  try {
    const { said } = await postForJson(button.form, button.formAction);
    say(said);
    const card = button.closest("[data-card]");
    const cards = [...document.querySelectorAll("[data-card]:not(#blocks [data-card])")];
    const next = cards[cards.indexOf(card) + 1];
    if (!next) return card.focus();
    card.open = false;
    if (next.matches("details")) next.open = true;
    next.focus();
  } catch (error) {
    button.disabled = false;
    sayRefused(error);
  }
}

// The key is about the card that has the focus, else the first one, else the message as a whole.
function press(kind) {
  const button = document.activeElement?.closest("[data-card]")?.querySelector(`[${kind}]`) ?? document.querySelector(`[${kind}]`);
  if (!button) return false;
  button.click();
  return true;
}

export function startLearning() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-learn], [data-mark], [data-dismiss]");
    if (!button) return;
    event.preventDefault();
    if (button.matches("[data-dismiss]")) dismiss(button);
    else open(button);
  });
  onKey("l", () => press("data-learn"));
  onKey("p", () => press("data-dismiss"));
  onKey("v", () => press("data-mark=false-alarm"));
  onKey("g", () => press("data-mark=miss"));
}
