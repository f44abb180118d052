// Puts a text on the clipboard, also where the browser offers only the old way.

function copyTheOldWay(text) {
  const area = document.createElement("textarea");
  area.value = text;
  area.className = "hidden";
  area.setAttribute("aria-hidden", "true");
  const focused = document.activeElement;
  // Inside an open dialog only its own content can be focused.
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const done = document.execCommand("copy");
  area.remove();
  focused?.focus();
  return done;
}

// The text may still be on its way: Safari lets a page write only when asked in the very click, so it gets the promise.
export async function copyText(promised) {
  if (navigator.clipboard?.write && window.ClipboardItem) {
    const blob = promised.then((text) => new Blob([text], { type: "text/plain" }));
    try {
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
      return true;
    } catch {
      // What the server refused is thrown below; the rest is tried the old way.
    }
  }
  return copyTheOldWay(await promised);
}
