"""A verdict as a person reads it: one screen, no traceback, nothing to decode."""

from __future__ import annotations

from exercises.catalog import Exercise, find, index
from exercises.language import Language
from exercises.paper import Line, Span, cells, line, wrapped
from exercises.reports import wording
from exercises.reports.excerpt import Excerpt, arguments_text, excerpt
from exercises.untrusted import one_line
from exercises.verdict import Evidence, FunctionVerdict, LearnerError, Verdict

MARKS = {"passed": ("✓", "good"), "unsolved": ("·", "warn")}


def report(
    verdict: Verdict, language: Language, width: int = 100, following: Line | None = None
) -> list[Line]:
    """The whole screen. `following` is the line that says what comes next after a pass."""
    exercise = find(verdict.exercise)
    if verdict.status == "passed":
        body = _passed(verdict, language, width)
    elif verdict.status == "unsolved":
        body = _unsolved(verdict, language, width)
    else:
        body = _failed(verdict, exercise, language, width)
    output = _printed(verdict, language, width)
    return [
        *_head(verdict, exercise, language, width),
        [],
        *body,
        *output,
        *_footer(verdict, exercise, language, width, following),
    ]


def summary(verdicts: list[Verdict], language: Language) -> Line:
    """The last line under several verdicts."""
    n = sum(verdict.status == "passed" for verdict in verdicts)
    return line(Span(language.say("report.summary", passed=n, total=len(verdicts)), "strong"))


def short(verdict: Verdict, language: Language, width: int = 100) -> Line:
    """A verdict on one line; several of them make a table."""
    mark, style = MARKS.get(verdict.status, ("✗", "bad"))
    column = max(map(len, index()))
    passed = verdict.status == "passed"
    text = (
        wording.counted(verdict, language)
        if passed
        else wording.message(verdict, find(verdict.exercise), language)
    )
    name = f" {verdict.exercise:<{column}}  "
    return line(Span(mark, style), name, Span(_cut(text, max(20, width - column - 4)), "dim"))


# ---------------------------------------------------------------- the parts of the screen


def _head(verdict: Verdict, exercise: Exercise, language: Language, width: int) -> list[Line]:
    """Mark and name on the left; number and seed on the right, or below where there is no room for them."""
    mark, style = MARKS.get(verdict.status, ("✗", "bad"))
    right = language.say("report.head_right", number=exercise.number, total=len(index()), seed=verdict.seed)
    gap = width - cells(verdict.exercise) - cells(right) - 2
    name = line(Span(f"{mark} ", style), Span(verdict.exercise, "strong"))
    beside = line(*name, Span(" " * gap + right, "dim"))
    return [beside] if gap >= 3 else [name, line(Span(f"  {right}", "dim"))]


def _passed(verdict: Verdict, language: Language, width: int) -> list[Line]:
    lines = _paragraph(wording.proven(verdict, language), width)
    for phrase in verdict.advice:
        lines += _labelled(language.say("report.advice"), wording.say(phrase, language), width)
    return lines


def _unsolved(verdict: Verdict, language: Language, width: int) -> list[Line]:
    return [*_paragraph(wording.reason(verdict, language), width), *_right_so_far(verdict, language, width)]


def _failed(verdict: Verdict, exercise: Exercise, language: Language, width: int) -> list[Line]:
    named = wording.mistakes(verdict, exercise, language)
    culprit = verdict.culprit
    lines: list[Line] = []
    if named:
        lines += _named(named, language, width)
    elif not (culprit and culprit.error):
        lines += _paragraph(wording.explained(verdict, language), width)
    if culprit and culprit.error:
        lines += _raised(culprit.error, language, width)[0 if lines else 1 :]
    if culprit and culprit.evidence:
        lines += _evidence(culprit.evidence, language, width)
    return [*lines, *_right_so_far(verdict, language, width)]


def _named(named: list[tuple[str, str]], language: Language, width: int) -> list[Line]:
    """The known mistakes, one sentence each."""
    lines = _paragraph(language.say("report.known_one" if len(named) == 1 else "report.known_many"), width)
    column = max(len(name) for name, _ in named) + 6
    for number, (name, sentence) in enumerate(named, 1):
        label = f"    {number}. {name}"
        beside = column + 4 + 36 <= width
        texts = wrapped(sentence, width, " " * (column + 4) if beside else " " * 7)
        first = texts.pop(0).strip() if beside else ""
        lines.append(line(label[:7], Span(name, "bad"), " " * (column + 4 - len(label)) + first))
        lines += [line(text) for text in texts]
    return lines


def _raised(error: LearnerError, language: Language, width: int) -> list[Line]:
    """The learner's own line, what went wrong there, and the shapes of the arrays at that moment."""
    lines: list[Line] = [[], line("  ", Span(wording.raised(error, language), "strong"))]
    if error.source:
        lines.append(
            line(
                Span(f"      {error.line or ''} │ ", "dim"),
                Span(one_line(error.source, width - 14), "accent"),
            )
        )
    lines += [line(each) for each in wrapped(one_line(error.message, 400), width, "      ")]
    if error.shapes:
        shapes = "   ".join(
            f"{one_line(name, 40)} {one_line(shape, 60)}" for name, shape in list(error.shapes.items())[:12]
        )
        label = language.say("report.shapes_there")
        lines += [line(each) for each in wrapped(f"{label}   {shapes}", width, "      ", "        ")]
    return lines


