"""Reports: the same verdict for people and programs, in every language, whatever an attempt put into it."""

from __future__ import annotations

import json
import re
import tomllib
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.catalog import LANGUAGES_FOLDER, exercises, find, languages
from exercises.language import _flat, choose, speak
from exercises.paper import cells, coloured, line, plain, wrapped
from exercises.portable import function
from exercises.reports import gradescope, html, junit, text, wording
from exercises.reports import json as json_report
from exercises.reports.excerpt import describe, excerpt
from exercises.untrusted import clean, one_line
from exercises.verdict import (
    ADVICE,
    FACETS,
    PATTERNS,
    REASONS,
    STATUSES,
    Evidence,
    FunctionVerdict,
    LearnerError,
    Phrase,
    Verdict,
)
from exercises.wire import Named, Opaque, Seed
from reference.training import AdamState

every_language = pytest.mark.parametrize("code", languages())
ID = "scaled_dot_product_attention"
RNG = np.random.default_rng(4117)
Q, K, V = RNG.normal(size=(5, 4)), RNG.normal(size=(7, 4)), RNG.normal(size=(7, 6))
EVIDENCE = Evidence(
    {"q": Q, "k": K, "v": V, "mask": None},
    Q @ K.T / 2,
    Q @ K.T,
    "scaled",
    Phrase("pattern.factor", {"factor": 2.0}),
)
ERROR = LearnerError(
    "ValueError",
    "matmul: mismatch",
    23,
    "weights = softmax(scaled) @ mask",
    {"scaled": "(5, 7)", "mask": "(7,)"},
)


def one(status: str, **changes: Any) -> Verdict:
    """A verdict on scaled dot-product attention."""
    function = FunctionVerdict(ID, status, 12, ("masks", "float32"))
    base = Verdict(
        ID, f"study/exercises/08_{ID}.py", status, float(status == "passed"), (function,), seed=4117
    )
    return base._replace(**changes)


def failed(evidence: Evidence | None = EVIDENCE, **changes: Any) -> Verdict:
    reason = Phrase("reason.wrong-values", {"part": "", "wrong": 35, "total": 35})
    return one("failed", functions=(FunctionVerdict(ID, "failed", 3, (), reason, evidence),), **changes)


NAMED = failed(mistakes=("no-scaling", "softmax-over-queries"))
RAISED = one(
    "error",
    functions=(
        FunctionVerdict(
            ID, "error", reason=Phrase("reason.raised", {"type": "ValueError", "message": "m"}), error=ERROR
        ),
    ),
)
UNSOLVED = one(
    "unsolved",
    functions=(
        FunctionVerdict(ID, "unsolved", reason=Phrase("reason.unsolved", {"function": ID, "line": 18})),
    ),
)
HALF = Verdict(
    "classic_attention",
    "03_classic_attention.py",
    "failed",
    0.5,
    (
        FunctionVerdict("additive_scores", "passed", 9),
        FunctionVerdict("dot_product_scores", "failed", 1, (), None, EVIDENCE._replace(step=None)),
    ),
    seed=1,
)
KILLED = one("timeout", functions=(), reason=Phrase("reason.timeout", {"seconds": 10.0}))
PASSED = one("passed", advice=(Phrase("advice.float64-from-float32", {"function": ID}),))
EVERY = [NAMED, failed(), RAISED, UNSOLVED, HALF, KILLED, PASSED]
VERDICTS = ["named", "failed", "raised", "unsolved", "half", "killed", "passed"]
every_verdict = pytest.mark.parametrize("verdict", EVERY, ids=VERDICTS)


def page(verdict: Verdict, code: str = "en", width: int = 100) -> str:
    return plain(text.report(verdict, speak(code), width))


# ---------------------------------------------------------------- languages


@every_language
def test_languages_say_the_same_things(code: str) -> None:
    missing, more = speak("en").keys - speak(code).keys, speak(code).keys - speak("en").keys
    assert not missing
    assert not {key for key in more if not key.startswith("cards.sources.")}  # English words in citations


