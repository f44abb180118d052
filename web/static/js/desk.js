// The desk: a pasted message becomes suggestions, without leaving the page or the keyboard.
import { startChannels, startInitials } from "./channel.js";
import { onKey } from "./keys.js";
import { postForPage, sayRefused, swap, tell } from "./net.js";
import { copyReply, forgetFilledIn, restore, startReplies } from "./reply.js";

const LETTERS = new Map([["j", 1], ["k", -1]]);
const ARROWS = new Map([["ArrowDown", 1], ["ArrowUp", -1]]);
let control;

const ask = () => document.getElementById("ask");
const message = () => document.getElementById("message");
const spoken = () => document.querySelector("[name=spoken]");
// A card in a group that is closed is not there to be chosen.
const cards = () => [...document.querySelectorAll("[data-card]")].filter((card) => !card.parentElement.closest("details:not([open])"));

async function advise() {
  if (!message().value.trim()) return message().focus();
  control?.abort();
  control = new AbortController();
  const results = document.getElementById("results");
  const choosing = document.activeElement === spoken();
  results.classList.add("is-busy");
  try {
    const page = await postForPage(ask(), ask().action, control.signal);
    swap(page, ["crisis", "danger", "results"]);
    arrive();
    if (choosing) spoken().focus();
  } catch (error) {
    results.classList.remove("is-busy");
    sayRefused(error);
  }
}

// What must go out first when there is danger: its copy key, or nothing.
const urgent = () => document.querySelector("#danger .copy");

// Where an agent adds a sentence of their own: Enter there copies the reply.
const line = (card) => card?.querySelector("[data-personal]") ?? card;

// Enter copies at once, so danger, else the first answer's own line, takes the focus; Esc goes back to the message.
function arrive() {
  const [first] = cards();
  const open = document.querySelector("#results [data-card][open]");
  for (const form of open?.querySelectorAll("[data-reply]") ?? []) restore(form);
  (urgent() ?? (first?.closest("#danger") ? first : line(open ?? first)) ?? document.getElementById("results")).focus();
  const danger = document.querySelector(".danger h2")?.textContent.trim();
  const heading = document.querySelector("#results h2")?.textContent.trim();
  const crisis = document.querySelector("#crisis strong")?.textContent.trim();
  const kind = document.getElementById("kind-said")?.textContent.trim();
  tell([crisis, danger, kind, heading].filter(Boolean).join(". "));
}

function current() {
  return document.activeElement?.closest("[data-card]");
}

function step(by, place = (card) => card) {
  const all = cards();
  if (!all.length) return false;
  const next = all[Math.min(all.length - 1, Math.max(0, all.indexOf(current()) + by))];
  if (next.matches("details")) next.open = true;
  place(next).focus();
  return true;
}

// What somebody said of one message does not hold for the next.
function forget() {
  if (spoken()) spoken().value = "";
}

// From a field of a card to the card, where the letters are keys again; from there to the message.
function back(event) {
  const card = event.target.closest?.("[data-card]");
  (card && event.target !== card ? card : message()).focus();
}

function stepLine(event) {
  if (!ARROWS.has(event.key) || !event.target.matches?.("[data-personal]")) return;
  event.preventDefault();
  step(ARROWS.get(event.key), line);
}

// The message is done with: it leaves the page as well.
function copied() {
  message().value = "";
  forget();
  forgetFilledIn();
  message().focus();
}

function copyCurrent(event) {
  if (event.key === "Enter" && event.target !== current()) return false;
  const card = current() ?? urgent() ?? document.querySelector("[data-card]");
  const form = card?.closest("[data-reply]") ?? card?.querySelector("[data-reply]");
  if (!form) return false;
  copyReply(form, copied);
  return true;
}

// Opens the building blocks, and goes to the first of them.
function toBlocks() {
  const group = document.getElementById("blocks");
  if (!group) return false;
  group.open = true;
  const first = group.querySelector("[data-card]");
  first.open = true;
  first.focus();
}

export function startDesk() {
  startReplies(copied);
  startChannels(() => message().value.trim() && advise());
  startInitials(ask().elements.initials, () => message().value.trim() && advise());
  ask().addEventListener("submit", (event) => {
    event.preventDefault();
    advise();
  });
  ask().elements.lang.addEventListener("change", () => message().value.trim() && advise());
  document.addEventListener("change", (event) => event.target === spoken() && advise());
  message().addEventListener("input", forget);
  message().addEventListener("paste", () => setTimeout(advise));
  message().addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    advise();
  });
  onKey("t", () => spoken() ? spoken().focus() : false);
  for (const [key, by] of LETTERS) onKey(key, () => step(by));
  // Arrows go on scrolling the page, and moving in the channels, unless a suggestion itself has the focus.
  for (const [key, by] of ARROWS) onKey(key, (event) => event.target === current() && step(by));
  for (const key of ["Enter", "c"]) onKey(key, copyCurrent);
  document.addEventListener("keydown", stepLine);
  onKey("b", toBlocks);
  onKey("Escape", back);
}
