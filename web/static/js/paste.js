// Text pasted from Word, Google Docs, Outlook, LibreOffice or a page -> Markdown: paragraphs, bold, italic, lists and
// links; what else there was is left out, and said. The pasted HTML is read as a document of its own: nothing of it
// enters the page but text.
import { address } from "./paste_links.js";
import { Left } from "./paste_left.js";
import { marked, plainLine } from "./paste_marks.js";

const BLOCKS = new Set([
  ...["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "SECTION", "ARTICLE", "MAIN", "HEADER", "FOOTER", "ASIDE"],
  ...["FIGURE", "FIGCAPTION", "ADDRESS", "PRE", "CENTER", "DL", "DT", "DD", "FORM", "FIELDSET", "NAV", "HR", "TD", "TH", "TR"],
]);
const LISTS = new Set(["UL", "OL"]);
const HOLDERS = new Set(["TABLE", "TBODY", "THEAD", "TFOOT", "CAPTION", "LI"]);
const NOTHING = new Set(["STYLE", "SCRIPT", "META", "TITLE", "HEAD", "TEMPLATE", "SVG", "LINK", "NOSCRIPT", "XML", "COL", "COLGROUP"]);
const MEDIA = new Set(["VIDEO", "AUDIO", "IFRAME", "OBJECT", "EMBED", "CANVAS", "PICTURE"]);
const FIELDS = new Set(["INPUT", "SELECT", "TEXTAREA", "BUTTON"]);
// Two levels is what an answer knows.
const DEEPEST = 2;
// A bullet that was typed, in any of the fonts that programs draw them with.
const BULLET = /^[•·▪▫◦‣●○■□§\uf0b7\uf0a7\uf076\uf0d8]\s*/u;
const NUMBER = /^(\d{1,9})[.)]?$/;
const ORDERED = /^(?:\d+(?:\.\d+)*|[a-z]|[ivxlc]+)[.)]$/i;

