// Day answers: the link for the one who reads it over goes to the clipboard.
import { copyText } from "./copy.js";
import { say } from "./net.js";
import { warnOnLeave } from "./leave.js";

export function startDay() {
  const form = document.getElementById("day-form");
  if (form) warnOnLeave(form);
}

export function startSent() {
  const key = document.querySelector("[data-copy-link]");
  const link = document.getElementById("day-link");
  key.focus();
  key.addEventListener("click", async () => {
    say(await copyText(Promise.resolve(link.value.trim())) ? "Gekopieerd." : "Kopiëren lukte niet: selecteer de link.");
  });
}
