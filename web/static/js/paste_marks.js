// Runs of text with a look each -> one line of Markdown: marks never stand against a space or between two of a kind.

// A sign that Markdown would read as its own is escaped; what stands in braces may be a placeholder, and stays.
function plain(text) {
  const pieces = text.split(/(\{[^{}\n]*\})/);
  return pieces.map((piece, place) => (place % 2 ? piece : escaped(piece))).join("");
}

function escaped(text) {
  const signs = text.replace(/([\\*`])/g, "\\$1").replace(/\](?=[([:])/g, "\\]").replace(/!(?=\[)/g, "!\\");
  return signs.replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
}

// A line that only looks like a list or a heading is text; one that only draws a rule is nothing: null.
export function plainLine(line) {
  if (/^\s*(?:(?:\\?[-_*=~]\s*){3,})$/.test(line)) return null;
  return line.replace(/^(\d{1,9})\.(?= )/, "$1\\.").replace(/^([-+] |#{1,6}(?= |$)|>)/, "\\$&");
}

// The spaces at the ends of a run are nobody's: they look as what stands on both sides of them does.
function split(runs) {
  const found = [];
  for (const { text, ...look } of runs) {
    for (const piece of text.split(/(\s+)/)) if (piece) found.push({ ...look, text: piece, space: !piece.trim() });
  }
  return found;
}

function settled(runs) {
  const pieces = split(runs);
  return pieces.map((piece, at) => {
    if (!piece.space) return piece;
    const before = pieces.slice(0, at).findLast((one) => !one.space);
    const after = pieces.slice(at + 1).find((one) => !one.space);
    const both = (name) => Boolean(before?.[name] && after?.[name] && before[name] === after[name]);
    const href = both("href") ? before.href : "";
    // A mark does not reach over the end of a line of which only one side has it.
    return { text: piece.text, bold: both("bold"), italic: both("italic"), href };
  });
}

function withMarks(runs) {
  let text = "";
  let [isBold, isItalic] = [false, false];
  const to = (bold, italic) => {
    if (isItalic && (!italic || bold !== isBold)) { text += "*"; isItalic = false; }
    if (isBold && !bold) text += "**";
    if (bold && !isBold) text += "**";
    isBold = bold;
    if (italic && !isItalic) { text += "*"; isItalic = true; }
  };
  for (const run of runs) {
    to(Boolean(run.bold), Boolean(run.italic));
    text += plain(run.text);
  }
  to(false, false);
  return text;
}

const bare = (url) => url.replace(/^(https?:\/\/|mailto:|tel:)/i, "").replace(/\/$/, "").toLowerCase();

function linked(runs, href) {
  const shown = runs.map((run) => run.text).join("").trim();
  if (!href || !shown) return withMarks(runs);
  // An address that says itself is followed on every channel as it stands.
  if (bare(shown.replace(/\s+/g, "")) === bare(href)) return /^(mailto|tel):/i.test(href) || /^https?:/i.test(shown) ? shown : href;
  const inside = withMarks(runs).replace(/\\?[[\]]/g, (sign) => `\\${sign.at(-1)}`).replace(/\s*\n\s*/g, " ");
  return `[${inside}](${href})`;
}

// One block's runs as Markdown, a line for each line.
export function marked(runs) {
  const pieces = settled(runs);
  let text = "";
  for (let at = 0; at < pieces.length;) {
    const { href = "" } = pieces[at];
    const end = pieces.findIndex((piece, place) => place > at && (piece.href ?? "") !== href);
    const group = pieces.slice(at, end < 0 ? pieces.length : end);
    text += linked(group, href);
    at += group.length;
  }
  return text.replace(/[ \t\u00a0]*\n[ \t\u00a0]*/g, "\n").replace(/[ \t\u00a0]+/g, " ").replace(/\n{2,}/g, "\n").trim();
}
