// From what the page carries to vocabularies and plans.

// The shipped vocabulary; sets the words that the readers know.
function unpackVocabulary({ words: known, ...vocabulary }, lines) {
  const made = (value) =>
    value && value.set ? new Set(value.set)
      : value && value.pattern ? new RegExp(value.pattern, value.flags)
        : value;
  setWords(Object.fromEntries(Object.entries(known).map(([name, value]) => [name, made(value)])));
  return { ...vocabulary, ...unpackNames(lines) };
}

function unpackNames([repeated, ...lines]) {
  const [typed, label] = [new Map(), new Map()];
  let [where, ids, before, number] = [0, [], "", 0];
  for (const line of lines) {
    if (/^[123]\t/.test(line)) {
      where = Number(line[0]);
      ids = line.slice(2).split(" ");
      before = "";
      continue;
    }
    const same = [...before].slice(0, repeated.charCodeAt(number++) - 33).join("");
    const name = (before = same + line);
    const key = normalise(name);
    if (where & 1) typed.set(key, [name, ids]);
    if (where & 2) label.set(key, [name, ids]);
  }
  return { typed, label };
}

// What `canI` and `labelVerdict` ask: the restrictions and permissions of all plans.
function unpackPlan(data, rest, lines) {
  const shipped = unpackVocabulary(rest, lines);
  const own = data.vocabularies.map((v) => ({ ...v, ...unpackNames(v.names) }));
  return {
    lexicons: data.lexicons.map((places) =>
      new Lexicon(...places.map((n) => (n ? own[n - 1] : shipped)))),
    restrictions: data.restrictions,
    grants: data.grants,
    treatments: data.treatments,
  };
}
