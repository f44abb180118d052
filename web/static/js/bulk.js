// Choosing many articles: with shift from one to another, by key, or all that the list shows.
import { onKey } from "./keys.js";

export function startBulk() {
  const form = document.getElementById("bulk");
  if (!form) return;
  const bar = form.querySelector("[data-bulk]");
  const boxes = [...form.querySelectorAll("[data-pick]")];
  const all = form.querySelector("[data-all]");
  const shown = () => boxes.filter((box) => !box.closest("[data-row]").hidden);
  let last = null;

  // The page knows which rows are meant: without scripts the server takes the whole list.
  all.removeAttribute("name");

  function tell() {
    const picked = boxes.filter((box) => box.checked);
    const unseen = picked.filter((box) => box.closest("[data-row]").hidden).length;
    bar.dataset.picked = picked.length;
    bar.querySelector("[data-count]").textContent = picked.length;
    bar.querySelector("[data-unseen]").hidden = !unseen;
    bar.querySelector("[data-unseen-count]").textContent = unseen;
    const visible = shown();
    all.checked = visible.length > 0 && visible.every((box) => box.checked);
    all.indeterminate = !all.checked && visible.some((box) => box.checked);
  }

  function range(box) {
    const visible = shown();
    const [from, to] = [visible.indexOf(last), visible.indexOf(box)].sort((a, b) => a - b);
    if (from < 0) return;
    for (const one of visible.slice(from, to + 1)) one.checked = box.checked;
  }

  function picked(box, stretch) {
    if (stretch && last) range(box);
    last = box;
    tell();
  }

  const here = () => document.activeElement?.closest("[data-row]")?.querySelector("[data-pick]");
  const go = (step) => {
    const visible = shown();
    const at = visible.indexOf(here());
    const next = visible[Math.min(visible.length - 1, Math.max(0, at + step))];
    next?.focus();
    return Boolean(next);
  };
  const toggle = (stretch) => {
    const box = here();
    if (!box) return false;
    box.checked = !box.checked;
    picked(box, stretch);
    return true;
  };

  for (const box of boxes) box.addEventListener("click", (event) => picked(box, event.shiftKey));
  all.addEventListener("click", () => {
    for (const box of shown()) box.checked = all.checked;
    tell();
  });
  document.getElementById("filter")?.addEventListener("input", tell);
  const owner = bar.querySelector("[data-owner]");
  const act = bar.querySelector("[name=act]");
  const ask = () => { owner.hidden = act.value !== "owner"; };
  act.addEventListener("change", ask);
  onKey("j", () => go(1));
  onKey("k", () => go(-1));
  onKey("x", () => toggle(false));
  onKey("X", () => toggle(true));
  onKey("a", () => all.click());
  ask();
  tell();
}
