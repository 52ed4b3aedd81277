// Mirrors core/label_names.py. A name in a chunk is {first, last, matches, everyday}.

const GROUPS = /[()[\]{}<>/\\]/;
const textBetween = (text, one, other) => text.slice(one.end, other.start);
const keyOf = (tokens) => tokens.map((t) => t.key).join("");
const isFood = (tokens) => EVERYDAY.has(keyOf(tokens));
const spaced = (printed) => split(printed).join(" ");
const matchesOf = (entry, how, text) => entry[1].map((id) => ({ id, name: entry[0], how, text }));
const named = (first, last, matches = [], everyday = false) => ({ first, last, matches, everyday });
const byPlace = (a, b) =>
  a.first - b.first || a.last - b.last || a.matches.length - b.matches.length;

function heldBy(names) {
  const held = new Set();
  for (const { first, last } of names) for (let n = first; n <= last; n++) held.add(n);
  return held;
}

class Reader {
  constructor(lexicon) {
    this.lexicon = lexicon;
    this.names = lexicon.labelNames;
  }

  torn(one, other) {
    const [rear, front] = [one.tokens.slice(-2), other.tokens.slice(0, 2)];
    if (!(loose(one, one.tokens.length - 1) || loose(other, 0))) return false;
    for (let left = rear.length; left > 0; left--) {
      for (let right = front.length; right > 0; right--) {
        const key = keyOf([...rear.slice(-left), ...front.slice(0, right)]);
        if (size(key) > 5 && this.names.has(key)) return true;
      }
    }
    return false;
  }

