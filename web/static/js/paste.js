// Text pasted from Word, Google Docs or a page -> Markdown: paragraphs, bold, italic, lists and links, nothing else.
// The pasted HTML is read as a document of its own; nothing of it enters the page but text.

const BLOCKS = new Set(["P", "DIV", "H1", "H2", "H3", "H4", "H5", "H6", "BLOCKQUOTE", "SECTION", "ARTICLE", "TR", "PRE"]);
const NOTHING = new Set(["STYLE", "SCRIPT", "META", "TITLE", "HEAD", "TEMPLATE", "IMG", "SVG"]);
const LINK = /^(https?:|mailto:|tel:)/i;

// Our policy allows no styles, and a parsed document keeps to it: they are read as plain attributes under another name.
function harmless(html) {
  const styled = html.replace(/<style[\s\S]*?<\/style>/gi, "");
  return styled.replace(/<[^>]*>/g, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
}

const styleOf = (element) => element.dataset.style ?? "";

function isBold(element) {
  // Google Docs wraps everything in <b style="font-weight:normal">.
  const weight = /font-weight:\s*(\w+)/i.exec(styleOf(element))?.[1];
  if (weight) return weight === "bold" || Number(weight) >= 600;
  return element.matches("b, strong");
}

function isItalic(element) {
  const style = /font-style:\s*(\w+)/i.exec(styleOf(element))?.[1];
  return style ? style === "italic" : element.matches("i, em");
}

function wrapped(text, mark) {
  const [, before, inner, after] = /^(\s*)([\s\S]*?)(\s*)$/.exec(text);
  return inner ? `${before}${mark}${inner}${mark}${after}` : text;
}

// A sign that Markdown would read as its own is escaped; what stands in braces may be a placeholder, and stays.
function plain(text) {
  const pieces = text.replace(/[\s\u00a0]+/g, " ").split(/(\{[^{}]*\})/);
  return pieces.map((piece, place) => (place % 2 ? piece : escaped(piece))).join("");
}

function escaped(text) {
  return text.replace(/([\\*`[\]])/g, "\\$1").replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_");
}

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return plain(node.data);
  if (node.nodeType !== Node.ELEMENT_NODE || NOTHING.has(node.tagName)) return "";
  if (node.tagName === "BR") return "\n";
  // Word's own list signs: the list is written by us.
  if (/mso-list:\s*ignore/i.test(styleOf(node))) return "";
  let text = [...node.childNodes].map(inline).join("");
  if (!text.trim()) return text;
  const href = node.tagName === "A" ? node.getAttribute("href") ?? "" : "";
  if (LINK.test(href)) return `[${text.trim()}](${href.trim().replace(/[\s()<>]/g, encodeURIComponent)})`;
  if (isBold(node)) text = wrapped(text, "**");
  if (isItalic(node)) text = wrapped(text, "*");
  return text;
}

function tidy(text) {
  return text.replace(/\*\*\*\*/g, "").replace(/[ \t]*\n[ \t]*/g, "\n").replace(/[ \t]+/g, " ").trim();
}

// Word writes a list as paragraphs: the level in the style, the sign in a span that is to be ignored.
function wordItem(element) {
  const style = styleOf(element);
  if (!/mso-list:\s*l\d+/i.test(style) && !/^MsoListParagraph/.test(element.className)) return null;
  const level = Number(/level(\d+)/i.exec(style)?.[1] ?? 1);
  const ignored = [...element.querySelectorAll("span")].find((span) => /mso-list:\s*ignore/i.test(styleOf(span)));
  const sign = (ignored?.textContent ?? "").trim();
  let text = tidy(inline(element));
  const typed = ignored ? null : /^((?:\d+|[a-z])[.)]|[·•o§-])\s+/i.exec(text);
  if (typed) text = text.slice(typed[0].length);
  const name = /mso-list:\s*(l\d+)/i.exec(style)?.[1] ?? "";
  return { level, name, ordered: /^(\d+|[a-z])[.)]/i.test(sign || typed?.[1] || ""), text };
}

class Writer {
  constructor() {
    this.parts = [];
    this.levels = [];
    this.loose = "";
  }

  flush() {
    const text = tidy(this.loose);
    this.loose = "";
    if (text) this.paragraph(text);
  }

  paragraph(text) {
    this.levels = [];
    // A line that only looks like a list or heading is text.
    this.parts.push({ list: false, text: text.replace(/^(\d+)([.)]) /gm, "$1\\$2 ").replace(/^([-+#>]) ?/gm, "\\$&") });
  }

  // `list` names the list an item is of: another one begins to count again.
  item(level, ordered, text, list) {
    if (!text) return;
    this.levels.length = level;
    const before = this.levels[level - 1];
    const goesOn = before?.list === list && before.ordered === ordered;
    const number = goesOn ? before.number + 1 : 1;
    this.levels[level - 1] = { list, ordered, number };
    const indent = "   ".repeat(level - 1);
    const body = text.replace(/\n/g, `\n${indent}   `);
    this.parts.push({ list: true, first: level === 1 && !goesOn, text: `${indent}${ordered ? `${number}.` : "-"} ${body}` });
  }

  text() {
    return this.parts.map((part, place) => {
      const before = this.parts[place - 1];
      const near = before?.list && part.list && !part.first;
      return (before ? (near ? "\n" : "\n\n") : "") + part.text;
    }).join("");
  }
}

function isBlock(node) {
  return node.nodeType === Node.ELEMENT_NODE && (BLOCKS.has(node.tagName) || ["UL", "OL", "TABLE", "TBODY"].includes(node.tagName));
}

function holdsBlocks(element) {
  return [...element.children].some((child) => isBlock(child) || holdsBlocks(child));
}

function list(element, level, writer) {
  for (const child of element.children) {
    if (child.matches("ul, ol")) list(child, level + 1, writer);
    if (child.tagName !== "LI") continue;
    const own = [...child.childNodes].filter((node) => !(node.nodeType === Node.ELEMENT_NODE && node.matches("ul, ol")));
    writer.item(level, element.tagName === "OL", tidy(own.map(inline).join("")), element);
    for (const nested of child.querySelectorAll(":scope > ul, :scope > ol")) list(nested, level + 1, writer);
  }
}

function walk(parent, writer) {
  for (const node of parent.childNodes) {
    if (node.nodeType === Node.ELEMENT_NODE && NOTHING.has(node.tagName)) continue;
    if (node.nodeType === Node.ELEMENT_NODE && node.matches("ul, ol")) {
      writer.flush();
      list(node, 1, writer);
    } else if (node.nodeType === Node.ELEMENT_NODE && (isBlock(node) || holdsBlocks(node))) {
      writer.flush();
      const item = wordItem(node);
      if (item) writer.item(item.level, item.ordered, item.text, item.name);
      else if (holdsBlocks(node)) walk(node, writer);
      else writer.loose = inline(node);
      writer.flush();
    } else {
      writer.loose += inline(node);
    }
  }
}

export function toMarkdown(html) {
  const page = new DOMParser().parseFromString(harmless(html), "text/html");
  const writer = new Writer();
  walk(page.body, writer);
  writer.flush();
  return writer.text();
}
