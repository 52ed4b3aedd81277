// Mirrors core/label.py. A piece is {chunk, reading, sentence, denied}.

// Returns null for a text longer than any label.
function readLabel(text, lexicon) {
  const plain = size(text) <= LARGEST_LABEL ? readable(text) : text;
  if (size(plain) > LARGEST_LABEL) return null;
  const reader = (lexicon.reader ||= new Reader(lexicon));
  let pieces = denialsMarked(mended(plain, readPieces(chunks(plain), reader), reader));
  const listed = listedOf(pieces);
  let complete;
  [pieces, complete] = guessed(pieces, listed, reader);
  const lists = pieces.filter((_, n) => listed[n]);
  const found = numbered(lists);
  complete = complete && !pieces.some((p) => isNoise(p.reading));
  const isList = complete && makesAList(lists, found) && !cutOff(plain);
  pieces.forEach((piece, n) => {
    if (listed[n]) return;
    for (const item of said(piece, plain, isList)) {
      found.push(ingredient(item, found.length + 1, 0));
    }
  });
  return { ingredients: found, isList, things: firstOfEach(found.flatMap((i) => i.things)) };
}

const ingredient = ({ text, things, recognised }, position, depth) =>
  ({ text, position, things, recognised, depth });
const isLate = (one) => one.depth > LATE;

function readPieces(cut, reader) {
  return cut.map((chunk) => {
    const reading = reader.read(chunk.text, false);
    const { unknown, names } = reading;
    const sentence = unknown.length > 0 && saysASentence(unknown, names.length);
    return { chunk, reading, sentence, denied: false };
  });
}

function mended(plain, pieces, reader) {
  const whole = [];
  for (const piece of pieces) {
    const last = whole[whole.length - 1];
    if (
      last
      && !(last.reading.full && piece.reading.full)
      && !(last.sentence || piece.sentence)
      && last.chunk.section === piece.chunk.section
      && reader.torn(last.reading, piece.reading)
    ) {
      const text = plain.slice(last.chunk.start, chunkEnd(piece.chunk));
      whole.splice(-1, 1, ...readPieces([{ ...last.chunk, text }], reader));
    } else {
      whole.push(piece);
    }
  }
  return whole;
}

function denialsMarked(pieces) {
  const marked = [...pieces];
  for (let n = 0; n + 1 < pieces.length; n++) {
    const { reading } = pieces[n];
    const mark = pieces[n + 1].chunk.before.includes(":") ? ":" : ",";
    if (!reading.denying || !beginsDenial(reading.tokens, mark)) continue;
    let end = n + 1;
    while (end < pieces.length && !beginsSentence(pieces[end].chunk)) {
      if (end > n + 1 && pieces[end].chunk.before.includes(":")) break;
      end += 1;
    }
    const rest = pieces.slice(n + 1, end);
    const names = rest.filter((p) => p.reading.full && !p.reading.everyday);
    const bases = rest.some((p) => p.reading.tokens.some((t) => BASES.has(t.key)));
    if (names.length <= MOST_DENIED && !bases) {
      rest.forEach((piece, k) => (marked[n + 1 + k] = { ...piece, denied: true }));
    }
  }
  return marked;
}

const HEADED = new Set(["list", "active"]);

function listedOf(pieces) {
  const listed = new Array(pieces.length).fill(false);
  let start = 0;
  while (start < pieces.length) {
    const first = pieces[start];
    const { section } = first.chunk;
    let end = start + 1;
    if (first.sentence) {
      const { names } = first.reading;
      const follows = start > 0 && listed[start - 1] && !beginsSentence(first.chunk);
      const headed = HEADED.has(section) && (start === 0 || pieces[start - 1].chunk.section !== section);
      listed[start] = names.length > 0 && names[0].first === 0 && (follows || headed);
    } else if (!first.denied) {
      const goesOn = (p) => !(p.sentence || p.denied || p.chunk.section !== section);
      while (end < pieces.length && goesOn(pieces[end])) end += 1;
      const run = pieces.slice(start, end);
      const flowsOn = end < pieces.length && flows(pieces[end]);
      let isListed;
      if (start > 0 && pieces[start - 1].sentence && beginsSentence(first.chunk)) {
        isListed = run.some((p) => p.reading.full) && isRun(run, flowsOn);
      } else {
        isListed = isRun(run, flowsOn || isWithin(pieces, listed, start));
      }
      if (isListed) listed.fill(true, start, end);
    }
    start = end;
  }
  return listed;
}

const flows = (piece) => piece.sentence && !beginsSentence(piece.chunk);