  read(text, guess) {
    const tokens = tokensOf(text);
    const denying = mayDeny(tokens);
    const entry = this.names.get(keyOf(tokens));
    if (entry && isMeant(entry, tokens)) {
      const printed = text.slice(tokens[0].start, tokens[tokens.length - 1].end);
      const everyday = isFood(tokens);
      const name = named(0, tokens.length - 1, matchesOf(entry, "exact", printed), everyday);
      const item = { text: stripped(spaced(text), EDGES), things: name.matches, recognised: true, names: [name] };
      return { tokens, names: [name], unknown: [], one: true, denying, full: true, everyday, items: [item] };
    }
    let names = polymersWhole(text, tokens, this.exact(text, tokens));
    if (guess) names = [...names, ...this.guesses(text, tokens, names)].sort(byPlace);
    const held = heldBy(names);
    let unknown = tokens.filter((t, n) => !held.has(n) && !isFiller(t.key)).map((t) => t.key);
    let one = names.length < 2 || apart(text, tokens, names);
    if (/[([]/.test(text)) {
      const around = this.aroundBrackets(text, tokens, names);
      if (around.length) [names, unknown, one] = [around, [], true];
    }
    const sure = names.every((name) => name.matches.length && name.matches[0].how !== "typo");
    const full = names.length > 0 && !unknown.length && sure;
    const everyday = names.every((name) => name.everyday);
    let items = itemsOf(text, tokens, names, unknown);
    if (one) items = [{ ...itemOf(text, tokens, names), text: stripped(spaced(text), EDGES) }];
    return { tokens, names, unknown, one, denying, full, everyday, items };
  }

  aroundBrackets(text, tokens, names) {
    const brackets = [...text.matchAll(BRACKET)].map((m) => [m.index, m.index + m[0].length]);
    const inside = (token) => brackets.some(([start, end]) => start < token.start && token.start < end);
    const outer = tokens.filter((token) => !inside(token));
    const entry = this.names.get(keyOf(outer));
    if (!entry || !outer.length || outer.length === tokens.length) return [];
    const around = named(0, tokens.length - 1, matchesOf(entry, "exact", text), isFood(outer));
    return [around, ...names.filter((n) => tokens.slice(n.first, n.last + 1).some(inside))];
  }

  exact(text, tokens) {
    const found = [];
    let position = 0;
    next: while (position < tokens.length) {
      for (let n = Math.min(LONGEST_LABEL_NAME, tokens.length - position); n > 0; n--) {
        const part = tokens.slice(position, position + n);
        const entry = this.names.get(keyOf(part));
        if (entry && isMeant(entry, part)) {
          const printed = text.slice(part[0].start, part[n - 1].end);
          found.push(named(position, position + n - 1, matchesOf(entry, "part", printed), isFood(part)));
          position += n;
          continue next;
        }
      }
      position += 1;
    }
    return found;
  }

  guesses(text, tokens, names) {
    const held = heldBy(names);
    const found = [];
    if (1 < tokens.length && tokens.length <= LONGEST_LABEL_NAME) {
      const near = this.near(keyOf(tokens), tokens.map((t) => t.key));
      if (near.length) {
        const all = near.flatMap((name) => matchesOf(this.names.get(name), "typo", text));
        return [named(0, tokens.length - 1, all)];
      }
    }
    let position = 0;
    next: while (position < tokens.length) {
      if (held.has(position) || isFiller(tokens[position].key)) {
        position += 1;
        continue;
      }
      let end = position + 1;
      while (end < tokens.length && end - position < LONGEST_GUESS && !held.has(end)) {
        if (GROUPS.test(textBetween(text, tokens[end - 1], tokens[end]))) break;
        end += 1;
      }
      for (let last = end; last > position; last--) {
        const part = tokens.slice(position, last);
        const printed = text.slice(part[0].start, part[part.length - 1].end);
        const matches = this.guess(part, printed);
        if (matches.length) {
          found.push(named(position, last - 1, matches));
          position = last;
          continue next;
        }
      }
      position += 1;
    }
    return found;
  }

  guess(part, printed) {
    const key = keyOf(part);
    if (!(4 < size(key) && size(key) <= LONGEST_KEY)) return [];
    let parts = size(key) >= SHORTEST_GLUED ? this.unglued(key) : [];
    const mixed = /[\p{Uppercase}\p{Lt}]/u.test(printed) && /[\p{Lowercase}\p{Lt}]/u.test(printed);
    const cased = /[\p{Uppercase}\p{Lowercase}\p{Lt}]/u.test(printed);
    if (!parts.length && (mixed || !cased)) parts = this.camel(printed);
    const all = (names, how) => names.flatMap((n) => matchesOf(this.names.get(n), how, printed));
    return parts.length ? all(parts, "part") : all(this.near(key, part.map((t) => t.key)), "typo");
  }

  near(key, typed) {
    if (!this.spelling) {
      const known = new Map();
      for (const [name] of this.names.values()) {
        for (const word of new Set(words(name))) known.set(word, (known.get(word) || 0) + 1);
      }
      this.words = known;
      this.spelling = new FuzzyIndex([...known].filter(([, n]) => n >= COMMON).map(([w]) => w));
    }
    const wrong = typed.filter((word) => !this.words.has(word) && !isLittle(word));
    if (!wrong.length && typed.length < 2) return [];
    let found = this.lexicon.fuzzy(true).nearest(key);
    const flatKey = flat(key);
    if (!wrong.length) return found.filter((name) => distance(flatKey, name) === 1);
    for (const word of found.length ? wrong : []) {
      const meant = this.spelling.nearest(word);
      if (!meant.length) continue;
      const away = distance(flat(word), meant[0]);
      const heard = meant.map(sound);
      found = found.filter((name) =>
        distance(flatKey, name) <= away || heard.some((h) => sound(name).includes(h)));
    }
    return found;
  }

  unglued(key) {
    key = flat(key);
    const ways = [[], ...new Array(key.length).fill(null)];
    for (let end = 1; end <= key.length; end++) {
      for (let start = Math.max(0, end - 40); start < end - 3; start++) {
        if (ways[start] && this.names.has(key.slice(start, end))) {
          ways[end] = [...ways[start], key.slice(start, end)];
          break;
        }
      }
    }
    return ways[key.length] || [];
  }

  camel(printed) {
    const parts = printed.match(CAMEL) || [];
    if (parts.length < 2 || printed.includes(" ")) return [];
    const text = parts.join(" ");
    const keys = tokensOf(text);
    return this.exact(text, keys)
      .map((n) => keyOf(keys.slice(n.first, n.last + 1)))
      .filter((key) => size(key) > 5);
  }
}

function itemsOf(text, tokens, names, unknown) {
  const found = [];
  let position = 0;
  for (const name of [...names, null]) {
    const first = name ? name.first : tokens.length;
    const between = tokens.slice(position, first);
    if (between.some((token) => unknown.includes(token.key))) found.push(itemOf(text, between, []));
    if (name) {
      found.push(itemOf(text, tokens.slice(name.first, name.last + 1), [name]));
      position = name.last + 1;
    }
  }
  return found;
}

function itemOf(text, tokens, names) {
  const things = new Map();
  for (const name of [...names].reverse()) {
    for (const m of [...name.matches].reverse()) things.set(`${m.how} ${m.id}`, m);
  }
  const printed = spaced(text.slice(tokens[0].start, tokens[tokens.length - 1].end));
  return { text: printed, things: [...things.values()].reverse(), recognised: things.size > 0, names };
}

const isMeant = (entry, tokens) =>
  tokens.length === 1 || tokens.reduce((sum, t) => sum + size(t.key), 0) > 5
  || words(entry[0]).length === tokens.length;

const loose = (reading, token) => !reading.names.some((n) => n.first <= token && token <= n.last);

function polymersWhole(text, tokens, names) {
  const ends = range(0, tokens.length).filter((n) => POLYMER.test(tokens[n].key));
  if (!ends.length || names.length > MOST_IN_POLYMER) return names;
  const firstOf = new Map(names.flatMap((name) =>
    range(name.first, name.last + 1).map((n) => [n, name.first])));
  const tight = text.split(" / ").length - 1 > MOST_SLASHES;
  const slash = (token) => {
    const gap = token > 0 ? textBetween(text, tokens[token - 1], tokens[token]) : "";
    return tight ? gap === "/" : gap.includes("/");
  };
  const beginning = (token) => (firstOf.has(token) ? firstOf.get(token) : token);
  for (const end of ends.reverse()) {
    let first = beginning(end);
    if (first === end && end && !slash(end)) first = beginning(end - 1);
    while (first) {
      let back = first - 1;
      while (!slash(first) && !slash(back) && !firstOf.has(back) && back) back -= 1;
      if (!slash(first) && !slash(back)) break;
      first = beginning(back);
    }
    const inside = names.filter((n) => first <= n.first && n.first <= end);
    if (inside.length !== 1 || inside[0].first !== first || inside[0].last !== end) {
      names = [...names.filter((n) => !inside.includes(n)), named(first, end)].sort(byPlace);
    }
  }
  return names;
}

const apart = (text, tokens, names) =>
  names.length <= MOST_SLASHES && names.slice(1).every((other, n) =>
    GROUPS.test(textBetween(text, tokens[names[n].last], tokens[other.first])));
