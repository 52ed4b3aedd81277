// What the page carries of the plan, opened: each instant, thing and title travels once.

function opened({ instants, things, reasons, restrictions, grants, treatments, care, held, ...rest }) {
  const at = (place) => instants[place];
  const named = (reason) => ({ reason, thing: things[reason], title: reasons[reason] });
  const times = (windows) => windows.map((window) => window.map(at));
  const granted = grants.map(([reason, starts]) => ({ ...named(reason), starts: at(starts) }));
  return {
    ...rest,
    reasons,
    things,
    restrictions: restrictions.map(([reason, starts, ends, usual, order]) =>
      ({ ...named(reason), starts: at(starts), ends: at(ends), usual: at(usual), order })),
    grants: granted,
    treatments: treatments.map(([begins, ends, spoken, care]) => ({
      begins: at(begins),
      ends: at(ends),
      spoken: spoken.map((reason) => things[reason]),
      care: care.map(([grant, until]) => ({ ...granted[grant], until: at(until) })),
    })),
    held: Object.fromEntries(Object.entries(held).map(([thing, windows]) => [thing, times(windows)])),
    care: care.map(([reason, begins, starts, time, any, first, last, forbidden]) => ({
      ...named(reason), begins: at(begins), starts: at(starts), time, any, first, last,
      forbidden: times(forbidden),
    })),
  };
}
