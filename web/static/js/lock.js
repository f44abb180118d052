// The lock over a page: after a while without an act, or when a proof is asked, the page waits underneath as it was.
const dialog = document.getElementById("lock");
const CODES = new Set(["session.locked", "session.stale", "session.none"]);
const LOOK = 15_000;
let [lastTold, lockAt, mode] = [Date.now(), Infinity, ""];
let waiting = [];

export function asksProof(code) {
  return Boolean(dialog) && CODES.has(code);
}

// True once somebody showed who they are, false when they would rather not.
export function proved(code) {
  return new Promise((resolve) => {
    waiting.push(resolve);
    show(code);
  });
}

function show(code) {
  mode = code;
  dialog.classList.toggle("covers", code !== "session.stale");
  for (const part of dialog.querySelectorAll("[data-for]")) part.hidden = !part.dataset.for.split(" ").includes(code);
  if (!dialog.open) dialog.showModal();
  dialog.querySelector("[data-for]:not([hidden]) :is(input[type=password], button)")?.focus();
}

function leave(done) {
  mode = "";
  for (const field of dialog.querySelectorAll("input[type=password]")) field.value = "";
  dialog.querySelector("[role=alert]").textContent = "";
  dialog.close();
  const answered = waiting;
  waiting = [];
  for (const resolve of answered) resolve(done);
}

function token() {
  return document.querySelector("meta[name=csrf-token]").content;
}

function send(url, fields = {}) {
  const headers = { "X-Requested-With": "fetch", "X-CSRF-Token": token() };
  return fetch(url, { method: "POST", body: new URLSearchParams(fields), headers, redirect: "manual" });
}

async function state() {
  const response = await fetch(dialog.dataset.state, { headers: { "X-Requested-With": "fetch" } });
  return response.json();
}

// Whether the session goes on, is looked up rather than believed: another window may have used or locked it.
async function look() {
  const found = await state().catch(() => null);
  if (!found) return;
  if (!found.open) show("session.none");
  else if (found.left <= 0) show("session.locked");
  else goOn(found);
}

function goOn(found) {
  lockAt = Date.now() + found.left * 1000;
  if (found.token !== token()) {
    document.querySelector("meta[name=csrf-token]").content = found.token;
    for (const field of document.querySelectorAll("input[name=csrf_token]")) field.value = found.token;
  }
  if (mode === "session.locked" || mode === "session.none") leave(true);
}

function acted() {
  const now = Date.now();
  if (mode || now - lastTold < Number(dialog.dataset.tell) * 1000) return;
  lastTold = now;
  send(dialog.dataset.stay).then(look, () => {});
}

async function unlock(event) {
  event.preventDefault();
  const said = dialog.querySelector("[role=alert]");
  said.textContent = "";
  const form = event.target;
  const response = await send(form.action, new FormData(form)).catch(() => null);
  if (!response) {
    said.textContent = dialog.dataset.offline;
    return;
  }
  // A redirect that is not followed has no status: the proof was taken.
  if (response.type === "opaqueredirect" || response.ok) {
    const found = await state();
    leave(true);
    goOn(found);
    return;
  }
  const { error } = await response.json().catch(() => ({ error: null }));
  if (error?.code === "session.none") show("session.none");
  else said.textContent = error ? `${error.message} ${error.hint}` : dialog.dataset.offline;
  form.querySelector("input[type=password]")?.select();
}

export function startLock() {
  if (!dialog) return;
  lockAt = Date.now() + Number(dialog.dataset.left) * 1000;
  dialog.querySelector("[data-unlock]").addEventListener("submit", unlock);
  dialog.querySelector("[data-cancel]").addEventListener("click", () => leave(false));
  dialog.querySelector("[data-again]").addEventListener("click", look);
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    if (mode === "session.stale") leave(false);
  });
  // A browser may close a dialog all the same; a lock stays.
  dialog.addEventListener("close", () => { if (mode) show(mode); });
  for (const button of document.querySelectorAll("[data-lock]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      send(button.form.action).then(look, () => {});
    });
  }
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, acted, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  setInterval(() => { if (mode || Date.now() >= lockAt) look(); }, LOOK);
}
