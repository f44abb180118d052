// Reading and signing by keyboard: v signs, n leaves it for later.
import { onKey } from "./keys.js";

export function startReading() {
  const sign = document.querySelector("[data-next]");
  const skip = document.querySelector("[data-skip]");
  if (sign) onKey("v", () => sign.form.requestSubmit());
  if (skip) onKey("n", () => skip.click());
}