// Our policy allows no styles, and a parsed document keeps to it: they are read as plain attributes under another name.
function harmless(html) {
  const styled = html.replace(/<style[\s\S]*?<\/style>/gi, "");
  return styled.replace(/<[^>]*>/g, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
}

const isElement = (node) => node.nodeType === Node.ELEMENT_NODE;
const styleOf = (element) => element.dataset?.style ?? "";
const styled = (element, pattern) => pattern.test(styleOf(element));

function bold(element, now) {
  // Google Docs wraps everything in <b style="font-weight:normal">.
  const weight = /(?<![\w-])font-weight:\s*(\w+)/i.exec(styleOf(element))?.[1];
  if (weight) return weight === "bold" || weight === "bolder" || Number(weight) >= 600;
  return now || element.matches("b, strong");
}

function italic(element, now) {
  const style = /(?<![\w-])font-style:\s*(\w+)/i.exec(styleOf(element))?.[1];
  return style ? style !== "normal" : now || element.matches("i, em, cite");
}

const isStruck = (one) => one.matches("del, s, strike") || /\bmsoDel\b/i.test(one.className) || styled(one, /text-decoration[^;]*line-through/i);
const isComment = (one) => /\bmsocomanchor\b|MsoCommentReference/i.test(one.className);
const isNote = (one) => /Mso(Foot|End)noteReference|sdfootnote|sdendnote/i.test(one.className)
  || (one.tagName === "A" && /^#_?(ftn|edn|sdfootnote|sdendnote)/.test(one.getAttribute("href") ?? ""));
// What stands at the foot is counted where it is referred to.
const isFoot = (one) => styled(one, /mso-element:\s*(comment|footnote|endnote)/i) || /^sd(foot|end)note\d/.test(one.id) || /msocomtxt/i.test(one.className);
const isHidden = (one) => one.hidden || styled(one, /display:\s*none|visibility:\s*hidden|mso-hide:\s*all/i);
const isTitle = (one) => /^H[1-6]$/.test(one.tagName) || /^Mso(Title|Subtitle|Heading)/.test(one.className);

class Reader {
  constructor() {
    this.left = new Left();
    this.parts = [];
    this.levels = [];
    this.runs = [];
  }

  // Whether a node is left out, and counted when somebody should know.
  skips(node) {
    if (!isElement(node)) return node.nodeType !== Node.TEXT_NODE;
    if (NOTHING.has(node.tagName) || /^(o|v|w|m|st1):/i.test(node.tagName) && !node.textContent.trim()) return true;
    if (node.tagName === "IMG") return this.image(node);
    if (MEDIA.has(node.tagName)) return this.left.count("media");
    if (FIELDS.has(node.tagName)) return true;
    if (!node.textContent.trim() && !node.querySelector("img, br")) return false;
    if (isFoot(node)) return true;
    if (isHidden(node)) return this.left.count("hidden");
    if (isStruck(node)) return this.left.count("struck");
    if (isComment(node)) return this.left.count("comments");
    return isNote(node) && this.left.count("notes");
  }

  image(node) {
    const alt = node.alt.trim();
    if (/^\p{Extended_Pictographic}[\p{Emoji_Component}\p{Extended_Pictographic}]*$/u.test(alt)) return false;
    const tiny = node.getAttribute("width") === "1" || node.getAttribute("height") === "1";
    return tiny || this.left.count("images");
  }

  // The text of a node as runs of one look each.
  inline(node, look) {
    if (node.nodeType === Node.TEXT_NODE) {
      const text = look.pre ? node.data.replace(/\r\n?/g, "\n") : node.data.replace(/[\s\u00a0]+/g, " ");
      this.runs.push({ ...look, text });
      return;
    }
    if (this.skips(node)) return;
    if (node.tagName === "BR") this.runs.push({ text: "\n" });
    else if (node.tagName === "IMG") this.runs.push({ ...look, text: node.alt.trim() });
    // Word's own list signs: the list is written by us.
    if (styled(node, /mso-list:\s*ignore/i)) return;
    const here = { bold: bold(node, look.bold), italic: italic(node, look.italic), pre: look.pre || node.tagName === "PRE", href: look.href };
    if (node.tagName === "A" && node.hasAttribute("href")) here.href = address(node.getAttribute("href"), this.left);
    for (const child of node.childNodes) {
      const block = isElement(child) && (BLOCKS.has(child.tagName) || LISTS.has(child.tagName));
      if (block && this.runs.length) this.runs.push({ text: "\n" });
      this.inline(child, here);
      if (block) this.runs.push({ text: "\n" });
    }
  }

  taken() {
    const text = marked(this.runs);
    this.runs = [];
    return text;
  }

  flush() {
    const text = this.taken();
    if (text) this.paragraph(text);
  }

  paragraph(text) {
    const typed = BULLET.exec(text);
    if (typed && !/\n/.test(text)) {
      this.item(1, null, text.slice(typed[0].length), "typed");
      return;
    }
    this.levels = [];
    const lines = text.split("\n").map(plainLine).filter((line) => line !== null);
    if (lines.length) this.parts.push({ list: false, text: lines.join("\n") });
  }

  // `number` is null for a bullet; `list` names the list an item is of, and another one stands apart.
  item(asked, number, text, list) {
    if (!text) return;
    if (asked > DEEPEST) this.left.count("deep");
    const level = Math.min(asked, DEEPEST);
    this.levels.length = level;
    const before = this.levels[level - 1];
    const goesOn = before && before.list === list && before.ordered === (number !== null);
    const said = number === true ? (goesOn ? before.number + 1 : 1) : number;
    this.levels[level - 1] = { list, ordered: number !== null, number: said };
    const indent = "   ".repeat(level - 1);
    const [first, ...rest] = text.split("\n");
    const body = [first, ...rest.map(plainLine).filter(Boolean).map((line) => `${indent}   ${line}`)].join("\n");
    this.parts.push({ list: true, first: level === 1 && !goesOn, text: `${indent}${number === null ? "-" : `${said}.`} ${body}` });
  }

  text() {
    return this.parts.map((part, place) => {
      const before = this.parts[place - 1];
      const near = before?.list && part.list && !part.first;
      return (before ? (near ? "\n" : "\n\n") : "") + part.text;
    }).join("");
  }

  // Word writes a list as paragraphs: the level in the style, the sign in a span that is to be ignored.
  wordItem(element, look) {
    const listed = /mso-list:\s*(l\d+)/i.exec(styleOf(element));
    const asList = /^MsoListParagraph/.test(element.className);
    if (!listed && !asList) return false;
    const ignored = [...element.querySelectorAll("*")].find((one) => styled(one, /mso-list:\s*ignore/i));
    const level = Number(/level(\d+)/i.exec(styleOf(element))?.[1] ?? 1);
    const runs = this.runs;
    this.runs = [];
    this.inline(element, look);
    let text = this.taken();
    this.runs = runs;
    let sign = (ignored?.textContent ?? "").replace(/[\s\u00a0]+/g, "");
    if (!ignored) {
      const typed = BULLET.exec(text) ?? /^(?:\d{1,3}|[a-z])[.)]\s+|^o\s+/i.exec(text);
      if (!typed) return false;
      sign = typed[0].trim();
      text = text.slice(typed[0].length);
    }
    const found = NUMBER.exec(sign);
    this.flush();
    this.item(level, found ? Number(found[1]) : ORDERED.test(sign) ? true : null, text, listed?.[1] ?? "word");
    return true;
  }

  list(element, level, look) {
    let number = element.tagName === "OL" ? Number(element.getAttribute("start") ?? 1) : null;
    const letters = /^[aiAI]$/.test(element.getAttribute("type") ?? "");
    for (const child of element.children) {
      if (LISTS.has(child.tagName)) this.list(child, level + 1, look);
      if (child.tagName !== "LI" || this.skips(child)) continue;
      const nested = [...child.children].filter((one) => LISTS.has(one.tagName));
      // Word on the web writes every level as a list of its own, and says which in the item.
      const said = Number(child.getAttribute("aria-level") ?? child.dataset.ariaLevel ?? 0);
      if (child.hasAttribute("value") && number !== null) number = Number(child.getAttribute("value"));
      const own = child.cloneNode(true);
      for (const inner of [...own.children]) if (LISTS.has(inner.tagName)) inner.remove();
      this.inline(own, { ...look, bold: bold(child, look.bold), italic: italic(child, look.italic) });
      const apart = child.dataset.listid ?? element;
      this.item(Math.max(level, said), number === null ? null : letters ? true : number, this.taken(), apart);
      if (number !== null) number += 1;
      for (const inner of nested) this.list(inner, level + 1, look);
    }
  }

  // A table of figures becomes a list with a line for each row; one that only places things is read as what it holds.
  table(element, look) {
    const rows = [...element.querySelectorAll("tr")].filter((row) => row.closest("table") === element);
    const cells = rows.map((row) => [...row.children].filter((cell) => /^T[DH]$/.test(cell.tagName)));
    const wide = cells.filter((row) => row.filter((cell) => cell.textContent.trim()).length > 1).length;
    const holdsMore = element.querySelector("table, ul, ol, td p + p, th p + p, [class^=MsoListParagraph]");
    if (holdsMore || wide < 1 || wide < rows.length / 2) {
      for (const row of cells) for (const cell of row) this.walk(cell, look);
      return;
    }
    this.left.count("tables");
    for (const row of cells) {
      const texts = row.map((cell) => {
        this.inline(cell, look);
        return this.taken().replace(/\n+/g, " ");
      }).filter(Boolean);
      this.item(1, null, texts.join(texts.length === 2 && !/[:?]$/.test(texts[0]) ? ": " : " – "), element);
    }
  }

  holdsBlocks(element) {
    return [...element.querySelectorAll("*")].some((one) => BLOCKS.has(one.tagName) || LISTS.has(one.tagName) || one.tagName === "TABLE");
  }

  walk(parent, look) {
    for (const node of parent.childNodes) {
      if (!isElement(node)) {
        this.inline(node, look);
        continue;
      }
      const block = BLOCKS.has(node.tagName) || LISTS.has(node.tagName) || HOLDERS.has(node.tagName);
      if (!block && !this.holdsBlocks(node)) {
        this.inline(node, look);
        continue;
      }
      this.flush();
      if (this.skips(node)) continue;
      this.block(node, { ...look, bold: bold(node, look.bold), italic: italic(node, look.italic) });
      this.flush();
    }
  }

  block(node, look) {
    if (LISTS.has(node.tagName)) this.list(node, 1, look);
    else if (node.tagName === "TABLE") this.table(node, look);
    else if (this.wordItem(node, look)) return;
    else {
      const title = isTitle(node) && node.textContent.trim();
      if (title) this.left.count("titles");
      const here = title ? { ...look, bold: false } : look;
      if (this.holdsBlocks(node)) this.walk(node, here);
      else for (const child of node.childNodes) this.inline(child, title ? { ...here, pre: false } : { ...here, pre: look.pre || node.tagName === "PRE" });
    }
  }
}

const HIDDEN = /[\u00ad\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u2064\ufeff\ufffc]/g;

// A text without marks of its own: only what nobody can see goes, and bullets that were typed become a list.
function fromPlain(plain) {
  const clean = plain.replace(/\r\n?/g, "\n").replace(HIDDEN, "").replace(/\u00a0/g, " ");
  const lines = clean.split("\n").map((line) => line.replace(/^[ \t]*[•▪▫◦‣●○■□\uf0b7\uf0a7]\s*/u, "- "));
  return lines.join("\n");
}

// What to put in the box, and a sentence about what did not come along ("" for nothing); null leaves it to the browser.
export function pasted(html, plain) {
  if (!html) {
    const text = fromPlain(plain);
    return text && text !== plain.replace(/\r\n?/g, "\n") ? { text, left: "" } : null;
  }
  const page = new DOMParser().parseFromString(harmless(html), "text/html");
  const reader = new Reader();
  reader.walk(page.body, { bold: false, italic: false, pre: false, href: "" });
  reader.flush();
  const text = reader.text().replace(HIDDEN, "");
  const left = reader.left.sentence();
  return text || left ? { text, left } : null;
}
