// From what the page carries to vocabularies and plans.

const LETTERS_85 =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%/()*+-;,=.?@^_`{|}~";

function bytesOf(text) {
  const values = new Map([...LETTERS_85].map((letter, n) => [letter, n]));
  const missing = (5 - (text.length % 5)) % 5;
  const padded = text + "~".repeat(missing);
  const bytes = new Uint8Array((padded.length / 5) * 4);
  for (let n = 0; n < padded.length; n += 5) {
    let value = 0;
    for (let k = 0; k < 5; k++) value = value * 85 + values.get(padded[n + k]);
    for (let k = 3; k >= 0; k--) {
      bytes[(n / 5) * 4 + k] = value % 256;
      value = Math.floor(value / 256);
    }
  }
  return bytes.subarray(0, bytes.length - missing);
}

async function inflated(text) {
  const stream = new Blob([bytesOf(text)]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Response(stream).text();
}

// The shipped vocabulary; sets the words that the readers know.
function unpackVocabulary(text) {
  const [first, ...lines] = text.split("\n");
  const { words: known, ...vocabulary } = JSON.parse(first);
  const made = (value) =>
    value && value.set ? new Set(value.set)
      : value && value.pattern ? new RegExp(value.pattern, value.flags)
        : value;
  setWords(Object.fromEntries(Object.entries(known).map(([name, value]) => [name, made(value)])));
  return { ...vocabulary, ...unpackNames(lines) };
}

function unpackNames(lines) {
  const [typed, label] = [new Map(), new Map()];
  let [where, ids, before] = [0, [], ""];
  for (const line of lines) {
    if (/^[123]\t/.test(line)) {
      where = Number(line[0]);
      ids = line.slice(2).split(" ");
      before = "";
      continue;
    }
    const same = [...before].slice(0, line.charCodeAt(0) - 33).join("");
    const name = (before = same + line.slice(1));
    const key = normalise(name);
    if (where & 1) typed.set(key, [name, ids]);
    if (where & 2) label.set(key, [name, ids]);
  }
  return { typed, label };
}

// What `canI` and `labelVerdict` ask: the restrictions and permissions of all plans.
function unpackPlan(data, text) {
  const shipped = unpackVocabulary(text);
  const own = data.vocabularies.map((v) => ({ ...v, ...unpackNames(v.names) }));
  return {
    lexicons: data.lexicons.map((places) =>
      new Lexicon(...places.map((n) => (n ? own[n - 1] : shipped)))),
    restrictions: data.restrictions.map(([thing, starts, ends, usual, order, reason]) =>
      ({ thing, starts, ends, usual, order, reason })),
    grants: data.grants.map(([thing, starts, reason]) => ({ thing, starts, reason })),
    begins: data.begins,
  };
}
