// The page by the clock: what matters now, the mark on the picture, times in the reader's zone.

// So many things are named where all of them stand just below.
const MOST_NAMED = 2;

// A clock that is so much behind the moment the page was made is wrong.
const CLOCK_SLACK = 300000;

const data = opened(JSON.parse(byId("plan").textContent));
const spoken = new Words(data);
let asker = null;
let asked = null;
let labelled = null;
let shownNow = "";

function byId(id) {
  return document.getElementById(id);
}

function fill(id, items) {
  byId(id).replaceChildren(...items);
}

function localise() {
  for (const time of document.querySelectorAll("time")) {
    time.textContent = spoken.instant(Date.parse(time.dateTime));
  }
  byId("zone").textContent = spoken.zone;
  const svg = document.querySelector(".aftercare-picture");
  if (!svg) return;
  const days = svg.querySelector(".days");
  const [starts, ends] = [Number(svg.dataset.starts), Number(svg.dataset.ends)];
  const bottom = svg.querySelector(".now line").getAttribute("y2");
  const made = [];
  const draw = (name, attributes, text = "") => {
    const one = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    one.textContent = text;
    made.push(one);
  };
  const midnight = new Date(starts);
  for (;;) {
    midnight.setHours(24, 0, 0, 0);
    if (midnight.getTime() >= ends) break;
    const x = `${((midnight - starts) / (ends - starts)) * 100}%`;
    draw("line", { x1: x, x2: x, y1: 30, y2: bottom });
    draw("text", { x, y: 12 }, spoken.weekday.format(midnight));
    draw("text", { x, y: 25 }, String(midnight.getDate()));
  }
  days.replaceChildren(...made);
}

// One entry for all that ends at the same instant.
function limits(rows, at, end) {
  const groups = new Map();
  for (const row of rows) groups.set(row[end], [...(groups.get(row[end]) || []), row.title]);
  return [...groups].map(([ends, titles]) => element("li", {}, [
    element("span", { class: "left" }, [spoken.length(ends - at)]), " ",
    element("span", { class: "until" }, spoken.say("until", { when: spoken.instant(ends) })), " ",
    element("span", { class: "things" }, listed(titles)),
  ]));
}

const listed = (titles) =>
  titles.flatMap((title, n) => [...(n ? [", "] : []), element("bdi", {}, [title])]);

function showNow(at) {
  const state = outlook(data, at, dateOf(at));
  const seen = JSON.stringify([state, state.offLimits.map((r) => spoken.length(r.ends - at)),
    state.betterWait.map((r) => spoken.length(r.usual - at))]);
  if (seen === shownNow) return;
  shownNow = seen;
  const { offLimits, betterWait, toCome, today } = state;
  byId("now-title").textContent = spoken.texts[offLimits.length ? "off" : "nothing"];
  fill("off", limits(offLimits, at, "ends"));
  fill("wait", limits(betterWait, at, "usual"));
  byId("waiting").hidden = !betterWait.length;
  fill("do", today.map(({ title, time }) => element("li", {}, [
    ...(time ? [element("span", { class: "hour" }, [time]), " "] : []),
    element("span", { dir: "auto" }, [title])])));
  byId("today").hidden = !today.length;
  byId("coming").hidden = !toCome.length;
  if (toCome.length) {
    const begins = Math.min(...toCome.map((r) => r.starts));
    fill("come", spoken.say("begins", { when: spoken.instant(begins) }));
  }
  byId("next").hidden = !offLimits.length;
  if (offLimits.length) {
    const lifts = offLimits[0].ends;
    const titles = offLimits.filter((r) => r.ends === lifts).map((r) => r.title);
    const things = titles.slice(0, MOST_NAMED).join(", ") + (titles.length > MOST_NAMED ? " …" : "");
    fill("next", spoken.say("next",
      { things, left: spoken.length(lifts - at), when: spoken.instant(lifts) }));
  }
}

function showMark(at) {
  const svg = document.querySelector(".aftercare-picture");
  if (!svg) return;
  const [starts, ends] = [Number(svg.dataset.starts), Number(svg.dataset.ends)];
  const mark = svg.querySelector(".now");
  mark.setAttribute("visibility", starts <= at && at < ends ? "visible" : "hidden");
  for (const end of ["x1", "x2"]) {
    mark.firstChild.setAttribute(end, `${Math.min(Math.max((at - starts) / (ends - starts), 0), 1) * 100}%`);
  }
}

function showClock(at) {
  const wrong = at + CLOCK_SLACK < data.made;
  const box = byId("clock");
  document.body.classList.toggle("wrong-clock", wrong);
  if (wrong === !box.hidden) return;
  box.hidden = !wrong;
  box.replaceChildren(...(wrong
    ? spoken.say("clock", { now: spoken.long.format(at), made: spoken.long.format(data.made) })
    : []));
}

function showAnswers(at) {
  if (asked) asker.question(byId("answer"), asked, at);
  if (labelled) asker.label(byId("reading"), labelled, at);
  for (const span of document.querySelectorAll("[data-until]")) {
    const left = Number(span.dataset.until) - at;
    const text = element("span", {}, spoken.say("from_now", { left: spoken.length(left) })).textContent;
    if (span.textContent !== text) span.textContent = text;
  }
}

let timer;
function tick() {
  clearTimeout(timer);
  const at = Date.now();
  showClock(at);
  showNow(at);
  showMark(at);
  if (asker) showAnswers(at);
  const second = 1000 - (at % 1000);
  timer = setTimeout(tick, Math.min(nextChange(data, at) - at, second));
}

// Reasons, sources, the calendar and the reader of names travel packed, with the script that
// shows them; the page's policy knows that script's hash.
async function unpack() {
  const packed = (id) => inflated(byId(id).textContent.trim());
  const more = JSON.parse(await packed("more"));
  const [first, ...lines] = (await packed("names")).split("\n");
  const { code, ...rest } = JSON.parse(first);
  document.head.append(element("script", {}, [code]));
  const readers = globalThis.aftercareReaders(element);
  asker = readers.asker(data, more, rest, lines, spoken);
  byId("ask").hidden = false;
  if (more.ics) {
    const file = new Blob([more.ics], { type: "text/calendar;charset=utf-8" });
    byId("calendar").href = URL.createObjectURL(file);
    byId("calendar").parentNode.hidden = false;
  }
  const answers = (form, field, box, keep) => byId(form).addEventListener("submit", (event) => {
    event.preventDefault();
    const value = byId(field).value.trim();
    keep(value);
    if (!value) byId(box).replaceChildren();
    asker.shown.delete(byId(box));
    tick();
  });
  answers("question", "item", "answer", (value) => (asked = value));
  answers("label-form", "label", "reading", (value) => (labelled = value));
  globalThis.aftercare = Object.freeze({
    ...readers.answers(asker),
    outlook: (at, today) => outlook(data, at, today),
    nextChange: (at) => nextChange(data, at),
  });
}

byId("now").hidden = false;
tick();
localise();
document.addEventListener("visibilitychange", tick);
unpack().catch(() => {
  byId("no-ask").hidden = false;
});
