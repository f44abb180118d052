// Replies: filled in while one types, changed by hand, and copied through one gate.
import { copyText, guardSelection } from "./copy.js";
import { onKey } from "./keys.js";
import { later, postForJson, postForPage, say, sayRefused, tell } from "./net.js";

const PAUSE = 180;
const ASKED = new Set(["reply.drift", "reply.second-person", "reply.second-same", "token.bad"]);
const EVERYTHING = [".blanks", ".edit", ".outgoing"];
const asking = new WeakMap();
// What was filled in for this message: it stays while the channel or the answer changes.
const filledIn = new Map();
let refusedSelection = "";

export const forms = () => [...document.querySelectorAll("[data-reply]")];
const copyKey = (form) => form.querySelector(".copy:not([data-done])") ?? form.querySelector(".copy");

// The reply again, with what stands in the form; only what may have changed is put in its place.
async function again(form, parts, more = {}) {
  asking.get(form)?.abort();
  const control = new AbortController();
  asking.set(form, control);
  const data = new FormData(form);
  for (const [name, value] of Object.entries(more)) data.set(name, value);
  try {
    const page = await postForPage(data, form.dataset.again, control.signal);
    for (const part of parts) {
      const [fresh, old] = [page.querySelector(`.reply ${part}`), form.querySelector(part)];
      if (fresh && old) old.replaceWith(document.adoptNode(fresh));
    }
    return true;
  } catch (error) {
    sayRefused(error);
    return false;
  }
}

function remember(input) {
  if (/^(blank:|first_name$|personal$)/.test(input.name)) filledIn.set(input.name, input.value);
}

// Fills in again what the agent gave before, for the same message.
export function restore(form) {
  let changed = false;
  for (const input of form.querySelectorAll("[data-blank]:not([data-text])")) {
    const kept = filledIn.get(input.name);
    if (kept === undefined || kept === input.value) continue;
    input.value = kept;
    changed = true;
  }
  if (!changed) return;
  copyKey(form).disabled = true;
  again(form, [".outgoing"]);
}

