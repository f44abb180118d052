// Talks to our own server: a form goes out, a page or JSON comes back.
import { asksProof, proved } from "./lock.js";

export class Refused extends Error {
  constructor(status, code, message, hint) {
    super(message);
    this.status = status;
    this.code = code;
    this.hint = hint;
  }
}

const FAILED = new Map([
  ["offline", ["Geen verbinding met de kennisbank.", "Kijk je netwerk na en probeer het nog eens."]],
  ["unreadable", ["Het antwoord van de server kan niet gelezen worden.", "Probeer het nog eens."]],
]);

function failed(code) {
  const [message, hint] = FAILED.get(code);
  return new Refused(0, code, message, hint);
}

async function post(form, url, signal) {
  const data = form instanceof FormData ? form : new FormData(form);
  const token = document.querySelector("meta[name=csrf-token]")?.content ?? "";
  const headers = { "X-Requested-With": "fetch", "X-CSRF-Token": token };
  let response;
  try {
    response = await fetch(url, { method: "POST", body: new URLSearchParams(data), headers, signal });
  } catch (error) {
    throw error.name === "AbortError" ? error : failed("offline");
  }
  if (response.ok) return response;
  const { error } = await response.json().catch(() => ({ error: null }));
  if (!error) throw failed("unreadable");
  // The page waits as it was, and what was asked is asked again.
  if (asksProof(error.code) && await proved(error.code)) return post(form, url, signal);
  throw new Refused(response.status, error.code, error.message, error.hint);
}

// The page that a form leads to, as a document of its own: nothing in it runs or loads.
export async function postForPage(form, url = form.action, signal = undefined) {
  const response = await post(form, url, signal);
  return new DOMParser().parseFromString(await response.text(), "text/html");
}

export async function postForJson(form, url = form.action) {
  const response = await post(form, url);
  return response.json();
}

// Puts the parts of a fetched page that carry data-swap where this page has the same ones.
export function swap(page, ids) {
  for (const id of ids) {
    const [fresh, old] = [page.getElementById(id), document.getElementById(id)];
    if (fresh && old) old.replaceWith(document.adoptNode(fresh));
  }
}

let clearing;

// Says something to everybody: seen at the foot of the page, read out by screen readers.
export function say(text, seconds = 6) {
  const status = document.getElementById("status");
  clearTimeout(clearing);
  status.textContent = text;
  clearing = setTimeout(() => { status.textContent = ""; }, seconds * 1000);
}

// Says something to who cannot see that the page has changed.
export function tell(text) {
  document.getElementById("heard").textContent = text;
}

export function sayRefused(error) {
  if (error.name === "AbortError") return;
  if (!(error instanceof Refused)) throw error;
  say(`${error.message} ${error.hint}`, 12);
}

// Waits until somebody stops typing.
export function later(milliseconds, run) {
  let timer;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, milliseconds);
  };
}