function isWithin(pieces, listed, start) {
  if (leadsOn(pieces[start].reading.unknown)) return true;
  while (start > 0 && !beginsSentence(pieces[start].chunk)) {
    start -= 1;
    if (!pieces[start].sentence) return !listed[start];
    if (beginsSentence(pieces[start].chunk)) return true;
  }
  return false;
}

const total = (numbers) => numbers.reduce((a, b) => a + b, 0);

function isRun(run, within) {
  const { section } = run[0].chunk;
  if (HEADED.has(section)) return true;
  const readings = run.map((p) => p.reading);
  const known = total(readings.map((r) => (r.one ? Number(r.full) : r.names.length)));
  const items = total(readings.map((r) => r.items.length));
  const needed = within || section === "key" ? LISTED_IN_SENTENCE : LISTED_UNHEADED;
  return known >= needed && known * 5 >= items * 2;
}

function guessed(pieces, listed, reader) {
  const known = total(pieces.map((p) => p.reading.names.length)) > 1 || listed.some(Boolean);
  const unclear = range(0, pieces.length).filter((n) => {
    const { reading, sentence } = pieces[n];
    return reading.unknown.length > 0 && (listed[n] || (known && !sentence) || isGlued(reading));
  });
  const found = [...pieces];
  for (const n of unclear.slice(0, MOST_GUESSED_CHUNKS)) {
    found[n] = { ...pieces[n], reading: reader.read(pieces[n].chunk.text, true) };
  }
  return [found, unclear.length <= MOST_GUESSED_CHUNKS];
}

const isGlued = (reading) => reading.unknown.some((key) => size(key) >= GLUED);
const isNoise = ({ unknown, tokens }) =>
  unknown.some((key) => size(key) >= NOISE) || tokens.some((t) => size(t.key) >= 2 * NOISE);

function makesAList(lists, found) {
  const dosed = (p) => /\p{Nd}/u.test(p.chunk.text);
  const full = lists.filter((p) => p.reading.full && (p.chunk.section !== "active" || dosed(p)));
  const plainly = ({ reading: r }) => (r.one ? Number(!r.everyday) : r.names.length);
  let telling = total(full.map(plainly));
  const everyday = full.filter((p) => p.reading.one && p.reading.everyday).length;
  const headed = full.some((p) => HEADED.has(p.chunk.section));
  const recognised = found.filter((i) => i.recognised && i.things.every((m) => m.how !== "typo")).length;
  if (lists.some((p) => !p.reading.one)) telling = Math.max(telling, recognised);
  const enough = telling >= (headed ? LISTED_HEADED : LISTED_UNHEADED);
  return enough && telling > everyday && recognised * 2 >= found.length;
}

function undeniedItems(piece) {
  const { reading, denied: all } = piece;
  const single = reading.full && reading.tokens.length === 1;
  if (!(all || reading.denying) || single) return reading.items;
  return reading.items.map((item) => ({ ...item, things: undenied(piece, item) }));
}

function undenied(piece, item) {
  if (piece.denied) return [];
  const { tokens, names } = piece.reading;
  const inName = heldBy(names);
  const known = tokens.map((_, n) => inName.has(n));
  const held = item.names.filter((n) => !denied(piece.chunk.text, tokens, known, n.first, n.last));
  const matches = held.flatMap((name) => name.matches);
  return [...new Map(matches.map((m) => [JSON.stringify([m.id, m.name, m.how, m.text]), m])).values()];
}

function numbered(lists) {
  const [sizes, placed] = [[], []];
  lists.forEach((piece, n) => {
    if (n === 0 || (piece.chunk.section === "list" && piece.chunk.before === "\n")) sizes.push(0);
    const single = piece.sentence && piece.reading.names.length < MANY;
    const items = undeniedItems(piece);
    for (const item of single ? items.slice(0, 1) : items) {
      const letters = (item.text.match(/\p{L}/gu) || []).length;
      if (!item.recognised && letters < FEWEST_LETTERS) continue;
      sizes[sizes.length - 1] += 1;
      placed.push([sizes.length - 1, sizes[sizes.length - 1], item]);
    }
  });
  return placed.map(([n, place, item], position) =>
    ingredient(item, position + 1, sizes[n] >= LONG_LIST ? place / sizes[n] : 0));
}

function said(piece, plain, isList) {
  const { tokens } = piece.reading;
  const allCount = !isList || piece.chunk.section === "active" || piece.chunk.section === "key";
  return undeniedItems(piece).filter((item) =>
    item.things.length
    && (allCount || item.names.some((name) => isStated(piece, plain, tokens, name))));
}

function isStated(piece, plain, tokens, name) {
  const start = piece.chunk.start + tokens[name.first].start;
  const end = piece.chunk.start + tokens[name.last].end;
  return contained(tokens, name.first) || hasStrength(plain, start, end);
}
