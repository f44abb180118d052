// The article's form: tools, inserting, pasting with its marks kept, and a preview that follows the text.
import { startFilter } from "./filter.js";
import { exchange, find, nextItem, put, putPlaceholder, selected, useTool } from "./insert.js";
import { later, postForPage, sayRefused, tell } from "./net.js";
import { pasted } from "./paste.js";
import { startKeeping } from "./unsaved.js";

const PAUSE = 400;
const KEYS = new Map([["b", "bold"], ["i", "italic"], ["k", "link"]]);
const LIST_KEYS = new Map([["Digit7", "numbers"], ["Digit8", "list"]]);
let current;

const isBox = (element) => element.matches?.("[data-box] textarea");
const boxOf = (element) => element.closest("[data-box]")?.querySelector("textarea");
const insert = () => document.getElementById("insert");
const filter = () => document.getElementById("insert-filter");

function startTools(form) {
  form.addEventListener("focusin", (event) => {
    if (isBox(event.target)) current = event.target;
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const { tool, put: what, find: piece, swapPlace, by } = button.dataset;
    if (tool) useTool(boxOf(button), tool);
    else if (button.dataset.insert !== undefined) toggleInsert(button);
    else if (what) insertIt(button);
    else if (piece) find(boxOf(button), piece);
    else if (swapPlace) exchange(boxOf(button), swapPlace, by);
  });
  form.addEventListener("keydown", (event) => {
    if (isBox(event.target)) keyInBox(event);
    else if (event.target.closest("[role=toolbar]")) keyInTools(event);
  });
}

function keyInBox(event) {
  const box = event.target;
  const ctrl = (event.ctrlKey || event.metaKey) && !event.altKey;
  const tool = ctrl && (event.shiftKey ? LIST_KEYS.get(event.code) : KEYS.get(event.key.toLowerCase()));
  const plainEnter = event.key === "Enter" && !event.shiftKey && !ctrl && !event.isComposing;
  if (tool) useTool(box, tool);
  if (tool || (plainEnter && nextItem(box))) event.preventDefault();
}

// One stop for the tab key; the arrows go from tool to tool.
function keyInTools(event) {
  const tools = [...event.target.closest("[role=toolbar]").querySelectorAll("button")];
  const at = tools.indexOf(event.target);
  const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tools.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  const next = tools[(to + tools.length) % tools.length];
  for (const tool of tools) tool.tabIndex = tool === next ? 0 : -1;
  next.focus();
}

// One set of chips for all boxes: it goes and stands under the box that asked for it.
function toggleInsert(button) {
  const box = boxOf(button);
  if (!insert().hidden && current === box) {
    closeInsert();
    return;
  }
  for (const other of document.querySelectorAll("[data-insert]")) other.setAttribute("aria-expanded", String(other === button));
  current = box;
  box.after(insert());
  insert().hidden = false;
  filter().value = "";
  filter().dispatchEvent(new Event("input"));
  filter().focus();
  insert().scrollIntoView({ block: "nearest" });
}

function closeInsert() {
  insert().hidden = true;
  for (const button of document.querySelectorAll("[data-insert]")) button.setAttribute("aria-expanded", "false");
  current?.focus();
}

function insertIt(button) {
  closeInsert();
  putPlaceholder(current, button.dataset.put, button.dataset.select);
  tell(`Ingevoegd: ${button.querySelector("span")?.textContent ?? button.textContent}.`);
}

// Of what is left by the filter, what Enter puts in: a name that begins so, else one that holds it, else the first.
function markBest() {
  const typed = filter().value.trim().toLowerCase();
  const chips = [...insert().querySelectorAll("[data-put]:not([hidden])")];
  const named = (holds) => chips.find((chip) => chip.dataset.row && holds(chip.dataset.row));
  const best = typed ? named((row) => row.startsWith(typed)) ?? named((row) => row.includes(typed)) ?? chips[0] : null;
  for (const chip of insert().querySelectorAll("[data-put]")) chip.classList.toggle("best", chip === best);
  if (best) tell(`Enter: ${best.querySelector("span")?.textContent ?? best.textContent}`);
}

// What is typed in the search field can be the name of a blank of one's own.
function nameOwnBlank() {
  const own = insert().querySelector("[data-own]");
  const typed = filter().value.trim();
  const plain = typed.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "").replace(/[^a-z0-9]+/g, "_");
  const name = plain.replace(/^[_0-9]+|_+$/g, "").slice(0, 40);
  own.dataset.put = `{blank:${name || "naam"}}`;
  own.dataset.select = name ? "" : "naam";
  own.textContent = name ? `Invulveld: ${typed}` : "Ander invulveld…";
}