@every_language
def test_a_language_parsed_by_groups_is_the_whole_file(code: str) -> None:
    tree = tomllib.loads((LANGUAGES_FOLDER / f"{code}.toml").read_text(encoding="utf-8"))
    whole = dict(_flat(tree, ""))
    assert {key: speak(code).template(key) for key in speak(code).keys} == whole


@every_language
def test_sentences_have_the_same_gaps_in_every_language(code: str) -> None:
    def gaps(sentence: str) -> set[str]:
        return set(re.findall(r"\{(\w+)", sentence))

    english, other = speak("en"), speak(code)
    for key in english.keys:
        assert gaps(other.template(key)) == gaps(english.template(key)), key


@every_language
@pytest.mark.parametrize("table", [REASONS, PATTERNS, ADVICE], ids=["reasons", "patterns", "advice"])
def test_every_phrase_of_the_grader_has_words_and_uses_no_other_gap(
    table: dict[str, tuple[str, ...]], code: str
) -> None:
    language = speak(code)
    for key, gaps in table.items():
        for name in [key, *(f"{key}+{gap}" for gap in gaps)]:
            if name == key or name in language:
                assert name in language, name
                assert set(re.findall(r"\{(\w+)", language.template(name))) <= set(gaps), name


@every_language
def test_every_facet_and_status_has_a_name(code: str) -> None:
    language = speak(code)
    for facet in FACETS:
        assert f"facet.{facet}" in language
    for status in STATUSES:
        assert f"status.{status}" in language


RUSSIAN_FORMS = {
    1: "Пройдена 1 проверка.",
    3: "Пройдены 3 проверки.",
    5: "Пройдено 5 проверок.",
    11: "Пройдено 11 проверок.",
    21: "Пройдена 21 проверка.",
    112: "Пройдено 112 проверок.",
}


@pytest.mark.parametrize(("n", "words"), RUSSIAN_FORMS.items())
def test_russian_numbers_take_their_forms(n: int, words: str) -> None:
    assert speak("ru").say("report.proven_plain", n=n) == words


def test_english_numbers_take_their_forms() -> None:
    assert [speak("en").say("report.proven_plain", n=n) for n in (0, 1, 2)] == [
        "0 checks passed.",
        "1 check passed.",
        "2 checks passed.",
    ]


def test_what_fills_a_gap_is_not_read_as_a_sentence() -> None:
    said = speak("en").say("reason.raised", type="{seconds}", message="{0.__class__}")
    assert said == "It stopped with {seconds}: {0.__class__}"


@pytest.mark.parametrize(
    ("asked", "remembered", "environment", "expected"),
    [
        ("ru", "en", {"LANG": "en_US.UTF-8"}, "ru"),
        (None, "ru", {"LANG": "en_US.UTF-8"}, "ru"),
        (None, None, {"LANG": "ru_RU.UTF-8"}, "ru"),
        (None, None, {"LC_ALL": "C", "LANG": "ru_RU.UTF-8"}, "en"),
        (None, None, {"LANG": "fr_FR"}, "en"),
        (None, None, {}, "en"),
        ("xx", None, {}, "en"),
    ],
)
def test_the_language_is_chosen_by_wish_folder_and_machine(
    monkeypatch: pytest.MonkeyPatch,
    asked: str | None,
    remembered: str | None,
    environment: dict[str, str],
    expected: str,
) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert choose(asked, remembered).code == expected


# ---------------------------------------------------------------- the screen


@every_verdict
@every_language
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_screen(verdict: Verdict, code: str, width: int) -> None:
    for each in page(verdict, code, width).splitlines():
        assert cells(each) <= width, each


@every_verdict
@every_language
def test_colour_adds_nothing_but_colour(verdict: Verdict, code: str) -> None:
    lines = text.report(verdict, speak(code), 90)
    bare = re.sub(r"\x1b\[[0-9;]*m|\x1b\]8;;.*?\x1b\\", "", coloured(lines))
    assert [each.rstrip() for each in bare.splitlines()] == plain(lines).splitlines()


