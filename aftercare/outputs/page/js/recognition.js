// Mirrors core/recognition.py. A match is {id, name, how, text}.

const certain = (r) =>
  r.things.length > 0 && !r.leftover.length && r.things.every((m) => m.how !== "typo");

function recognise(item, lexicon) {
  const exact = whole(item, lexicon);
  if (exact.length) return { item, things: exact, leftover: [], suggestions: [] };
  const [tokens, spellings] = typedTokens(item);
  const [things, forms] = [new Map(), new Map()];
  let leftover = [];
  let position = 0;
  while (position < tokens.length) {
    let [length, found] = longestName(tokens, position, lexicon);
    if (!found) {
      if (!saysNothing(tokens[position], lexicon)) leftover.push(spellings[position]);
      position += 1;
      continue;
    }
    const text = spellings.slice(position, position + length).join(" ");
    const after = position + length;
    if (after < tokens.length && NEGATIONS_AFTER.has(tokens[after])) length += 1;
    else if (position && NEGATIONS_BEFORE.has(tokens[position - 1])) leftover.pop();
    else {
      const matches = lexicon.forms.has(tokens[position]) && length === 1 ? forms : things;
      for (const id of found[1]) {
        if (!matches.has(id)) matches.set(id, { id, name: found[0], how: "part", text });
      }
    }
    position += length;
  }
  const [nearby, far] = near(leftover, lexicon);
  for (const match of nearby) if (!things.has(match.id)) things.set(match.id, match);
  const found = [...(things.size ? things : forms).values()];
  const suggestions = found.length ? [] : suggested(item, lexicon);
  return { item, things: found, leftover: far, suggestions };
}

function near(leftover, lexicon) {
  if (!(0 < leftover.length && leftover.length <= MOST_GUESSED_WORDS)) return [[], leftover];
  const index = lexicon.fuzzy();
  const [matches, far] = [[], []];
  let position = 0;
  next: while (position < leftover.length) {
    for (let n = Math.min(LONGEST_NAME, leftover.length - position); n > 0; n--) {
      const text = leftover.slice(position, position + n).join(" ");
      const names = index.nearest(normalise(text)).map((key) => lexicon.lookUp(key)).filter(Boolean);
      if (names.length) {
        for (const [name, ids] of names) {
          for (const id of ids) matches.push({ id, name, how: "typo", text });
        }
        position += n;
        continue next;
      }
    }
    far.push(leftover[position]);
    position += 1;
  }
  return [matches, far];
}

function suggested(item, lexicon) {
  const key = flat(normalise(item));
  if (!(3 < key.length && key.length < 40)) return [];
  const scored = [...lexicon.typedNames].map(([other, [name]]) => [ratio(key, other), other, name]);
  const enough = scored.filter(([score]) => score >= ENOUGH_ALIKE);
  enough.sort((a, b) => b[0] - a[0] || compare(a[1], b[1]));
  return unique(enough.slice(0, MOST_SUGGESTED).map(([, , name]) => name));
}

function longestName(tokens, position, lexicon) {
  for (let n = Math.min(LONGEST_NAME, tokens.length - position); n > 0; n--) {
    const found = lexicon.lookUp(tokens.slice(position, position + n).join(""));
    if (!found) continue;
    const first = tokens[position];
    if (n === 1 || !lexicon.neutral.has(first) || words(found[0])[0] === first) return [n, found];
  }
  return [1, null];
}

function whole(item, lexicon) {
  const id = casefold(strip(item));
  if (lexicon.has(id)) return [{ id, name: lexicon.thing(id).title, how: "exact", text: item }];
  let found = lexicon.lookUp(normalise(item));
  if (!found) {
    const said = typedTokens(item)[0].filter((t) => !lexicon.neutral.has(t));
    found = lexicon.lookUp(said.join(""));
  }
  return found ? found[1].map((id) => ({ id, name: found[0], how: "exact", text: item })) : [];
}

function typedTokens(item) {
  const text = casefold(item).replace(AMOUNT, " ").normalize("NFC");
  const spellings = text.match(WORD) || [];
  return [spellings.map(normalise), spellings];
}

const saysNothing = (token, lexicon) =>
  lexicon.neutral.has(token) || lexicon.forms.has(token) || isDecimal(token);