function startInsert() {
  startFilter(filter(), insert());
  filter().addEventListener("input", nameOwnBlank);
  filter().addEventListener("input", markBest);
  insert().addEventListener("keydown", (event) => {
    const chips = [...insert().querySelectorAll("[data-put]:not([hidden])")];
    const at = chips.indexOf(event.target);
    if (event.key === "Escape") closeInsert();
    else if (event.key === "Enter" && event.target === filter()) (insert().querySelector(".best") ?? chips[0]).click();
    else if (event.key === "ArrowDown") (chips[at + 1] ?? chips[0]).focus();
    else if (event.key === "ArrowUp") (at > 0 ? chips[at - 1] : filter()).focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
}

function startPaste(form) {
  form.addEventListener("paste", (event) => {
    const box = event.target;
    if (!isBox(box)) return;
    const plain = event.clipboardData?.getData("text/plain") ?? "";
    // An address over a selected text makes a link of it.
    if (/^https?:\/\/[^\s()<>]+$/.test(plain.trim()) && selected(box).trim() && !/[\n[\]]/.test(selected(box))) {
      event.preventDefault();
      put(box, `[${selected(box)}](${plain.trim()})`);
      return;
    }
    const found = pasted(event.clipboardData?.getData("text/html") ?? "", plain);
    if (!found) return;
    event.preventDefault();
    put(box, found.text);
    const said = box.closest("[data-box]").querySelector("[data-pasted]");
    said.hidden = !found.left;
    said.textContent = found.left;
  });
}

// The focus stays where it was, also when what held it is put in its place again.
function renew(page, id) {
  const [fresh, old] = [page.getElementById(id), document.getElementById(id)];
  if (!fresh || !old || fresh.isEqualNode(old)) return;
  const held = old.contains(document.activeElement) ? [...old.querySelectorAll("button, summary")].indexOf(document.activeElement) : -1;
  old.replaceWith(document.adoptNode(fresh));
  if (held >= 0) (fresh.querySelectorAll("button, summary")[held] ?? boxOf(fresh))?.focus();
}

// Read out when it begins or ends to be too long, not with every letter.
function tellLengths(before) {
  for (const under of document.querySelectorAll("[data-under]")) {
    const said = under.querySelector("[data-heard]")?.dataset.heard ?? "";
    const was = before.get(under.id) ?? "";
    if (said === was) continue;
    tell(said || `${under.dataset.under} past weer op elk kanaal.`);
  }
}

// What is wrong with a field stands beside it; not while it is still being typed, unless it was said before.
function renewFields(form, page) {
  for (const fresh of page.querySelectorAll(".wrong")) {
    const old = document.getElementById(fresh.id);
    const field = form.querySelector(`[aria-describedby~="${fresh.id}"]`);
    if (!old || (field === document.activeElement && !old.textContent.trim())) continue;
    old.textContent = fresh.textContent.trim();
    if (fresh.textContent.trim()) field?.setAttribute("aria-invalid", "true");
    else field?.removeAttribute("aria-invalid");
  }
}

function startPreview(form) {
  let control;
  const again = later(PAUSE, async () => {
    control?.abort();
    control = new AbortController();
    const seen = new Map([...document.querySelectorAll(".preview")].map((preview) => [preview.id, preview.open]));
    const heard = new Map([...document.querySelectorAll("[data-under]")].map((under) => [under.id, under.querySelector("[data-heard]")?.dataset.heard]));
    try {
      const page = await postForPage(form, form.dataset.preview, control.signal);
      for (const preview of page.querySelectorAll(".preview")) preview.open = seen.get(preview.id) ?? preview.open;
      for (const under of document.querySelectorAll("[data-under]")) renew(page, under.id);
      for (const id of ["problems", "previews"]) renew(page, id);
      renewFields(form, page);
      tellLengths(heard);
    } catch (error) {
      // That there is no network is said once, where what is typed is kept.
      if (error.code !== "offline") sayRefused(error);
    }
  });
  form.addEventListener("input", again);
  form.addEventListener("change", again);
}

// A new article's short name follows its title until somebody types one.
function startSlug(form) {
  const { title, slug } = form.elements;
  if (!slug || slug.type === "hidden" || slug.readOnly) return;
  let own = Boolean(slug.value);
  slug.addEventListener("input", () => { own = Boolean(slug.value); });
  title.addEventListener("input", () => {
    if (own) return;
    const plain = title.value.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
    slug.value = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60).replace(/-+$/, "");
  });
}

export function startEditor() {
  const form = document.getElementById("article-form");
  startTools(form);
  startInsert();
  startPaste(form);
  startPreview(form);
  startSlug(form);
  startKeeping(form);
}
