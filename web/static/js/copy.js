// Puts a text on the clipboard, also where the browser offers only the old way; and watches what is copied by hand.

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

const GUARDED = ".reply .bubble, [data-no-copy]";

// What is selected of a guarded text: the element and the words, or null; a selection that runs past it counts too.
function selectedOf(event) {
  if (event.target.matches?.("textarea[data-text]")) {
    const box = event.target;
    return { place: box, text: box.value.slice(box.selectionStart, box.selectionEnd), whole: true };
  }
  const selection = document.getSelection();
  if (selection.isCollapsed || event.target.matches?.("input, textarea")) return null;
  const places = [...document.querySelectorAll(GUARDED)].filter((place) => selection.containsNode(place, true));
  if (!places.length) return null;
  const [place] = places;
  const inside = places.length === 1 && place.contains(selection.anchorNode) && place.contains(selection.focusNode);
  return { place, text: selection.toString(), whole: inside };
}

// Copying, cutting or dragging a reply by hand goes through the same gate as its key: `ask` gets the place and the text,
// `refuse` the reason why there is nothing to ask.
export function guardSelection(ask, refuse) {
  const stopped = (event) => {
    const found = selectedOf(event);
    if (!found || !found.text.trim()) return;
    event.preventDefault();
    if (found.place.matches("[data-no-copy]")) refuse("Dit is een leeshulp: ze wordt niet verstuurd.");
    else if (!found.whole) refuse("Selecteer alleen in de tekst van één antwoord, of gebruik de kopieerknop.");
    else if (event.type === "copy") ask(found.place, found.text.trim());
    else refuse("Gebruik de kopieerknop, of Ctrl+C.");
  };
  for (const type of ["copy", "cut", "dragstart"]) document.addEventListener(type, stopped);
}
