// What holds for message after message: the channel, one digit away, and the initials of who answers.
import { onKey } from "./keys.js";

const REMEMBERED = "kb-channel";
const INITIALS = "kb-initials";

export function startChannels(changed) {
  const choices = [...document.querySelectorAll("#ask input[name=channel]")];
  const remembered = choices.find((choice) => choice.value === sessionStorage.getItem(REMEMBERED));
  if (remembered) remembered.checked = true;
  choices.forEach((choice, place) => {
    choice.addEventListener("change", () => {
      sessionStorage.setItem(REMEMBERED, choice.value);
      changed();
    });
    onKey(String(place + 1), () => choice.click());
  });
}

// Typed once on this computer; what the account suggests stands there until then.
export function startInitials(box, changed) {
  if (!box) return;
  box.value = localStorage.getItem(INITIALS) ?? box.value;
  box.addEventListener("change", () => {
    localStorage.setItem(INITIALS, box.value.trim());
    changed();
  });
}
