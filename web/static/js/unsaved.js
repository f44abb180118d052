// What is typed is kept on the server while one types, and in this window while there is no network.
import { Refused, postForJson, say, tell } from "./net.js";

const PAUSE = 1500;
const AT_MOST = 6000;
const AGAIN = 10_000;
// What a browser lets out of a page that is closing, in bytes.
const KEEPALIVE = 60_000;
const BEGIN = "kb-klad:";
const random = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Of one person: what somebody else left in this window is not theirs to send.
const slotsOf = (form) => `${BEGIN}${form.dataset.who}:`;

class Keeper {
  constructor(form) {
    this.form = form;
    this.shown = document.getElementById("kept");
    this.said = "";
    this.changed = false;
    this.leaving = false;
    this.since = 0;
    form.elements.window.value = random();
  }

  get slot() {
    return slotsOf(this.form) + this.form.elements.klad.value;
  }

  show(text) {
    this.shown.textContent = text;
  }

  typed() {
    this.changed = true;
    const now = Date.now();
    this.since ||= now;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), Math.max(0, Math.min(PAUSE, this.since + AT_MOST - now)));
  }

  // One at a time: an older text never comes in after a newer one.
  async keep() {
    if (this.leaving || !this.changed) return;
    if (this.busy) {
      this.typed();
      return;
    }
    this.busy = true;
    this.changed = false;
    this.since = 0;
    try {
      await this.send();
    } finally {
      this.busy = false;
    }
  }

  async send() {
    const { seen } = this.form.elements;
    try {
      const kept = await postForJson(new FormData(this.form), this.form.dataset.keep);
      seen.value = kept.version;
      sessionStorage.removeItem(this.slot);
      if (this.offline) say("Er is weer verbinding: wat je typte is bijgehouden.");
      this.offline = false;
      this.show(`Bijgehouden om ${kept.at}, nog niet bewaard als versie.`);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.failed(error);
    }
  }

  failed(error) {
    this.changed = true;
    if (error.code === "unsaved.elsewhere") {
      this.form.elements.klad.value = random();
      this.form.elements.seen.value = 0;
      say("Deze fiche staat ook in een ander venster open. Wat je hier typt, wordt apart bijgehouden.", 12);
      this.typed();
      return;
    }
    this.keepHere();
    const why = error.code === "offline" ? "Geen verbinding." : `${error.message} ${error.hint}`;
    const text = `${why} Wat je typt, staat voorlopig alleen in dit venster; het wordt bijgehouden zodra het weer kan.`;
    if (!this.offline) tell(text);
    this.offline = true;
    this.show(text);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), AGAIN);
  }

  keepHere() {
    const fields = [...new FormData(this.form)].filter(([name]) => name !== "csrf_token");
    try {
      sessionStorage.setItem(this.slot, JSON.stringify(fields));
    } catch {
      this.show("Dit venster kan de tekst niet bijhouden: laat het open tot er weer verbinding is.");
    }
  }

  // A window that closes sends what it has on its way out.
  leave() {
    if (this.leaving || !(this.changed || this.busy)) return;
    const data = new FormData(this.form);
    const body = new URLSearchParams(data);
    if (this.offline || body.toString().length > KEEPALIVE) this.keepHere();
    const headers = { "X-Requested-With": "fetch" };
    fetch(this.form.dataset.keep, { method: "POST", body, headers, keepalive: true }).catch(() => {});
  }
}

// What an earlier page of this window could not send goes first; then it is offered as all the rest.
async function sendWhatWaits(form, keeper) {
  const slots = Object.keys(sessionStorage).filter((name) => name.startsWith(slotsOf(form)));
  let sent = false;
  for (const slot of slots) {
    const data = new FormData();
    for (const [name, value] of JSON.parse(sessionStorage.getItem(slot))) data.append(name, value);
    try {
      await postForJson(data, form.dataset.keep);
      sent = true;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (error.code === "offline") return;
      // Another window kept it since: this one is kept beside it.
      if (error.code === "unsaved.elsewhere") {
        data.set("klad", random());
        data.set("seen", "0");
        await postForJson(data, form.dataset.keep);
        sent = true;
      }
    }
    sessionStorage.removeItem(slot);
  }
  // Who began to type already goes on; it is offered at the next visit.
  if (sent && !keeper.changed && !keeper.busy) location.reload();
}

export function startKeeping(form) {
  const keeper = new Keeper(form);
  form.addEventListener("input", (event) => { if (event.target.name) keeper.typed(); });
  form.addEventListener("change", (event) => { if (event.target.name) keeper.typed(); });
  form.addEventListener("submit", () => {
    clearTimeout(keeper.timer);
    keeper.leaving = true;
    sessionStorage.removeItem(keeper.slot);
  });
  // Back from a page that was left for good: this one goes on.
  window.addEventListener("pageshow", () => { keeper.leaving = false; });
  window.addEventListener("online", () => keeper.keep());
  window.addEventListener("pagehide", () => keeper.leave());
  document.addEventListener("visibilitychange", () => { if (document.hidden) keeper.keep(); });
  window.addEventListener("beforeunload", (event) => {
    if (!keeper.leaving && (keeper.changed || keeper.busy)) event.preventDefault();
  });
  // Who typed before this script was there is heard all the same.
  const early = [...form.elements].some((field) => field.name && field.type !== "hidden" && "defaultValue" in field && field.type !== "checkbox" && field.type !== "radio" && field.value !== field.defaultValue);
  if (early) keeper.typed();
  if (form.dataset.offers !== undefined) sendWhatWaits(form, keeper);
}
