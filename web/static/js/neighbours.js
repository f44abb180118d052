// What stands beside a text, fetched when the page is there: it may take a moment, and nobody waits for it.
import { later, postForPage } from "./net.js";

const PAUSE = 2000;

async function load(holder, what, signal) {
  try {
    const page = await postForPage(what, holder.dataset.near, signal);
    const found = page.getElementById("near-found");
    if (found) holder.querySelector("[data-near-found]").replaceChildren(...document.adoptNode(found).childNodes);
  } catch (error) {
    // The button beside it still asks; what went wrong is said when somebody uses it.
    if (error.name !== "AbortError") holder.querySelector("[data-near-busy]")?.remove();
  }
}

export function startNeighbours() {
  const holder = document.querySelector("[data-near]");
  if (!holder) return;
  const form = document.getElementById("article-form");
  if (!form) {
    load(holder, new FormData());
    return;
  }
  let control;
  const again = () => {
    control?.abort();
    control = new AbortController();
    load(holder, form, control.signal);
  };
  const paused = later(PAUSE, again);
  form.addEventListener("input", paused);
  form.addEventListener("change", paused);
  if (form.elements.title?.value) again();
}
