// Where a pasted link leads: past the counters that mail programs and search engines put before it.

const ALLOWED = /^(https?:|mailto:|tel:)/i;
const FOLLOWING = /^(utm_\w+|fbclid|gclid|dclid|msclkid|mc_[ce]id|igshid|_hs\w+)$/i;
// Host -> the name under which it carries the real address.
const THROUGH = [
  [/(^|\.)google\.[a-z.]+$/, /^\/url$/, ["q", "url"]],
  [/\.safelinks\.protection\.outlook\.com$/, /^\//, ["url"]],
  [/^l\.facebook\.com$|^lm\.facebook\.com$|^l\.instagram\.com$/, /^\/l?\.?php|^\//, ["u"]],
  [/^(www\.)?linkedin\.com$/, /^\/(redir|safety)\//, ["url"]],
  [/^(www\.)?bing\.com$/, /^\/url$/, ["q"]],
  [/^out\.reddit\.com$|^duckduckgo\.com$/, /^\//, ["url", "uddg"]],
];

function throughOne(url) {
  for (const [host, path, names] of THROUGH) {
    if (!host.test(url.hostname) || !path.test(url.pathname)) continue;
    const inner = names.map((name) => url.searchParams.get(name)).find((value) => value && ALLOWED.test(value));
    if (inner) return inner;
  }
  return "";
}

const parsed = (href) => { try { return new URL(href); } catch { return null; } };

// The address as it is written in a text, "" for one that leads nowhere outside the document it came from.
export function address(href, left) {
  const typed = href.trim();
  if (!typed || typed.startsWith("#")) return "";
  if (!ALLOWED.test(typed)) {
    left.count("links");
    return "";
  }
  let url = parsed(typed);
  if (!url) {
    left.count("links");
    return "";
  }
  let at = typed;
  for (let times = 0; times < 3; times += 1) {
    const inner = throughOne(url);
    if (!inner || !parsed(inner)) break;
    at = inner;
    url = parsed(inner);
    left.count("redirects");
  }
  const following = [...url.searchParams.keys()].filter((name) => FOLLOWING.test(name));
  if (following.length) {
    for (const name of following) url.searchParams.delete(name);
    at = url.href;
    left.count("trackers");
  }
  return at.replace(/[\s()<>{}"\\]/g, (sign) => `%${sign.codePointAt(0).toString(16).toUpperCase().padStart(2, "0")}`);
}
