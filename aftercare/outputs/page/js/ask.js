// "Can I …?": the answer to a question or to a label, as it stands at this moment.

class Asker {
  constructor(plan, data, more, words) {
    Object.assign(this, { plan, data, more, words });
    this.ends = new Map(data.restrictions.map((r) => [r.reason, r.ends]));
    this.starts = new Map(data.grants.map((g) => [g.reason, g.starts]));
    this.shown = new Map();
  }

  // Shows the answer in a box; an answer that stays the same is not told again.
  show(box, kind, parts) {
    const made = element("div", {}, parts);
    if (this.shown.get(box) === made.textContent) return;
    this.shown.set(box, made.textContent);
    box.className = `answer ${kind}`;
    box.replaceChildren(...made.childNodes);
  }

  question(box, item, at) {
    const verdict = canI(item, this.plan, at);
    const { kind, head, lines } = this.told(verdict);
    this.show(box, kind, [
      element("p", { class: "verdict" }, [head]),
      ...lines.map((line) => element("p", {}, line)),
      ...this.understood(verdict.recognition),
      ...this.reasons(verdict),
    ]);
  }

  label(box, text, at) {
    const { words } = this;
    const label = readLabel(text, this.plan.lexicons[0]);
    if (!label) return this.show(box, "unknown", [element("p", {}, words.say("too_long"))]);
    const verdict = labelVerdict(label, this.plan, at);
    const { kind, head, lines } = this.told(verdict);
    return this.show(box, kind, [
      element("p", { class: "verdict" }, [head]),
      ...lines.map((line) => element("p", {}, line)),
      element("ul", {}, verdict.answer === "no" ? this.restricted(label, verdict) : []),
      ...(label.isList ? [element("p", { class: "small" }, this.count(label))] : []),
    ]);
  }

  told(verdict) {
    const { words } = this;
    const say = (name, values) => words.say(name, values);
    const head = (name) => words.texts[name];
    const waits = verdict.better ? [say("better", { when: words.instant(verdict.better) })] : [];
    if (verdict.answer === "no") {
      const until = element("strong", { "data-until": verdict.until });
      return {
        kind: "no",
        head: head("no"),
        lines: [say("not_until", { when: words.instant(verdict.until) }), [until], ...waits],
      };
    }
    if (verdict.answer === "yes") {
      const but = verdict.butNot.map((reason) => say("but_not",
        { thing: this.data.reasons[reason], when: words.instant(this.ends.get(reason)) }));
      const since = say("since", { when: words.instant(verdict.since) });
      return verdict.better
        ? { kind: "wait", head: head("wait"), lines: [since, ...waits, ...but] }
        : { kind: "yes", head: head("yes"), lines: [since, ...but] };
    }
    return { kind: "unknown", head: head("unknown"), lines: this.doubts(verdict) };
  }

  doubts({ reason, recognition, because }) {
    const { words } = this;
    const say = (name, values) => words.say(name, values);
    const item = recognition.item.slice(0, 60);
    const things = unique(recognition.things.map((m) => m.name)).join(", ");
    const from = () => Math.min(...because.map((r) => this.starts.get(r)));
    const left = recognition.leftover.slice(0, 5).join("”, “");
    const lines = {
      "not-recognised": () => [say("not_recognised", { item }), say("ask")],
      guess: () => [
        say("guess", { item, things }),
        ...(left ? [say("left", { words: left })] : []),
        say("again"),
      ],
      before: () => [say("before"), say("ask")],
      "not-yet": () => [say("not_yet", { when: words.instant(from()) }), say("ask")],
      silent: () => [say("silent", { things }), say("ask")],
      medicine: () => [say("medicine", { things })],
      "read-label": () => [say("read_label")],
      "no-list": () => [say("no_list")],
      "nothing-restricted": () => [say("clear"), say("no_yes")],
      "no-rule": () => [say("no_rule", { things }), say("ask")],
    }[reason]();
    const near = recognition.suggestions.join(", ");
    return near ? [...lines, say("mean", { things: near })] : lines;
  }

  understood(recognition) {
    const guessed = recognition.things.filter((m) => m.how === "typo");
    return guessed.map(({ text, name }) =>
      element("p", { class: "small" }, this.words.say("taking", { text: text.slice(0, 40), name })));
  }

  reasons({ because }) {
    if (!because.length) return [];
    const items = because.map((reason) => {
      const ends = this.ends.get(reason);
      const until = ends ? [element("p", {}, this.words.say("window", { when: this.words.instant(ends) }))] : [];
      const title = element("strong", { dir: "auto" }, [this.data.reasons[reason]]);
      return element("li", {}, [title, ...until, ...this.more.why(reason)]);
    });
    return [element("details", {}, [
      element("summary", {}, [this.words.texts.reasons]), element("ul", {}, items)])];
  }

  restricted(label, { because }) {
    const [lexicon] = this.plan.lexicons;
    const thingOf = (reason) => this.data.things[reason];
    return label.ingredients.flatMap((one) => one.things.flatMap((match) => {
      const wider = lexicon.wider(match.id);
      const ends = because.filter((r) => wider.has(thingOf(r)) && this.ends.has(r)).map((r) => this.ends.get(r));
      if (!ends.length) return [];
      const said = this.words.say(match.how === "typo" ? "restricted_guess" : "restricted", {
        text: one.text.slice(0, 60),
        thing: lexicon.thing(match.id).title,
        name: match.name,
        when: this.words.instant(latest(ends)),
      });
      const late = isLate(one) ? ["; ", ...this.words.say("late")] : [];
      return [element("li", {}, [...said, ...late])];
    }));
  }

  count({ ingredients }) {
    const lost = ingredients.filter((one) => !one.recognised).map((one) => one.text.slice(0, 40));
    const named = lost.slice(0, 12).join(", ") + (lost.length > 12 ? " …" : "");
    const unknown = lost.length ? `${lost.length} (${named})` : "0";
    return this.words.say("count", { read: ingredients.length, unknown });
  }
}

return {
  asker: (data, packed, rest, lines, texts) => {
    const more = new More(packed, texts);
    more.show(document.getElementById("more-here"));
    return new Asker(unpackPlan(data, rest, lines), data, more, texts);
  },
  answers: ({ plan }) => ({
    canI: (item, at) => canI(item, plan, at),
    readLabel: (text, at) => {
      const label = readLabel(text, plan.lexicons[0]);
      return label && { label, verdict: labelVerdict(label, plan, at) };
    },
    words,
    casefold,
  }),
};
