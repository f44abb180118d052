// Puts text in a box at the cursor: marks round what is selected, list signs, links, placeholders.

const SIGN = /^( *)(?:([-*]) |(\d+)\. )/;

// execCommand is the one way that keeps the browser's own undo; setRangeText is there for where it is gone.
export function put(box, text, selectFrom = text.length, selectTo = selectFrom) {
  box.focus();
  const start = box.selectionStart;
  const done = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!done) {
    box.setRangeText(text, start, box.selectionEnd, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
  box.setSelectionRange(start + selectFrom, start + selectTo);
}

export const selected = (box) => box.value.slice(box.selectionStart, box.selectionEnd);

function lineStart(box, at = box.selectionStart) {
  return box.value.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(box, at) {
  const end = box.value.indexOf("\n", at);
  return end < 0 ? box.value.length : end;
}

// The mark comes round what is selected, without the spaces at its ends; once more takes it away.
function around(box, mark, example) {
  const { value, selectionStart: start, selectionEnd: end } = box;
  const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(selected(box));
  const size = mark.length;
  const marked = (from, to) => value.slice(from - size, from) === mark && value.slice(to, to + size) === mark
    && !(size === 1 && (value[from - 2] === "*" || value[to + 1] === "*"));
  if (inner && marked(start + before.length, end - after.length)) {
    box.setSelectionRange(start + before.length - size, end - after.length + size);
    put(box, inner, 0, inner.length);
    return;
  }
  const text = inner || example;
  put(box, before + mark + text + mark + after, before.length + size, before.length + size + text.length);
}

// Whole lines get the sign of a list, one after the other; when all have it, it goes.
function lines(box, ordered) {
  const from = lineStart(box);
  box.setSelectionRange(from, lineEnd(box, box.selectionEnd));
  const rows = selected(box).split("\n");
  const signed = (row) => { const found = SIGN.exec(row); return found && Boolean(found[3]) === ordered; };
  const off = rows.every((row) => !row.trim() || signed(row)) && rows.some(signed);
  let number = 0;
  const text = rows.map((row) => {
    const bare = row.replace(SIGN, "$1");
    if (off) return bare.trimStart();
    if (!row.trim() && rows.length > 1) return row;
    number += 1;
    return (ordered ? `${number}. ` : "- ") + bare.trimStart();
  }).join("\n");
  put(box, text);
}

function link(box) {
  const text = selected(box).trim() || "tekst";
  const address = "https://";
  if (/^https?:\/\/\S+$/.test(text)) put(box, `[tekst](${text})`, 1, 6);
  else put(box, `[${text}](${address})`, text.length + 3, text.length + 3 + address.length);
}

export function useTool(box, tool) {
  if (tool === "bold") around(box, "**", "vet");
  else if (tool === "italic") around(box, "*", "cursief");
  else if (tool === "link") link(box);
  else lines(box, tool === "numbers");
}

// Enter in a list begins its next item; on an item without text it ends the list.
export function nextItem(box) {
  const { value, selectionStart: at, selectionEnd: end } = box;
  const from = lineStart(box);
  const found = SIGN.exec(value.slice(from, at));
  if (!found || at !== end) return false;
  const rest = value.slice(from + found[0].length, lineEnd(box, at));
  if (!rest.trim()) {
    // Without an empty line between, what follows would still be of the last item.
    box.setSelectionRange(from, lineEnd(box, at));
    put(box, "\n");
  } else put(box, `\n${found[1]}${found[3] ? `${Number(found[3]) + 1}. ` : `${found[2]} `}`);
  return true;
}

export function putPlaceholder(box, placeholder, name) {
  const at = name ? placeholder.indexOf(name) : -1;
  if (at < 0) put(box, placeholder);
  else put(box, placeholder, at, at + name.length);
}

// Selects a piece of the text, the next one when it is selected already.
export function find(box, piece) {
  const { value, selectionStart: at } = box;
  const from = selected(box) === piece ? at + piece.length : 0;
  const found = value.indexOf(piece, from) < 0 ? value.indexOf(piece) : value.indexOf(piece, from);
  if (found < 0) return;
  box.focus();
  box.setSelectionRange(found, found + piece.length);
}

// Another placeholder everywhere it stands, each a step that can be undone.
export function exchange(box, piece, by) {
  for (let at = box.value.indexOf(piece); at >= 0; at = box.value.indexOf(piece, at + by.length)) {
    box.setSelectionRange(at, at + piece.length);
    put(box, by);
  }
}
