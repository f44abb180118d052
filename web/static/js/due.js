// One key a line: j and k go from line to line, v says that it still holds, x ticks it.
import { onKey } from "./keys.js";

export function startDue() {
  const lines = [...document.querySelectorAll("[data-line]")];
  const here = () => lines.indexOf(document.activeElement?.closest("[data-line]"));
  const go = (step) => {
    const next = lines[Math.min(lines.length - 1, Math.max(0, here() + step))];
    next?.focus();
    return Boolean(next);
  };
  const press = (selector) => {
    const found = lines[here()]?.querySelector(selector);
    found?.click();
    return Boolean(found);
  };
  for (const key of ["j", "ArrowDown"]) onKey(key, () => go(1));
  for (const key of ["k", "ArrowUp"]) onKey(key, () => go(-1));
  onKey("v", () => press("[data-confirm]"));
  onKey("x", () => press("[type=checkbox]"));
  lines[0]?.focus();
}
