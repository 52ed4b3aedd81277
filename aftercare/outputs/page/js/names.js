// Mirrors core/names.py.

const STROKES = { ø: "o", ł: "l", đ: "d", œ: "oe", æ: "ae", ı: "i" };

function words(text) {
  if (!isAscii(text)) {
    const letters = [...casefold(text).normalize("NFKD")].filter((c) => !combining(c));
    text = letters.map((c) => STROKES[c] || c).join("");
  }
  return (casefold(text).match(WORD) || []).map(fold);
}

function fold(word) {
  const length = size(word);
  if (length > 3 && word.endsWith("s") && !"siu".includes(word[word.length - 2])) {
    if (length > 4 && word.endsWith("ies")) word = word.slice(0, -3) + "y";
    else if (/(?:ches|shes|xes|sses)$/.test(word)) word = word.slice(0, -2);
    else word = word.slice(0, -1);
  }
  if (word.includes("iz")) word = word.replace(AMERICAN, "is");
  if (word.includes("our") && length > 5) word = word.split("our").join("or");
  if (word.includes("ulph")) word = word.split("sulph").join("sulf");
  if (word.includes("lumin")) word = word.split("aluminium").join("aluminum");
  return word.split("grey").join("gray");
}

const normalise = (text) => words(text).join("");

// A vocabulary is {things, typed, label, neutral, forms}, its names being maps of a key to
// [name, ids]; a later one adds to an earlier one.
class Lexicon {
  constructor(...vocabularies) {
    const all = (field) => vocabularies.flatMap((v) => [...v[field]]);
    this.things = new Map(vocabularies.flatMap((v) => Object.entries(v.things)));
    this.typedNames = vocabularies.length > 1 ? new Map(all("typed")) : vocabularies[0].typed;
    this.labelNames = vocabularies.length > 1 ? new Map(all("label")) : vocabularies[0].label;
    this.neutral = new Set(all("neutral"));
    this.forms = new Set(all("forms"));
    this.indexes = {};
  }

  has(id) {
    return this.things.has(id);
  }

  thing(id) {
    return this.things.get(id);
  }

  lookUp(key) {
    return this.typedNames.get(key);
  }

  wider(thing) {
    const found = new Set([thing]);
    for (const current of found) {
      const data = this.things.get(current) || {};
      if (data.kind_of) found.add(data.kind_of);
      for (const [id, other] of this.things) if ((other.parts || []).includes(current)) found.add(id);
    }
    return found;
  }

  special(thing) {
    return [...this.things].filter(([, data]) => data.kind_of === thing).map(([id]) => id);
  }

  fuzzy(labels = false) {
    const printed = () => [...this.labelNames.keys()].filter((key) => size(key) > 6);
    const keys = () => (labels ? printed() : this.typedNames.keys());
    return (this.indexes[labels] ||= new FuzzyIndex(keys()));
  }
}
