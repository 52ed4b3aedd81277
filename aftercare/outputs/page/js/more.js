// Reasons and sources, which travel packed: built here, shown below each line and at the end.

class More {
  constructor(more, words) {
    Object.assign(this, more);
    Object.assign(words.texts, more.words);
    this.texts = words;
  }

  cited(numbers) {
    const links = numbers.flatMap((n, k) =>
      [...(k ? [", "] : []), element("a", { href: `#s${n}` }, [String(n)])]);
    return links.length ? [" ", element("span", { class: "cited" }, links)] : [];
  }

  // Why a rule stands where it stands, and who says so.
  why(place) {
    const [why, note, facts, rule, treatment, sources, override] = this.reasons[place];
    const said = (text) => (text ? [element("p", { dir: "auto" }, [text])] : []);
    const { texts } = this;
    const open = facts ? [element("p", {}, texts.say("open", { facts }))] : [];
    const number = treatment ? texts.say("treatment", { number: treatment }) : [];
    return [...said(override), ...said(why), ...said(note), ...open, element("p", { class: "small" }, [
      ...texts.say("rule", { rule }), ...number,
      ...(sources.length ? [". ", texts.texts.cited, ...this.cited(sources)] : [])])];
  }

  summary(text) {
    return element("summary", {}, [this.texts.texts.reasons,
      element("span", { class: "hidden" }, [": ", text])]);
  }

  // Below each line of the page that names a rule.
  explain() {
    for (const line of document.querySelectorAll("[data-why]")) {
      const title = line.querySelector("bdi, strong, span").textContent;
      const why = element("div", {}, this.why(line.dataset.why));
      const details = element("details", { class: "why" }, [this.summary(title), why]);
      if (line.localName !== "tbody") line.append(details);
      else line.append(element("tr", { class: "why" }, [element("td", { colspan: 3 }, [details])]));
    }
  }

  statements(lines) {
    return element("ul", {}, lines.map(([text, sources]) =>
      element("li", {}, [element("span", { dir: "auto" }, [text]), ...this.cited(sources)])));
  }

  // The warning signs, whose words stand in the page, with who says so.
  signs(kind) {
    const lines = [...document.querySelectorAll(`#${kind} li`)];
    return this.statements(lines.map((line, n) => [line.textContent, this[kind][n]]));
  }

  section(name, children) {
    return element("section", { class: "more", id: name }, [element("details", {}, [
      element("summary", {}, [element("h2", {}, [this.texts.texts[name]])]), ...children])]);
  }

  show(box) {
    const kinds = ["ask_first", "notes"].filter((kind) => this[kind].length);
    const sources = this.sources.map(([text, url], n) => element("li", { id: `s${n + 1}`, dir: "auto" },
      [url ? element("a", { href: url, rel: "noopener noreferrer" }, [text]) : text]));
    box.replaceChildren(
      ...kinds.map((kind) => this.section(kind, [this.statements(this[kind])])),
      this.section("signs", ["urgent", "call"].map((kind) => this.signs(kind))),
      this.section("sources", [element("ol", {}, sources)]));
    document.addEventListener("click", ({ target }) => {
      if (target.closest("a[href^='#s']")) box.querySelector("#sources details").open = true;
    });
    this.explain();
  }
}
