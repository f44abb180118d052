// What a text would do to other answers: worked out when somebody asks, because it takes seconds.
import { postForPage, sayRefused, tell } from "./net.js";

async function show(form) {
  const button = form.querySelector("button");
  const busy = form.querySelector("[data-busy]");
  button.disabled = true;
  busy.hidden = false;
  try {
    const page = await postForPage(form);
    const found = document.adoptNode(page.querySelector("[data-effects-found]"));
    form.replaceWith(found);
    found.focus();
    tell(found.querySelector("p").textContent.trim());
  } catch (error) {
    button.disabled = false;
    busy.hidden = true;
    sayRefused(error);
  }
}

export function startEffects() {
  for (const form of document.querySelectorAll("[data-effects]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      show(form);
    });
  }
}
