// Mirrors core/label_text.py. Positions are those of JavaScript's strings.

const chunkEnd = (chunk) => chunk.start + chunk.text.length;
const beginsSentence = ({ before }) =>
  /[.!?]/.test(before) || (before.includes("\n") && !/[,;•]/.test(before));

function readable(text) {
  text = text.normalize("NFKC");
  if (text.includes("<")) {
    text = text.replace(TAG, (_, tag) =>
      BLOCKS.has(stripped(tag, "/").toLowerCase()) ? "\n" : " ");
  }
  if (/[&\\]/.test(text)) {
    text = text.replace(ESCAPES, (found) => (found === "&amp;" ? "&" : found === "\\n" ? "\n" : " "));
  }
  return text.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cs}]/gu, (c) => (c === "\n" || c === "\t" ? c : " "));
}

const FOLDED_WORDS = new Map();
function folded(word) {
  if (!FOLDED_WORDS.has(word)) FOLDED_WORDS.set(word, normalise(word));
  return FOLDED_WORDS.get(word);
}

const tokensOf = (text) => [...text.matchAll(TOKEN)].map((m) =>
  ({ key: folded(m[0]), start: m.index, end: m.index + m[0].length }));

function chunks(text) {
  const found = [];
  const wraps = text.includes("\n") ? wrapsOf(text) : new Set();
  for (let [begins, end, section] of sections(text)) {
    let before = "\n";
    const cuts = [...matchesFrom(CUT, text.slice(0, end), begins), null];
    for (const cut of cuts) {
      const stop = cut ? cut.index : end;
      if (cut && wraps.has(stop)) continue;
      const piece = strip(text.slice(begins, stop));
      if (/[\p{L}\p{N}]/u.test(piece)) {
        const first = String.fromCodePoint(piece.codePointAt(0));
        found.push({ text: piece, start: text.indexOf(first, begins), before, section });
        before = "";
      }
      if (cut) {
        before = tail(before + (stripped(cut[0], " ") || "-"), 9);
        begins = stop + cut[0].length;
      }
    }
  }
  return found;
}

function* matchesFrom(pattern, text, position) {
  pattern.lastIndex = position;
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) yield match;
}

function wrapsOf(text) {
  const lines = text.split("\n");
  const listed = lines.map((line) => LISTED_LINE.test(line));
  const found = new Set();
  let position = -1;
  for (let n = 0; n + 1 < lines.length; n++) {
    const [line, following] = [lines[n], lines[n + 1]];
    position += line.length + 1;
    const amidst = listed.slice(Math.max(0, n - 2), n + 1).some(Boolean)
      && listed.slice(n + 1, n + 4).some(Boolean);
    const short = listed[n + 1] || split(following).length <= 3;
    const wraps = (listed[n] && short) || amidst || GOES_ON.has(tail(strip(line), 1));
    if ((wraps && strip(following)) || POLYMER.test(following.split(" ")[0])) found.add(position);
  }
  return found;
}

function sections(text) {
  const heads = [[0, 0, "open"]];
  for (const match of text.matchAll(HEADING)) {
    const start = match.index;
    const end = start + match[0].length;
    const { more, mark, key, after, active } = match.groups;
    const ahead = tail(text.slice(0, start), 9).replace(/ +$/, "");
    if (more) {
      heads.push([start, end, ""]);
      continue;
    }
    if (!(mark || !ahead || "\n.;:!".includes(tail(ahead, 1)) || "AI".includes(text[start]))) continue;
    heads.push([start, end, key || after ? "key" : active ? "active" : "list"]);
  }
  for (const match of text.matchAll(OTHER)) heads.push([match.index, match.index, "open"]);
  heads.sort((a, b) => a[0] - b[0] || a[1] - b[1] || compare(a[2], b[2]));
  let current = "open";
  return heads.map(([, begin, kind], n) => {
    const end = n + 1 < heads.length ? heads[n + 1][0] : text.length;
    current = kind || current;
    return [begin, Math.max(begin, end), current];
  });
}

const cutOff = (text) => CUT_OFF.test(tail(text, 60));
const isFiller = (key) => FILLERS.has(key) || isDecimal(key);
const isLittle = (key) =>
  FUNCTION.has(key) || DENIALS.has(key) || PASSED.has(key) || FILLERS.has(key);

function saysASentence(keys, names) {
  if (names >= MANY && names * 2 > keys.length) return false;
  const said = keys.filter((key) => FUNCTION.has(key)).length;
  return said >= 2 || (said === 1 && keys.length >= 3) || keys.length >= 12;
}

const leadsOn = (keys) => keys.some((key) => FUNCTION.has(key));

function hasStrength(text, start, end) {
  const before = tail(text.slice(0, start), 24);
  const after = head(text.slice(end), 24);
  if (after.startsWith("%") && isDecimal(tail(text.slice(0, end), 1))) return true;
  return STRENGTH_AFTER.test(after) || STRENGTH_BEFORE.test(before);
}

const contained = (tokens, first) =>
  tokens.slice(Math.max(0, first - 4), first).some((t) => CONTAINS.has(t.key));
const mayDeny = (tokens) => tokens.some((token) => DENIALS.has(token.key));

function denied(text, tokens, known, first, last) {
  if (last + 1 < tokens.length && DENY_AFTER.has(tokens[last + 1].key)) {
    const between = text.slice(tokens[last].end, tokens[last + 1].start);
    const following = last + 2 < tokens.length ? tokens[last + 2].key : "";
    if ((between === "-" || between === " ") && !["of", "from", "von", "de"].includes(following)) {
      return true;
    }
  }
  if (NOTHING_OF.test(tail(text.slice(0, tokens[first].start), 8))) return true;
  let at = first - 1;
  let ledOn = false;
  while (at >= Math.max(0, first - 12)) {
    const [key, after] = [tokens[at].key, tokens[at + 1].key];
    if (takesAway(key, after)) return true;
    if (key === "non" && (at === first - 1 || CONTAINS.has(after))) return true;
    at -= 1;
    if (OR.has(key)) ledOn = true;
    else if (!PASSED.has(key)) {
      if (at >= 0 && REPLACING.has(tokens[at].key)) continue;
      if (!ledOn) return false;
      ledOn = false;
      while (at >= 0 && known[at] && known[at + 1]) at -= 1;
    }
  }
  return false;
}

const denyWith = (key, after) => Object.hasOwn(DENY_WITH, key) && DENY_WITH[key].includes(after);
const takesAway = (key, after) => DENY.has(key) || denyWith(key, after) || key === "like";

function beginsDenial(tokens, mark) {
  const keys = tokens.slice(0, 12).map((token) => token.key);
  const last = keys[keys.length - 1];
  for (let n = 0; n < keys.length; n++) {
    const [one, other] = [keys[n], keys[n + 1] || ""];
    if (denyWith(one, other)) return mark !== ":" || last === other;
    const not = (one === "not" || one === "no") && keys.includes("contain");
    if (one === "without" || one === "ohne" || not) {
      return mark !== ":" || last === one || last === "contain";
    }
  }
  return false;
}
