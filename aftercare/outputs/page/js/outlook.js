// Mirrors core/outlook.py: what holds at one moment, and the instants at which that changes.

const within = (windows, at) => windows.some(([since, until]) => since <= at && at < until);

// Mirrors core/care.py: when the care of a day is due, and whether all treatments allow it then.
function mayBeDone({ time, any, starts, forbidden }, today) {
  const [year, month, day] = today.split("-").map(Number);
  const [hour, minute] = time.split(":").map(Number);
  const due = new Date(year, month - 1, day, hour, minute).getTime();
  // An hour that the clock repeats means the later.
  const again = due + 3600000;
  let at = new Date(again).getHours() === hour ? again : due;
  if (any && dateOf(starts) === today) at = Math.max(at, starts);
  return !within(forbidden, at);
}

// The day of the reader's calendar, as 2026-11-23.
function dateOf(at) {
  const date = new Date(at);
  const two = (n) => String(n).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

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
  const waiting = all.filter((r) =>
    r.ends <= at && at < r.usual && !within(data.held[r.thing] || [], at));
  const care = new Map();
  for (const days of data.care) {
    const { title, begins, first, last } = days;
    const time = days.any ? "" : days.time;
    const key = `${days.thing} ${time}`;
    if (begins <= at && first <= today && today <= last && !care.has(key) && mayBeDone(days, today)) {
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
