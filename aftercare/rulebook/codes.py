"""What each code of a problem means: for ``aftercare rules explain CODE``."""

#: Errors: a file that has one cannot be used.
ERRORS = {
    "not-yaml": "The file cannot be read as YAML text in UTF-8: a bracket or quote is missing, a "
    "line is indented differently from its neighbours, or a second document begins.",
    "not-a-rule-file": "The file is YAML, but no mapping of keys to values. A rule file begins "
    "with format: 1, title: and version:.",
    "yaml-surprise": "YAML would turn what stands here into something else: no into false, 9:00 "
    "into a number, two lines into one. Aliases, anchors and tags are not read. Use quotes.",
    "duplicate-key": "The same key stands twice in one place. YAML would silently keep the last.",
    "duplicate-item": "The same item stands twice in one list, or a source both under figures: and "
    "under sources: of one rule.",
    "unknown-key": "The key is none that a rule file has here: mostly a misspelling.",
    "missing-key": "Something that must be said here is not: a rule needs for: and why:, a "
    "treatment, thing or source a title.",
    "wrong-value": "The value is of the wrong kind, empty, too long, or not among those possible.",
    "wrong-length": "A length of time is a whole number and a unit, h, d or w, and at most two "
    "years: 24h is elapsed time, 5d and 2w are calendar time. Under figures: also from the lowest "
    "to the highest that a source prints, 24h-3d.",
    "wrong-fact": "A fact has exactly one type: number: {min: …, max: …}, choice: [a, b] or "
    "yes_no: true.",
    "wrong-condition": "The condition does not fit the type of its fact, or asks for a value that "
    "it cannot have. A rule that cannot be evaluated is never skipped.",
    "unknown-thing": "No thing has this id. Ids are listed by aftercare rules list; things: adds "
    "your own.",
    "unknown-source": "The source, under sources: or figures: of a rule, is not declared under "
    "sources: of the file.",
    "unknown-fact": "The fact is not declared under facts:.",
    "unknown-treatment": "The file changes a treatment that the file it extends does not have.",
    "usual-before-for": "usual: is what most published advice waits, for: what you ask. The usual "
    "time is never the shorter one.",
    "name-taken": "Two things, or two treatments, claim the same name. Case, accents, spaces and "
    "plurals make no difference. List a name that means several things under shared:.",
    "thing-circle": "A thing is made of, or a kind of, itself.",
    "course-without-rule": "The next session of a course is due when its thing is free again, so "
    "a rule under avoid: must say when that is.",
    "no-treatments": "The file has no treatments, so no plan can come of it.",
    "wrong-extends": "The file that this one extends cannot be read, leads back to itself, or is "
    "more than five files away. Write default, or a path as seen from this file.",
    "remove-nothing": "There is nothing by that name to remove in the file that is extended.",
    "remove-without-reason": "Who removes a rule says why: remove: {alcohol: the reason}, or a "
    "list under remove: with because: beside it.",
}

#: Warnings: the file can be used, but somebody should look. With --strict they are errors.
WARNINGS = {
    "no-source": "A rule names no source, or its figure was changed and the sources were not: "
    "those inherited say another figure. A note that says 'no source' settles it.",
    "below-figures": "A rule asks for less time than any source listed under its figures: prints. "
    "Nobody vouches for so little.",
    "old-review": "The day of the last review is missing, more than a year ago, or still to come.",
    "never-applies": "A rule or a condition that can never make a difference: a window that is "
    "over as it begins, a condition that always or never holds for the values its fact can have, "
    "or a conditional line that another one always outlasts.",
    "shorter-longer": "A line under longer: is not longer than the rule itself. The latest end "
    "counts, so it never does.",
    "shadowed-name": "A name is also one of something else, and hides it or is hidden by it.",
    "contradiction": "Two rules say different things of one thing at one time: it is allowed or "
    "asked for while it, something it belongs to, or a part of it is still forbidden (by for:, "
    "conditions aside); or it is free earlier than something it belongs to. The strictest wins.",
    "no-warning-signs": "A treatment has no signs under call: that mean: call the clinic. Every "
    "plan should carry some.",
    "unused-fact": "No condition of any rule asks for the fact, so giving it changes nothing.",
}

CODES = {**ERRORS, **WARNINGS}
