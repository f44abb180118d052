// The keyboard: single letters outside fields, switched off in the help window for whoever wants that.
const SETTING = "kb-keys";
// Keys that nobody types, so that they count while somebody does.
const FROM_A_FIELD = new Set(["Escape", "F2"]);

function keysOn() {
  return localStorage.getItem(SETTING) !== "off";
}

function typing(target) {
  return target.matches("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
}

const handlers = new Map();

// A page says what a key does; the handler may return false to leave the key alone.
export function onKey(key, handler) {
  handlers.set(key, handler);
}

export function startKeys() {
  const help = document.getElementById("help");
  for (const button of document.querySelectorAll("[data-help]")) button.addEventListener("click", () => help.showModal());
  const box = document.getElementById("keys-on");
  if (box) {
    box.checked = keysOn();
    box.addEventListener("change", () => localStorage.setItem(SETTING, box.checked ? "on" : "off"));
  }
  if (help) onKey("?", () => help.showModal());
  const search = document.querySelector(".top-nav a[href$='/zoeken']");
  if (search) onKey("/", () => search.click());
  const day = document.querySelector("[data-day]");
  if (day) onKey("d", () => day.click());
  document.addEventListener("keydown", pressed);
}

function pressed(event) {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const handler = handlers.get(event.key);
  if (!handler) return;
  if (!FROM_A_FIELD.has(event.key) && typing(event.target)) return;
  if (event.key.length === 1 && !keysOn()) return;
  if (handler(event) !== false) event.preventDefault();
}
