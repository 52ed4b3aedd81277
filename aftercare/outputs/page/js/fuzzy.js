// Mirrors core/fuzzy.py. Distances are those of rapidfuzz.

const SHIFTS = { "-2": [-2, -1, 0], "-1": [-1, 0], 0: [-1, 0, 1], 1: [0, 1], 2: [0, 1, 2] };

// No name holds a letter of two units; to a distance any such letter is another letter.
const flat = (key) => (isPlain(key) ? key : key.replace(/[\u{10000}-\u{10ffff}]/gu, "\uffff"));

function mostEdits(key) {
  let length = key.length;
  for (const word of GENERIC) {
    if (key.length > word.length && (key.endsWith(word) || key.startsWith(word))) {
      length -= word.length;
      break;
    }
  }
  return length < 5 ? 0 : length < 9 ? 1 : 2;
}

function sound(key) {
  for (const [one, other] of ALIKE) key = key.split(one).join(other);
  return [...key].filter((c, n, all) => c !== (n ? all[n - 1] : " ")).join("");
}

// Optimal string alignment: insertions, deletions, substitutions, swaps of neighbours.
function distance(one, other) {
  let [before, last, current] = [[], [], range(0, other.length + 1)];
  for (let i = 1; i <= one.length; i++) {
    [before, last, current] = [last, current, [i]];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let least = Math.min(last[j] + 1, current[j - 1] + 1, last[j - 1] + (same ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        least = Math.min(least, before[j - 2] + 1);
      }
      current.push(least);
    }
  }
  return current[other.length];
}

// How much two keys have in common, from 0 to 1, by insertions and deletions alone.
function ratio(one, other) {
  const sum = one.length + other.length;
  if (1 - Math.abs(one.length - other.length) / sum < ENOUGH_ALIKE) return 0;
  let row = new Array(other.length + 1).fill(0);
  for (const c of one) {
    let diagonal = 0;
    for (let j = 1; j <= other.length; j++) {
      const above = row[j];
      row[j] = c === other[j - 1] ? diagonal + 1 : Math.max(above, row[j - 1]);
      diagonal = above;
    }
  }
  return 1 - (sum - 2 * row[other.length]) / sum;
}

class FuzzyIndex {
  constructor(keys) {
    this.thirds = new Map();
    this.sounds = new Map();
    this.limits = new Map();
    this.answers = new Map();
    const add = (map, at, key) => (map.has(at) ? map.get(at).push(key) : map.set(at, [key]));
    for (const key of keys) {
      const most = mostEdits(key);
      if (!most) continue;
      this.limits.set(key, most);
      add(this.sounds, sound(key), key);
      thirds(key.length).forEach(([start, end], third) =>
        add(this.thirds, `${key.length},${third},${key.slice(start, end)}`, key));
    }
  }

  nearest(key) {
    key = flat(key);
    if (!this.answers.has(key)) this.answers.set(key, this.search(key));
    return this.answers.get(key);
  }

  search(key) {
    const own = mostEdits(key);
    if (!own) return [];
    let found = new Set(this.sounds.get(sound(key)));
    let best = found.size ? 1 : 3;
    const letters = (word) => [...word].sort().join("");
    for (const candidate of this.candidates(key, own)) {
      const limit = Math.min(best, own, this.limits.get(candidate));
      const away = distance(key, candidate);
      if (away > limit || number(key) !== number(candidate)) continue;
      if (key.length <= 5 && letters(key) !== letters(candidate)) continue;
      if (away < best) {
        best = away;
        found = new Set();
      }
      found.add(candidate);
    }
    return [...found].sort(compare);
  }

  candidates(key, most) {
    const found = new Set();
    for (let grown = -most; grown <= most; grown++) {
      const length = key.length - grown;
      const places = [[0], SHIFTS[grown], [grown]];
      thirds(length).forEach(([start, end], third) => {
        for (const shift of places[third]) {
          const [first, last] = [Math.max(0, start + shift), Math.max(0, end + shift)];
          const piece = key.slice(first, last);
          const begun = first ? key.slice(first - 1, first) + piece.slice(1) : piece;
          const ended = piece.slice(0, -1) + key.slice(last, last + 1);
          for (const like of [piece, begun, ended]) {
            for (const one of this.thirds.get(`${length},${third},${like}`) || []) found.add(one);
          }
        }
      });
    }
    return found;
  }
}

const number = (key) => key.match(/[0-9]*$/)[0];

function thirds(length) {
  const [one, two] = [Math.floor(length / 3), Math.floor((2 * length) / 3)];
  return [[0, one], [one, two], [two, length]];
}
