// Text as Python sees it: code points, Unicode classes, full case folding.

const isAscii = (text) => !/[^\0-\x7f]/.test(text);
const SPACES = "\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000";
const OUTER = new RegExp(`^[${SPACES}]+|[${SPACES}]+$`, "gu");
const INNER = new RegExp(`[^${SPACES}]+`, "gu");
const WORD = /[\p{L}\p{N}]+/gu;

const strip = (text) => text.replace(OUTER, "");
const split = (text) => text.match(INNER) || [];
const isDecimal = (text) => /^\p{Nd}+$/u.test(text);
const isAlnum = (text) => /^[\p{L}\p{N}]+$/u.test(text);
const escaped = (text) => text.replace(/[-\\\]^]/g, "\\$&");
const stripped = (text, characters) =>
  text.replace(new RegExp(`^[${escaped(characters)}]+|[${escaped(characters)}]+$`, "g"), "");

// The number of characters, and the first or last of them.
const isPlain = (text) => !/[\ud800-\udfff]/.test(text);
const size = (text) => (isPlain(text) ? text.length : [...text].length);
const head = (text, n) => (isPlain(text) ? text.slice(0, n) : [...text].slice(0, n).join(""));
const tail = (text, n) => (isPlain(text) ? text.slice(-n) : [...text].slice(-n).join(""));

const FOLDED = { ı: "ı", ẞ: "ss" };
const foldOne = (c) =>
  FOLDED[c] || (/\p{Script=Cherokee}/u.test(c) ? c.toUpperCase() : c.toUpperCase().toLowerCase());
const casefold = (text) =>
  isAscii(text) ? text.toLowerCase() : [...text].map(foldOne).join("");

// Whether normal forms move a mark past others: that of Python's unicodedata.combining.
const MARKS = new Map();
function combining(c) {
  if (!/\p{M}/u.test(c)) return false;
  if (!MARKS.has(c)) {
    const moves = (text) => text.normalize("NFD") !== text;
    MARKS.set(c, moves(`a\u0301${c}`) || moves(`a${c}\u0334`) || c === "\u0301" || c === "\u0334");
  }
  return MARKS.get(c);
}

const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
const unique = (items) => [...new Set(items)];
