// Search as one types; the words go by POST, because a message may be among them.
import { later, postForPage, sayRefused, swap } from "./net.js";

const PAUSE = 200;

export function startSearch() {
  const form = document.getElementById("search");
  let control;
  const run = async () => {
    control?.abort();
    control = new AbortController();
    try {
      swap(await postForPage(form, form.action, control.signal), ["hits"]);
    } catch (error) {
      sayRefused(error);
    }
  };
  form.addEventListener("input", later(PAUSE, run));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
}
