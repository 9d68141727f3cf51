"""What there is to say about a verdict, in a language: every report puts these pieces on its own page."""

from __future__ import annotations

from exercises.catalog import Exercise, contents
from exercises.language import Language
from exercises.untrusted import clean, one_line
from exercises.verdict import FunctionVerdict, LearnerError, Phrase, Verdict

OUTPUT_LINES, OUTPUT_CHARACTERS = 12, 2000
WRONG_NUMBERS = ("reason.wrong-value", "reason.wrong-values", "reason.is-nan", "reason.has-nan")


def mistakes(verdict: Verdict, exercise: Exercise, language: Language) -> list[tuple[str, str]]:
    """The known mistakes: id and sentence."""
    known = {mistake.id: mistake for mistake in exercise.mistakes}
    return [
        (name, known[name].text[language.code].strip() if name in known else name)
        for name in verdict.mistakes
    ]


def topics(verdict: Verdict, exercise: Exercise) -> list[str]:
    """What to review: the topics of the mistakes, else those of the exercise."""
    named = [mistake.topic for mistake in exercise.mistakes if mistake.id in verdict.mistakes]
    return list(dict.fromkeys(named or exercise.topics))


def search(verdict: Verdict, exercise: Exercise) -> str:
    """What to type into Anki's search box."""
    return " or ".join(f"tag:byheart::{topic}" for topic in topics(verdict, exercise))


def reason(verdict: Verdict, language: Language) -> str:
    """Why it did not pass, in a sentence; "" where it passed."""
    culprit = verdict.culprit
    found = (culprit.reason if culprit else None) or verdict.reason
    if found is not None:
        return say(found, language)
    return "" if verdict.status == "passed" else language.say(f"status.{verdict.status}")


def explained(verdict: Verdict, language: Language) -> str:
    """The reason; wrong numbers that no known mistake explains are admitted to be just that."""
    culprit = verdict.culprit
    key = culprit.reason.key if culprit and culprit.reason else ""
    unexplained = key in WRONG_NUMBERS or key.startswith("reason.law-")
    why = reason(verdict, language)
    return language.say("report.unknown", why=why) if unexplained else why


def say(phrase: Phrase, language: Language) -> str:
    """A phrase in words; what an attempt may have put into its gaps is cleaned."""
    safe = {
        name: one_line(value, 300) if isinstance(value, str) else value
        for name, value in phrase.values.items()
    }
    return language.phrase(Phrase(phrase.key, safe))


def message(verdict: Verdict, exercise: Exercise, language: Language) -> str:
    """The verdict on one line."""
    if verdict.status == "passed":
        return proven(verdict, language)
    named = mistakes(verdict, exercise, language)
    if named:
        return "; ".join(sentence for _, sentence in named)
    why = reason(verdict, language)
    culprit = verdict.culprit
    step = culprit.evidence.step if culprit and culprit.evidence else None
    return f"{why} {language.say('report.message_step', step=one_line(step, 60))}" if step else why


def proven(verdict: Verdict, language: Language) -> str:
    """What a pass has shown."""
    facets = dict.fromkeys(facet for function in verdict.functions for facet in function.facets)
    if not facets:
        return counted(verdict, language)
    n = sum(function.checks for function in verdict.functions)
    return language.say(
        "report.proven", n=n, facets=", ".join(language.name("facet", facet) for facet in facets)
    )


def counted(verdict: Verdict, language: Language) -> str:
    """How many checks were passed."""
    return language.say("report.proven_plain", n=sum(function.checks for function in verdict.functions))


def raised(error: LearnerError, language: Language) -> str:
    """ "ValueError at your line 23"."""
    key = "report.raised_at" if error.line else "report.raised"
    in_cell = error.cell is not None
    line = language.say("class.cell_line", line=error.line, cell=error.cell) if in_cell else error.line
    return language.say(key, type=one_line(error.type, 80), line=line)


def printed(verdict: Verdict, language: Language) -> list[str]:
    """The first lines of what the attempt printed."""
    lines = (
        clean(verdict.output, OUTPUT_CHARACTERS).rstrip("\n").split("\n") if verdict.output.strip() else []
    )
    shown = [each[:200] for each in lines[:OUTPUT_LINES]]
    return (
        [*shown, language.say("report.cut", n=len(lines) - OUTPUT_LINES)]
        if len(lines) > OUTPUT_LINES
        else shown
    )


def right_functions(verdict: Verdict) -> tuple[list[FunctionVerdict], int]:
    """The functions that are right, and how many were asked."""
    return [function for function in verdict.functions if function.status == "passed"], len(verdict.functions)


def number_of_exercises() -> int:
    return len(contents())