def test_a_known_mistake_is_named_with_its_sentence_the_step_the_numbers_and_the_pattern() -> None:
    shown = page(NAMED)
    for mistake in ("no-scaling", "softmax-over-queries"):
        sentence = next(each for each in find(ID).mistakes if each.id == mistake).text["en"]
        assert mistake in shown
        assert sentence.split()[-1] in shown
    assert "First step that parts from the reference: scaled" in shown
    assert "q (5, 4)   k (7, 4)   v (7, 6)   mask None" in shown
    assert "every value is 2 times what it should be" in shown
    assert f"byheart hint {ID}" in shown
    assert "tag:byheart::scaling" in shown
    assert "Not a mistake I know" not in shown


def test_an_unknown_mistake_is_honest() -> None:
    assert "Not a mistake I know." in page(failed())


def test_an_exception_stands_at_the_learners_own_line_with_shapes() -> None:
    shown = page(RAISED)
    assert "ValueError at your line 23" in shown
    assert "23 │ weights = softmax(scaled) @ mask" in shown
    assert "scaled (5, 7)   mask (7,)" in shown
    assert "Traceback" not in shown


def test_a_pass_says_what_was_proven_advice_and_what_is_next() -> None:
    shown = plain(text.report(PASSED, speak("en"), 100, line("exercise 9")))
    assert "12 checks passed: masks, float32." in shown
    assert "math.sqrt" in shown
    assert "exercise 9" in shown
    assert "Review" not in shown


def test_half_an_exercise_says_which_half() -> None:
    assert "✓ additive_scores  ✗ dot_product_scores" in page(HALF)


def test_what_the_attempt_printed_is_shown_and_cut() -> None:
    shown = page(failed(output="a line\n" * 500))
    assert shown.count("a line") < 20
    assert "more)" in shown


def test_whole_commands_stay_on_one_line() -> None:
    lines = wrapped("x " * 28 + "byheart hint scaled_dot_product_attention", 60)
    assert any("byheart\xa0hint\xa0scaled_dot_product_attention" in each for each in lines)


# ---------------------------------------------------------------- excerpts

numbers = st.floats(-1e6, 1e6, allow_nan=False)


@settings(deadline=None)
@given(value=numbers, other=numbers, place=st.integers(0, 19))
def test_two_numbers_that_differ_never_look_equal(value: float, other: float, place: int) -> None:
    wanted = np.zeros(20)
    came = wanted.copy()
    wanted[place], came[place] = value, other
    cut = excerpt(wanted, came)
    if np.isclose(value, other, rtol=1e-6, atol=1e-9):
        return
    pairs = list(zip(cut.expected, cut.got, cut.wrong, strict=True))
    assert any(wrong for *_, wrong in pairs)
    assert all((one != two) == wrong for one, two, wrong in pairs)


@pytest.mark.parametrize(
    ("expected", "got"),
    [
        (np.ones((2, 3)), np.ones((3, 2))),
        (np.ones(3), None),
        (np.ones(3), "text"),
        (np.ones(3), object()),
        ((np.ones(3), np.ones(2)), (np.ones(3), np.zeros(2))),
        ((np.ones(3), np.ones(2)), [np.ones(3)]),
        (np.float64(1), np.float64(np.nan)),
        (np.array([np.inf, 1]), np.array([-np.inf, 1])),
        (np.ones(0), np.ones(0)),
        (np.ones((1, 0, 3)), np.ones((1, 0, 3))),
        (True, False),
        ([1, 2], [1, 3]),
        (np.array(3), np.array(4)),
        (np.ones((2, 2)), np.array([["a", "b"], ["c", "d"]])),
        (np.array([1e300]), np.array([1e-300])),
        (np.ones(3, dtype=np.float32), np.ones(3)),
        ((), ()),
    ],
)
def test_anything_can_be_put_side_by_side(expected: Any, got: Any) -> None:
    cut = excerpt(expected, got)
    assert len(cut.expected) == len(cut.got)
    verdict = failed(Evidence({"x": expected}, expected, got))
    for code in languages():
        assert page(verdict, code)
    assert html.render([verdict], speak("en"))


