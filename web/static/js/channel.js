// The channel picker: remembered as long as the tab is open, and one digit away.
import { onKey } from "./keys.js";

const REMEMBERED = "kb-channel";

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
