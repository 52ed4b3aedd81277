// Mirrors core/outlook.py: what holds at one moment, and the instants at which that changes.

const alphabetic = (a, b) => (a < b ? -1 : a > b ? 1 : 0);

function outlook(data, at, today) {
  const rows = data.restrictions;
  const merged = new Map();
  for (const row of rows.filter((r) => r.starts <= at).sort((a, b) => a.starts - b.starts)) {
    const seen = merged.get(row.thing);
    const winner = seen && seen.ends > row.ends ? seen : row;
    const usual = seen ? Math.max(seen.usual, row.usual) : row.usual;
    merged.set(row.thing, { ...winner, usual });
  }
  const all = [...merged.values()];
  const by = (field) => (a, b) => a[field] - b[field] || alphabetic(a.title, b.title);
  // Of what a treatment that is not over does not mention, nothing else says that it is allowed.
  const open = data.treatments.filter((t) => t.begins <= at && at < t.ends);
  const waiting = all.filter((r) => r.ends <= at && at < r.usual
    && open.every((t) => t.spoken.includes(r.thing)));
  const care = new Map();
  for (const { thing, title, time, first, last, begins } of data.care) {
    const key = `${thing} ${time}`;
    if (begins <= at && first <= today && today <= last && !care.has(key)) {
      care.set(key, { title, time });
    }
  }
  return {
    offLimits: all.filter((r) => at < r.ends).sort(by("ends")),
    betterWait: waiting.sort(by("usual")),
    toCome: rows.filter((r) => at < r.starts),
    today: [...care.values()].sort((a, b) => alphabetic(a.time, b.time) || alphabetic(a.title, b.title)),
  };
}

// The first instant after `at` at which anything changes; none is Infinity.
function nextChange(data, at) {
  const windows = data.restrictions.flatMap((r) => [r.starts, r.ends, r.usual]);
  const grants = data.grants.map((g) => g.starts);
  const over = data.treatments.flatMap((t) => [t.ends, ...t.care.map((c) => c.until)]);
  return Math.min(...[...windows, ...grants, ...over].filter((instant) => instant > at), Infinity);
}