def test_the_place_is_where_the_first_difference_is() -> None:
    wanted = np.zeros((2, 3, 40))
    came = wanted.copy()
    came[1, 2, 33] = 5
    cut = excerpt((wanted, wanted), (wanted, came))
    assert cut.part == "[1]"
    assert cut.place == "[1, 2, 32:38]"
    assert cut.wrong == (False, True, False, False, False, False)


def test_small_arguments_are_shown_whole_and_can_be_pasted() -> None:
    array = np.array([[1.0, -2.0], [3.0, 0.0]])
    assert np.array_equal(np.array(eval(describe(array, whole=True))), array)
    assert describe(np.array([True, False]), whole=True) == "[1, 0] bool"
    assert describe(np.ones((50, 50)), whole=True) == "(50, 50)"


def test_of_named_tuples_the_field_that_differs_is_shown() -> None:
    """An attempt's named tuple arrives as its name and its fields."""
    expected = (np.ones(3), AdamState(np.ones(3), np.ones(3), 4))
    came = (np.ones(3), Named("AdamState", {"m": np.ones(3), "v": np.ones(3), "t": 3}))
    cut = excerpt(expected, came)
    assert (cut.part, cut.expected, cut.got) == ("[1].t", ("4",), ("3",))
    assert describe(came[1]) == "AdamState(m (3,), v (3,), t 3)"


def test_digits_tell_a_column_apart_and_need_not_a_row() -> None:
    cut = excerpt(np.array([-1.0, -0.999999992]), np.array([-1.999999444, 3.999998889]))
    assert (cut.expected, cut.got) == (("-1.000", "-1.000"), ("-2.000", " 4.000"))
    assert excerpt(np.array([1.0, 2.0]), np.array([1.0, 2.0001])).got == ("1.0000", "2.0001")


def test_a_list_of_tokens_is_shown_whole() -> None:
    cut = excerpt([1, 2, 3], [1, 9, 3])
    assert (cut.part, cut.expected, cut.got) == ("", ("[1, 2, 3]",), ("[1, 9, 3]",))


def test_functions_and_generators_are_shown_as_they_would_be_written() -> None:
    model = function("lambda prefix: table[prefix[-1]]", table=np.eye(2))
    assert describe(model) == "lambda prefix: table[prefix[-1]]; table (2, 2)"
    assert describe(model, whole=True) == "lambda prefix: table[prefix[-1]]; table [[1, 0], [0, 1]]"
    assert describe(Seed(7)) == "default_rng(7)"
    assert describe(Opaque("complex128 array", "an array of dtype complex128")) == "complex128 array"


def test_whole_numbers_of_two_kinds_can_be_told_apart() -> None:
    cut = excerpt(63045632, 63045632.0)
    assert [each.strip() for each in (*cut.expected, *cut.got)] == ["63045632", "63045632.0"]
    cut = excerpt(np.array([7, 0]), np.array([7.0, 0.0]))
    assert [each.strip() for each in (*cut.expected, *cut.got)] == ["7", "0", "7.0", "0.0"]


# ---------------------------------------------------------------- machines


def test_json_has_the_fields_that_scripts_rely_on() -> None:
    found = json.loads(json_report.render([NAMED, PASSED, HALF], speak("en")))
    assert (found["version"], found["passed"], found["total"]) == (1, 1, 3)
    assert (found["points"], found["max_points"]) == (1.5, 3.0)
    first = found["exercises"][0]
    promised = {
        "id",
        "file",
        "status",
        "points",
        "function",
        "step",
        "mistakes",
        "message",
        "review",
        "seconds",
    }
    assert promised <= set(first)
    assert first["mistakes"] == ["no-scaling", "softmax-over-queries"]
    assert (first["id"], first["status"], first["step"], first["function"]) == (ID, "failed", "scaled", ID)
    assert first["review"].startswith("tag:byheart::")
    assert found["exercises"][1]["step"] is None


def test_junit_counts_functions_and_tells_failures_from_errors() -> None:
    root = ET.fromstring(junit.render(EVERY, speak("en")))
    suite = root.find("testsuite")
    assert suite is not None
    cases = suite.findall("testcase")
    assert int(suite.attrib["tests"]) == len(cases) == 8
    assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure")) == 4
    assert int(suite.attrib["errors"]) == len(suite.findall("testcase/error")) == 2


