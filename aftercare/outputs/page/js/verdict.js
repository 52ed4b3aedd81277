// Mirrors core/verdict.py. Every instant was computed by Python, in milliseconds; nothing is
// computed here but what holds at `at`. A reason is its place in the plan's list of reasons.

function canI(item, plan, at) {
  const recognition = typeof item === "string" ? recogniseIn(item, plan.lexicons) : item;
  const answers = recognition.things.map((m) => thingVerdict(m.id, plan, at));
  if (!answers.length) return unknown(recognition, "not-recognised");
  const verdict = { ...strictest(answers), recognition };
  if (verdict.answer === "yes" && !certain(recognition)) {
    return unknown(recognition, "guess", verdict.because);
  }
  return verdict;
}

function labelVerdict(label, plan, at) {
  const recognition = { item: "", things: label.things, leftover: [], suggestions: [] };
  const answers = label.things.map((m) => thingVerdict(m.id, plan, at));
  const refusals = answers.filter((a) => a.answer === "no");
  if (refusals.length) return { ...strictest(refusals), recognition };
  if (!label.isList) return unknown(recognition, "no-list");
  const doubt = answers.find((a) => a.reason === "before" || a.reason === "medicine");
  return doubt ? { ...doubt, recognition } : unknown(recognition, "nothing-restricted");
}

const SURENESS = ["exact", "part", "typo"];
const bySureness = (matches) =>
  [...matches].sort((a, b) => SURENESS.indexOf(a.how) - SURENESS.indexOf(b.how));

function firstOfEach(matches) {
  const found = new Map();
  for (const match of bySureness(matches)) if (!found.has(match.id)) found.set(match.id, match);
  return [...found.values()];
}

function recogniseIn(item, lexicons) {
  const found = lexicons.map((lexicon) => recognise(item, lexicon));
  if (found.length < 2) return found[0];
  let known = found.filter((r) => r.things.length);
  if (!known.length) known = found;
  return {
    item,
    things: firstOfEach(found.flatMap((r) => r.things)),
    leftover: known.map((r) => r.leftover).reduce((a, b) => (b.length < a.length ? b : a)),
    suggestions: unique(known.flatMap((r) => r.suggestions)),
  };
}

const unknown = (recognition, reason, because = []) =>
  ({ answer: "unknown", recognition, reason, because });
const latest = (instants) => instants.reduce((a, b) => Math.max(a, b), -Infinity);
const reasons = (rules) => rules.map((r) => r.reason);

function thingVerdict(thing, plan, at) {
  const { lexicons, restrictions, grants, treatments } = plan;
  const parts = unique(lexicons.flatMap((l) => (l.has(thing) && l.thing(thing).parts) || []));
  if (parts.length) {
    return strictest(parts.sort(compare).map((part) => thingVerdict(part, plan, at)));
  }
  const ids = new Set(lexicons.flatMap((lexicon) => [...lexicon.wider(thing)]));
  const bearing = restrictions.filter((r) => ids.has(r.thing));
  const active = bearing.filter((r) => r.starts <= at && at < r.ends);
  if (active.length) return refusal(bearing, active, at);
  const over = bearing.filter((r) => r.ends <= at);
  const granted = grants.filter((g) => ids.has(g.thing));
  const permissions = granted.filter((g) => g.starts <= at);
  const toCome = bearing.filter((r) => at < r.starts);
  if (toCome.length) return unknown(null, "before", reasons(toCome));
  if (!over.length && !permissions.length) {
    const begun = treatments.every((t) => t.begins <= at);
    if (granted.length) return unknown(null, begun ? "not-yet" : "before", reasons(granted));
    return unknown(null, nothingSaid(ids, lexicons));
  }
  const { quiet, later } = silent(ids, treatments, at);
  if (later.length) return unknown(null, "not-yet", reasons(later));
  // What is to be done today is no question.
  const asked = treatments.some(({ care }) =>
    care.some((c) => ids.has(c.thing) && c.starts <= at && at < c.until));
  if (quiet && !asked) return unknown(null, "silent");
  const usual = latest(over.map((r) => r.usual));
  return {
    answer: "yes",
    since: over.length ? latest(over.map((r) => r.ends)) : Math.min(...permissions.map((g) => g.starts)),
    better: usual > at ? usual : null,
    because: reasons([...latestFirst(over), ...permissions]),
    butNot: butNot(thing, lexicons, restrictions, at),
  };
}

// Whether a treatment that is not over never speaks of a thing, and what others say later.
function silent(ids, treatments, at) {
  const later = [];
  let quiet = false;
  for (const { begins, ends, spoken, care } of treatments) {
    if (!(begins <= at && at < ends) || spoken.some((thing) => ids.has(thing))) continue;
    const own = care.filter((c) => ids.has(c.thing));
    if (!own.length) quiet = true;
    if (own.every((c) => at < c.starts)) later.push(...own);
  }
  return { quiet, later };
}

function refusal(restrictions, active, at) {
  let until = latest(active.map((r) => r.ends));
  for (;;) {
    const longer = restrictions.filter((r) => r.starts <= until && until < r.ends);
    if (!longer.length) break;
    until = latest(longer.map((r) => r.ends));
  }
  const bearing = restrictions.filter((r) => r.starts <= until && r.ends > at);
  const usual = latest(restrictions.filter((r) => r.starts <= until).map((r) => r.usual));
  const better = usual > until ? usual : null;
  return { answer: "no", until, better, because: reasons(latestFirst(bearing)) };
}

function butNot(thing, lexicons, restrictions, at) {
  const special = new Set(lexicons.flatMap((lexicon) => lexicon.special(thing)));
  return reasons(latestFirst(
    restrictions.filter((r) => special.has(r.thing) && r.starts <= at && at < r.ends)));
}

const latestFirst = (restrictions) => [...restrictions]
  .sort((a, b) => a.order - b.order)
  .sort((a, b) => b.ends - a.ends || b.usual - a.usual);

function nothingSaid(ids, lexicons) {
  const kinds = new Set(lexicons.flatMap((lexicon) =>
    [...ids].filter((id) => lexicon.has(id)).map((id) => lexicon.thing(id).kind)));
  return kinds.has("medicine") ? "medicine" : kinds.has("product-type") ? "read-label" : "no-rule";
}

function strictest(answers) {
  const because = (some) => unique(some.flatMap((a) => a.because));
  const refusals = answers.filter((a) => a.answer === "no");
  if (refusals.length) {
    refusals.sort((a, b) => b.until - a.until);
    const usual = latest(refusals.map((a) => a.better || a.until));
    const { until } = refusals[0];
    return { ...refusals[0], better: usual > until ? usual : null, because: because(refusals) };
  }
  const doubts = answers.filter((a) => a.answer === "unknown");
  if (doubts.length) return { ...doubts[0], because: because(doubts) };
  const yes = [...answers];
  yes.sort((a, b) => (b.better || b.since) - (a.better || a.since) || b.since - a.since);
  const waits = yes.map((a) => a.better).filter((better) => better !== null);
  return {
    ...yes[0],
    since: latest(yes.map((a) => a.since)),
    better: waits.length ? latest(waits) : null,
    because: because(yes),
    butNot: unique(yes.flatMap((a) => a.butNot)),
  };
}