def _evidence(evidence: Evidence, language: Language, width: int) -> list[Line]:
    """The call, what was expected and what came, and what strikes the eye."""
    step = one_line(evidence.step, 60) if evidence.step else ""
    title = language.say("report.first_step", step=step) if step else language.say("report.result_parts")
    title += f" ({language.say('report.smallest')})" if evidence.smallest else ""
    lines: list[Line] = [[], *_paragraph(title, width, "strong")]
    lines += _call(evidence, width)
    lines += _side_by_side(excerpt(evidence.expected, evidence.got), step or "result", language, width)
    if evidence.pattern:
        lines += [
            line(Span(each, "warn"))
            for each in wrapped(wording.say(evidence.pattern, language), width, "      → ", "        ")
        ]
    return lines


def _call(evidence: Evidence, width: int) -> list[Line]:
    pieces = arguments_text(evidence.arguments, whole=evidence.smallest)
    if any(len(piece) > 34 for piece in pieces):
        return [line(each) for piece in pieces for each in wrapped(piece, width, "      ", "          ")]
    return [
        line(each)
        for each in wrapped("   ".join(piece.replace(" ", "\xa0") for piece in pieces), width, "      ")
    ]


def _side_by_side(cut: Excerpt, name: str, language: Language, width: int) -> list[Line]:
    """Expected over yours, number under number, as many as fit."""
    words = [language.say("report.expected"), language.say("report.yours")]
    column = max(map(len, words)) + 3
    room = width - 6 - column
    n = max(1, min(len(cut.expected), (room - 3) // (max(map(len, (*cut.expected, *cut.got))) + 2)))
    more = "  …" if n < len(cut.expected) else ""
    rows: list[Line] = []
    for word, texts, style in ((words[0], cut.expected, "good"), (words[1], cut.got, "bad")):
        spans = [
            Span(f"{_cut(text, room - 3)}  ", style if wrong else "")
            for text, wrong in zip(texts[:n], cut.wrong, strict=False)
        ]
        prefix = language.say("report.shape_only", shape="") if cut.shapes_only else ""
        rows.append(line(f"      {word:<{column}}", prefix, *spans, more))
    if cut.part or cut.place:
        where = language.say("report.where", index=f"{name}{cut.part}{cut.place}")
        fits = sum(len(span.text) for span in rows[0]) + len(where) + 2 <= width
        rows = (
            [[*rows[0], Span(f"  {where}", "dim")], rows[1]]
            if fits
            else [*rows, line(Span(f"      {where}", "dim"))]
        )
    return rows


def _right_so_far(verdict: Verdict, language: Language, width: int) -> list[Line]:
    """Which functions of an exercise with several are right already."""
    right, total = wording.right_functions(verdict)
    if total < 2:
        return []
    head = f"  {language.say('report.functions', n=len(right), total=total)}  "
    marks = [_function_mark(function) for function in verdict.functions]
    if cells(head) + sum(cells(mark.text) for mark in marks) <= width:
        return [[], line(head, *marks)]
    return [[], line(head), *(line("    ", mark) for mark in marks)]


def _function_mark(function: FunctionVerdict) -> Span:
    mark, style = MARKS.get(function.status, ("✗", "bad"))
    return Span(f"{mark} {function.function}  ", style)


def _printed(verdict: Verdict, language: Language, width: int) -> list[Line]:
    lines = wording.printed(verdict, language)
    if not lines:
        return []
    head = line(Span(f"  {language.say('report.printed')}", "dim"))
    return [[], head, *(line(Span(f"      {_cut(each, width - 6)}", "dim")) for each in lines)]


def _footer(
    verdict: Verdict, exercise: Exercise, language: Language, width: int, following: Line | None
) -> list[Line]:
    """What to do now, and what to look up in Anki."""
    label = language.say("report.next")
    column = max(len(label), len(language.say("report.review"))) + 4
    if verdict.status == "passed":
        return [[], line(Span(f"  {label:<{column}}", "dim"), *following)] if following else []
    key = "report.next_unsolved" if verdict.status == "unsolved" else "report.next_hint"
    if any(mistake.hint for mistake in exercise.mistakes if mistake.id in verdict.mistakes):
        key = "report.next_this_hint"
    lines: list[Line] = [[], *_labelled(label, language.say(key, id=exercise.id), width, column)]
    if verdict.status in ("failed", "error"):
        how = language.say("report.review_how", search=wording.search(verdict, exercise))
        lines += _labelled(language.say("report.review"), how, width, column)
    return lines


def _labelled(label: str, text: str, width: int, column: int = 12) -> list[Line]:
    indent = " " * (column + 2)
    if cells(text) + len(indent) <= width:
        return [line(Span(f"  {label:<{column}}", "dim"), text)]
    texts = wrapped(" ".join(text.split()), width, indent)
    first = texts[0][len(indent) :]
    return [line(Span(f"  {label:<{column}}", "dim"), first), *(line(each) for each in texts[1:])]


def _cut(text: str, width: int) -> str:
    return text if cells(text) <= width else text[: width - 1] + "…"


def _paragraph(text: str, width: int, style: str = "") -> list[Line]:
    return [line(Span(each, style)) for each in wrapped(text, width, "  ")]