def test_gradescope_gives_half_a_point_for_half_an_exercise() -> None:
    found = json.loads(gradescope.render([HALF, PASSED, NAMED], speak("en")))
    assert (
        sum(test["score"] for test in found["tests"]) == pytest.approx(found["score"]) == pytest.approx(1.5)
    )
    assert sum(test["max_score"] for test in found["tests"]) == pytest.approx(3)
    assert {test["status"] for test in found["tests"]} == {"passed", "failed"}


def test_forged_work_earns_nothing() -> None:
    forged = HALF._replace(status="forged", points=0.0)
    found = json.loads(gradescope.render([forged], speak("en")))
    assert found["score"] == sum(test["score"] for test in found["tests"]) == 0


class Page(HTMLParser):
    """What a page loads and draws."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]


@every_language
def test_the_page_needs_nothing_else_and_draws_where_matrices_differ(code: str) -> None:
    found = Page()
    rendered = html.render(EVERY, speak(code))
    found.feed(rendered)
    assert "script" not in found.tags
    assert not found.links
    assert "svg" in found.tags
    assert rendered.count('class="wrong"') >= 35
    assert f'lang="{code}"' in rendered


# ---------------------------------------------------------------- untrusted text

nasty = st.text(st.characters(codec=None), max_size=60) | st.sampled_from(
    [
        "\x1b[2J\x1b]0;owned\x07",
        "\x00",
        "\udc80\ud800",
        "]]>",
        "</script><script>",
        "\u202eabc",
        "\ufffe",
        "{0.__class__}",
        "a\rb",
    ]
)


def hostile(words: str) -> Verdict:
    """A verdict in which every string that an attempt could reach is `words`."""
    reason = Phrase("reason.raised", {"type": words, "message": words})
    error = LearnerError(words, words, 3, words, {words: words})
    evidence = Evidence(
        {words: words, "x": Q}, Q, words, words, Phrase("pattern.one-number", {"index": words})
    )
    functions = (FunctionVerdict(ID, "error", reason=reason, error=error, evidence=evidence),)
    return one("error", file=words, output=words, functions=functions)


@settings(deadline=None, max_examples=60)
@given(words=nasty)
def test_nothing_that_an_attempt_says_reaches_a_terminal_raw(words: str) -> None:
    for code in languages():
        lines = text.report(hostile(words), speak(code), 80)
        assert not re.search(
            r"[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", plain(lines)
        )
        plain(lines).encode("utf-8")


@settings(deadline=None, max_examples=40)
@given(words=nasty)
def test_machine_reports_stay_well_formed_whatever_an_attempt_says(words: str) -> None:
    verdict, language = hostile(words), speak("en")
    json.loads(json_report.render([verdict], language).encode("utf-8"))
    json.loads(gradescope.render([verdict], language).encode("utf-8"))
    ET.fromstring(junit.render([verdict], language).encode("utf-8"))
    found = Page()
    found.feed(html.render([verdict], language).encode("utf-8").decode("utf-8"))
    assert "script" not in found.tags


@given(words=nasty)
def test_cleaning_is_done_once_and_for_all(words: str) -> None:
    assert clean(clean(words)) == clean(words)
    assert "\n" not in one_line(words)
    assert len(clean(words * 200, 50)) <= 50 * 10 + 1


def test_cleaning_leaves_what_people_write() -> None:
    assert clean("ζ, 注意, внимание: é") == "ζ, 注意, внимание: é"
    assert clean("a\tb\r\nc") == "a    b\nc"
    assert clean("\x1b[31m") == r"\x1b[31m"


@every_verdict
def test_a_message_is_one_line(verdict: Verdict) -> None:
    for code in languages():
        said = wording.message(verdict, find(verdict.exercise), speak(code))
        assert said
        assert "\n" not in said


def test_every_exercise_can_be_searched_in_anki() -> None:
    for exercise in exercises():
        assert re.fullmatch(
            r"tag:byheart::[\w-]+( or tag:byheart::[\w-]+)*",
            wording.search(one("failed")._replace(exercise=exercise.id), exercise),
        )
