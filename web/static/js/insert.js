// Puts text in a box at the cursor: marks round what is selected, list signs, links, placeholders.

const LINE_STARTS = { list: () => "- ", numbers: (place) => `${place + 1}. ` };

// execCommand is the one way that keeps the browser's own undo; setRangeText is there for where it is gone.
export function put(box, text, selectFrom = text.length, selectTo = selectFrom) {
  box.focus();
  const start = box.selectionStart;
  if (!document.execCommand("insertText", false, text)) {
    box.setRangeText(text, start, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  box.setSelectionRange(start + selectFrom, start + selectTo);
}

function selected(box) {
  return box.value.slice(box.selectionStart, box.selectionEnd);
}

function around(box, mark, example) {
  const text = selected(box) || example;
  put(box, mark + text + mark, mark.length, mark.length + text.length);
}

function lines(box, start) {
  const from = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  box.setSelectionRange(from, box.selectionEnd);
  const text = selected(box).split("\n").map((line, place) => start(place) + line.replace(/^(- |\d+\. )/, "")).join("\n");
  put(box, text);
}

function link(box) {
  const text = selected(box) || "tekst";
  const address = "https://";
  put(box, `[${text}](${address})`, text.length + 3, text.length + 3 + address.length);
}

export function useTool(box, tool) {
  if (tool === "bold") around(box, "**", "vet");
  else if (tool === "italic") around(box, "*", "cursief");
  else if (tool === "link") link(box);
  else lines(box, LINE_STARTS[tool]);
}

export function putPlaceholder(box, placeholder, name) {
  const at = name ? placeholder.indexOf(name) : -1;
  if (at < 0) put(box, placeholder);
  else put(box, placeholder, at, at + name.length);
}