export function forgetFilledIn() {
  filledIn.clear();
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

// Why a reply cannot be copied yet, as the page says it; the first open place takes the focus.
function sayOpen(form) {
  const open = [...form.querySelectorAll("[data-blank][required]")].find((input) => !input.value.trim());
  open?.focus();
  const reason = form.querySelector(".todo")?.textContent.trim();
  if (reason) say(reason, 12);
}

// Shows what differs from the vetted text: the next press of the key stands for it.
async function showDifferences(form, error) {
  if (await again(form, [".outgoing"], { asked: "1" })) (form.querySelector("[data-second]") ?? copyKey(form)).focus();
  // What differs is read out by itself; a key that was not good is not seen anywhere else.
  if (error.code !== "reply.drift" && error.code !== "reply.second-person") sayRefused(error);
}

const taken = () => document.getElementById("taken");

// What was just copied can be taken back with one key, until the next copy.
function offerTakeBack(got, what) {
  if (!taken()) return;
  taken().elements.copies.value = got.copies;
  taken().querySelector("[data-taken]").textContent = what;
  taken().hidden = false;
}

async function takeBack() {
  try {
    await postForJson(taken());
    taken().hidden = true;
    say("Genoteerd: niet gebruikt.");
  } catch (error) {
    sayRefused(error);
  }
}

function partDone(form, key, handed) {
  key.dataset.done = "";
  key.classList.remove("primary");
  const next = form.querySelector(".copy:not([data-done])");
  const said = `Deel ${handed.part} van ${handed.parts} gekopieerd voor ${form.dataset.for}.`;
  offerTakeBack(handed, said);
  say(next ? `${said} Plak het, en kopieer dan het volgende deel.` : said);
  next?.focus();
  return !next;
}

export async function copyReply(form, copied, key = copyKey(form)) {
  if (key.disabled) return sayOpen(form);
  const data = new FormData(form);
  data.set("part", key.value);
  const handed = postForJson(data, form.action);
  try {
    const done = await copyText(handed.then(({ text }) => text));
    const got = await handed;
    if (!done) return showByHand(form, got.text);
    if (got.parts > 1) {
      if (partDone(form, key, got)) copied?.(got);
      return;
    }
    say(`Gekopieerd voor ${form.dataset.for}.`);
    offerTakeBack(got, `Gekopieerd voor ${form.dataset.for}.`);
    copied?.(got);
  } catch (error) {
    if (ASKED.has(error.code) && form.dataset.again) showDifferences(form, error);
    else sayRefused(error);
  }
}

// A piece that was selected by hand goes through the gate as a text of the agent's own.
async function copySelection(place, text) {
  const form = place.closest("form");
  if (copyKey(form).disabled) return sayOpen(form);
  const data = new FormData(form);
  const whole = [...form.querySelectorAll(".bubble")].findIndex((bubble) => bubble.textContent.trim() === text);
  data.set("part", String(Math.max(whole, 0) + 1));
  if (whole < 0) {
    data.set("text", text);
    if (refusedSelection === text) data.set("confirmed", text);
  }
  const handed = postForJson(data, form.action);
  try {
    const done = await copyText(handed.then((got) => got.text));
    const got = await handed;
    if (!done) return showByHand(form, got.text);
    refusedSelection = "";
    const said = `${whole < 0 ? "Selectie gekopieerd" : "Gekopieerd"} voor ${form.dataset.for}.`;
    say(said);
    offerTakeBack(got, said);
  } catch (error) {
    if (error.code === "reply.drift") refusedSelection = text;
    sayRefused(error);
  }
}

async function edit(form, button) {
  if (!await again(form, EVERYTHING, { edit: button.value })) return;
  const box = form.querySelector("[data-text]");
  (box ?? form.querySelector("[data-personal]")).focus();
  tell(box ? "De hele tekst staat open om aan te passen." : "De gevalideerde tekst staat er weer.");
}

function typed(event, pauses) {
  const form = event.target.closest?.("[data-blank]") && event.target.form;
  if (!form) return;
  remember(event.target);
  // What stands there is of before: it may not be copied until the new one is shown.
  for (const key of form.querySelectorAll(".copy")) key.disabled = true;
  if (!pauses.has(form)) pauses.set(form, later(PAUSE, () => again(form, [".outgoing"])));
  pauses.get(form)();
}

export function startReplies(copied) {
  const pauses = new WeakMap();
  document.addEventListener("input", (event) => typed(event, pauses));
  document.addEventListener("change", (event) => event.target.matches("[data-choice]") && again(event.target.form, EVERYTHING));
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-edit]");
    if (!button) return;
    event.preventDefault();
    edit(button.form, button);
  });
  document.addEventListener("submit", (event) => {
    if (event.target === taken()) {
      event.preventDefault();
      takeBack();
    }
    if (!event.target.matches("[data-reply]")) return;
    event.preventDefault();
    // Enter in a field presses the first button there is: then it is the key that is next that counts.
    const pressed = event.submitter?.matches(".copy") ? event.submitter : undefined;
    copyReply(event.target, copied, pressed);
  });
  document.addEventListener("toggle", (event) => {
    const form = event.target.matches?.("[data-card][open]") && event.target.querySelector("[data-reply]");
    if (form) restore(form);
  }, true);
  onKey("F2", (event) => {
    const form = (event.target.closest?.("[data-card]") ?? document).querySelector("[data-reply]:has([data-edit])");
    const button = form?.querySelector("[data-edit]");
    if (!button) return false;
    edit(form, button);
    return true;
  });
  onKey("n", () => taken() && !taken().hidden ? takeBack() : false);
  guardSelection(copySelection, (reason) => say(reason, 12));
}
