// The article's form: tools, inserting, pasting with its marks kept, and a preview that follows the text.
import { startFilter } from "./filter.js";
import { put, putPlaceholder, useTool } from "./insert.js";
import { warnOnLeave } from "./leave.js";
import { later, postForPage, sayRefused, swap } from "./net.js";
import { toMarkdown } from "./paste.js";

const PAUSE = 400;
let current;

function boxOf(element) {
  return element.closest("[data-box]")?.querySelector("textarea");
}

function startTools(form) {
  form.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-box] textarea")) current = event.target;
  });
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.tool) useTool(boxOf(button), button.dataset.tool);
    else if (button?.dataset.insert !== undefined) toggleInsert(button);
    else if (button?.dataset.put) putPlaceholder(current, button.dataset.put, button.dataset.select);
  });
}

// One set of chips for all boxes: it goes and stands under the box that asked for it.
function toggleInsert(button) {
  const insert = document.getElementById("insert");
  const box = boxOf(button);
  const close = !insert.hidden && current === box;
  for (const other of document.querySelectorAll("[data-insert]")) other.setAttribute("aria-expanded", "false");
  current = box;
  button.closest("[data-box]").append(insert);
  insert.hidden = close;
  button.setAttribute("aria-expanded", String(!close));
  if (close) box.focus();
  else {
    document.getElementById("insert-filter").focus();
    insert.scrollIntoView({ block: "nearest" });
  }
}

function startPaste(form) {
  form.addEventListener("paste", (event) => {
    const html = event.clipboardData?.getData("text/html");
    if (!html || !event.target.matches("[data-box] textarea")) return;
    const text = toMarkdown(html);
    if (!text) return;
    event.preventDefault();
    put(event.target, text);
  });
}

function startPreview(form) {
  let control;
  form.addEventListener("input", later(PAUSE, async () => {
    control?.abort();
    control = new AbortController();
    const open = new Set([...document.querySelectorAll(".preview[open]")].map((preview) => preview.id));
    try {
      const page = await postForPage(form, form.dataset.preview, control.signal);
      for (const preview of page.querySelectorAll(".preview")) preview.open = open.size ? open.has(preview.id) : preview.open;
      swap(page, ["problems", "previews"]);
    } catch (error) {
      sayRefused(error);
    }
  }));
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
    slug.value = plain.replace(/[^a-z0-9]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60);
  });
}

export function startEditor() {
  const form = document.getElementById("article-form");
  startTools(form);
  startPaste(form);
  startPreview(form);
  startSlug(form);
  startFilter(document.getElementById("insert-filter"), document.getElementById("insert"));
  document.getElementById("insert-filter").addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  warnOnLeave(form);
}
