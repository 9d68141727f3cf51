"""The deck's machinery: from a record to a note."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deck import (
    build,
    cache,
    check,
    faces,
    generated,
    kinds,
    notes,
    palette,
    plain,
    record,
    records,
    text,
    typeset,
)
from deck.errors import DeckError
from deck.records import Card
from deck.sides import Sides
from deck.world import World
from exercises import catalog

HEAD = """
[chapter]
[chapter.en]
title = "Trial"
[chapter.ru]
title = "Проба"
"""
LANGUAGES = ("en", "ru")


@pytest.fixture(autouse=True)
def own_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "shared", lambda: cache.Cache(None))


def chapter(folder: Path, body: str, name: str = "90_trial.toml") -> Path:
    (folder / name).write_text(HEAD + textwrap.dedent(body), encoding="utf-8")
    return folder


def cards_of(folder: Path) -> list[Card]:
    cards = records.load(LANGUAGES, folder=folder)[1]
    for card in cards:
        kinds.validate(card)
    return cards


def both(kind: str, extra: str = "", **words: str) -> str:
    """A record with the same words in both languages."""
    lines = "\n".join(f"{key} = '''{value}'''" for key, value in words.items())
    head = f'[[card]]\nid = "a-card"\nkind = "{kind}"\ntopic = "trial"\n'
    return f"{head}{extra}\n[card.en]\n{lines}\n[card.ru]\n{lines}\n"


def sides(folder: Path, kind: str, extra: str = "", language: str = "en", **words: str) -> Sides:
    (card,) = cards_of(chapter(folder, both(kind, extra, **words)))
    return kinds.render(card, language)


# ---------------------------------------------------------------- errors: file, line, card, remedy


BROKEN = {
    "not TOML": ("[[card]\n", "not valid TOML"),
    "no id": ('[[card]]\nkind = "basic"\ntopic = "x"\n', "begin it with an id"),
    "an id with capitals": ('[[card]]\nid = "A Card"\n', "lower-case words"),
    "no kind": ('[[card]]\nid = "a-card"\ntopic = "x"\n', "it has no kind"),
    "unknown kind": (both("riddle", front="f", back="b"), "there is no kind 'riddle'"),
    "no back": (both("basic", front="f"), "needs 'back'"),
    "unknown word": (both("basic", front="f", back="b", hint="h"), "has no 'hint'"),
    "unknown value": (both("basic", "variants = 2", front="f", back="b"), "has no 'variants'"),
    "unknown language": (both("basic", front="f", back="b") + "[card.xx]\nfront = 'f'\n", "no language 'xx'"),
    "after nothing": (both("basic", 'after = ["nobody"]', front="f", back="b"), "comes after 'nobody'"),
    "after itself": (both("basic", 'after = ["a-card"]', front="f", back="b"), "comes after itself"),
    "unknown name": (both("basic", front="[= nobody =]", back="b"), "NameError"),
    "unknown filter": (both("basic", front="[= 1 | nothing =]", back="b"), "there is no filter 'nothing'"),
    "broken let": (both("basic", 'let = { a = "1 / 0" }', front="f", back="b"), "ZeroDivisionError"),
    "no hole": (both("cloze", text="nothing is hidden"), "hides nothing"),
    "no picture": (both("diagram", front="f", back="b"), "shows no picture"),
    "too few variants": (
        both("numeric", 'variants = 5\nlet = { a = "1" }', front="[= a =]", back="b"),
        "not 5",
    ),
    "unknown exercise": (both("basic", 'exercise = "nothing"', front="f", back="b"), "no exercise 'nothing'"),
    "unknown function": (both("shape", 'function = "nothing"'), "no function 'nothing'"),
    "unknown step": (both("code", 'function = "softmax"\nstep = "nothing"'), "0 steps called 'nothing'"),
    "unknown mistake": (both("bug", 'exercise = "softmax"\nmistake = "nothing"'), "no mistake 'nothing'"),
    "same id twice": (both("basic", front="f", back="b") * 2, "is taken by"),
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_broken_card_is_one_sentence_with_its_place(
    what: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body, said = BROKEN[what]
    monkeypatch.setattr(records, "FOLDER", chapter(tmp_path, body))
    with pytest.raises(DeckError) as caught:
        build.build(tmp_path / "out")
    message = str(caught.value)
    assert said in message
    assert message.startswith("deck/cards/90_trial.toml:")
    assert "\n" not in message
    assert not (tmp_path / "out").exists(), "a broken card left files behind"


def test_the_line_of_an_error_is_the_line_of_the_card(tmp_path: Path) -> None:
    body = both("basic", front="f", back="b") + both("riddle", front="f", back="b").replace(
        "a-card", "b-card"
    )
    with pytest.raises(DeckError, match=r":\d+: card 'b-card'") as caught:
        cards_of(chapter(tmp_path, body))
    lines = (tmp_path / "90_trial.toml").read_text(encoding="utf-8").splitlines()
    assert lines[caught.value.line - 1] == "[[card]]"
    assert 'id = "b-card"' in lines[caught.value.line]


def test_the_linter_goes_on_behind_a_broken_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    body = both("basic", front="[= nobody =]", back="b") + both("basic", front="Is it so?", back="b").replace(
        "a-card", "b-card"
    )
    monkeypatch.setattr(records, "FOLDER", chapter(tmp_path, body))
    found = {(problem.card, problem.rule) for problem in check.run()}
    assert ("a-card", "build") in found
    assert ("b-card", "yes-no") in found


def test_build_is_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(records, "FOLDER", chapter(tmp_path, both("basic", front="f", back="b")))
    before = [path.read_bytes() for path in build.build(out)]
    chapter(tmp_path, both("basic", front="changed", back="[= nobody =]"))
    with pytest.raises(DeckError):
        build.build(out)
    assert [path.read_bytes() for path in sorted(out.iterdir())] == before


# ---------------------------------------------------------------- text


def html_of(source: str, **names: object) -> str:
    world = World("en")
    world.names.update(names)
    return text.inline(source, world)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a $x_1$ b", r"a \(x_1\) b"),
        ("(if $x$ and $y$)", r'(if \(x\) and <span class="whole">\(y\))</span>'),
        (
            "the $k$-th, not $x$-y",
            r'the <span class="whole">\(k\)-th,</span> not <span class="whole">\(x\)-y</span>',
        ),
        ("$a < b$", r"\(a &lt; b\)"),
        ("`$HOME`", "<code>$HOME</code>"),
        ("a < b & c", "a &lt; b &amp; c"),
        ("<pad>", "&lt;pad&gt;"),
        (r"$\frac{a}{\sqrt{d_k}}$", r"\(\frac{a}{\sqrt{d_k} }\)"),
        ("{{c1::$\\sqrt{d_k}$}}", r"{{c1::\(\sqrt{d_k}\)}}"),
        (r"$\sqrt{ {{c1::d_k}} }$", r"\(\sqrt{ {{c1::d_k}} }\)"),
        (r"${{c1::\sqrt{d_k}}} + 1$", r"\({{c1::\sqrt{d_k} }} + 1\)"),
        ("[= 1 + 1 =]", "2"),
        ("[= 124439808 =]", "124\u202f439\u202f808"),
        ("$[= 37000 =]$", r"\(37\,000\)"),
        ("[= np.eye(2) @ [1, 2] =]", "[1,\u00a02]"),
        ("[= [x * 2 for x in range(3)] =]", "[0,\u00a02,\u00a04]"),
        ("$[= [1, 2] =]$", r"\([1, 2]\)"),
        (
            "`-inf` and -inf",
            '<code><span class="whole">-inf</span></code> and <span class="whole">-inf</span>',
        ),
        ("[= softmax([1.0, 2, 3]) | num(2) =]", "[0.09,\u00a00.24,\u00a00.67]"),
        ("[= np.arange(12) =]", "[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]"),
        ("$[= np.array([1, 2]) | tex =]$", r"\((1,\; 2)\)"),
        ("[= {'a|b': 1}['a|b'] =]", "1"),
        ("[= (1 | 2) =]", "3"),
        ("[= trace(softmax, [0.0, 0.0]).weights =]", "[0.5,\u00a00.5]"),
        ("[= '<b>' =]", "&lt;b&gt;"),
    ],
)
def test_text_becomes_html(source: str, expected: str) -> None:
    assert html_of(source) == expected


SIGNS = [*"*_`#>-+=|~[]()!<>&\\$\"'.:1 0aé{}^\n\t", "&amp;", "http://a.b", "1. ", "  ", "<b>", "a@b.c"]
MARKS = st.sampled_from(SIGNS)


@given(st.one_of(st.text(), st.lists(MARKS).map("".join), st.from_regex(text._PLAIN, fullmatch=True)))
def test_plain_text_needs_no_parser(source: str) -> None:
    """Where no sign means anything, Markdown makes the paragraph that we make without it."""
    assert text._marked_up.__wrapped__(source) == str(text._markdown().render(source))


def test_a_matrix_stands_outside_its_paragraph() -> None:
    body = html_of("One\n\n[= np.eye(2) | matrix =]\n\nTwo")
    assert "<p><div" not in body
    assert body.count("<p>") == 2
    assert "\ue000" not in body


def test_a_vector_as_tex_looks_like_python_without_brackets() -> None:
    assert typeset.tex(np.array([[1.0, 2], [3, 4]])) == r"\begin{pmatrix}1 & 2 \\ 3 & 4\end{pmatrix}"
    assert typeset.tex(0.25) == "0.25"


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5), st.integers(0, 6))
def test_shown_decimals_are_the_fewest_that_lose_nothing(values: list[float], places: int) -> None:
    fewest = typeset.decimals(values, places)
    assert fewest <= places
    assert np.array_equal(np.round(values, fewest), np.round(values, places))
    assert fewest == 0 or not np.array_equal(np.round(values, fewest - 1), np.round(values, places))


def test_a_huge_number_is_a_power_of_ten_and_does_not_blur_the_others() -> None:
    assert typeset.num([np.finfo(float).min, 0.25, 1.0], 3) == "[-1.8e+308, 0.25, 1.00]"
    assert typeset.num([1e300, 2.0]) == "[1e+300, 2]"


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e9, max_value=1e9), st.integers(0, 6))
def test_a_number_is_read_back_within_half_of_its_last_digit(value: float, places: int) -> None:
    shown = typeset.number(value, places)
    assert abs(float(shown.replace(typeset.THIN, "")) - value) <= 0.5000001 * 10**-places + 1e-6
    assert not re.fullmatch(r"-0(\.0+)?", shown)


# ---------------------------------------------------------------- kinds


def test_living_numbers_show_the_same_variant_on_both_sides(tmp_path: Path) -> None:
    made = sides(
        tmp_path,
        "numeric",
        'variants = 4\nlet = { a = "rng.integers(1, 99)" }',
        front="[= a =] + 1?",
        back="[= a + 1 =]",
    )
    variants = [re.findall(r'<div class="variant"><p>(\d+)', side) for side in (made.front, made.back)]
    assert len(set(variants[0])) == 4
    assert [int(a) + 1 for a in variants[0]] == [int(b) for b in variants[1]]


def test_where_chooses_the_variants(tmp_path: Path) -> None:
    extra = 'variants = 3\nlet = { a = "rng.integers(1, 99)" }\nwhere = "a % 2 == 0"'
    made = sides(tmp_path, "numeric", extra, front="[= a =]", back="b")
    assert all(int(a) % 2 == 0 for a in re.findall(r"<p>(\d+)", made.front))


def test_listed_variants_come_before_let(tmp_path: Path) -> None:
    extra = 'variants = [{ a = "1" }, { a = "5" }]\nlet = { b = "a + 1" }'
    made = sides(tmp_path, "numeric", extra, front="[= a =]", back="[= b =]")
    assert re.findall(r"<p>(\d+)", made.back) == ["2", "6"]


def test_a_language_has_its_own_values(tmp_path: Path) -> None:
    body = """
    [[card]]
    id = "a-card"
    kind = "basic"
    topic = "x"
    let = { n = "2" }
    [card.en]
    let = { word = "'cat'" }
    front = "[= word * n =]"
    back = "b"
    [card.ru]
    let = { word = "'кот'" }
    front = "[= word * n =]"
    back = "b"
    """
    (card,) = cards_of(chapter(tmp_path, body))
    assert [kinds.render(card, language).front for language in LANGUAGES] == [
        "<p>catcat</p>",
        "<p>коткот</p>",
    ]


@pytest.mark.parametrize(
    ("function", "ask", "words"),
    [
        ("scaled_dot_product_attention", "weights", "(queries, keys)"),
        ("project_qkv", "v", "(tokens, d_v)"),
        ("attend", "output", "(d_v,)"),
    ],
)
def test_shape_cards_know_what_their_sizes_mean(tmp_path: Path, function: str, ask: str, words: str) -> None:
    assert words in sides(tmp_path, "shape", f'function = "{function}"\nask = "{ask}"').back


def test_sizes_on_a_shape_card_are_all_different(tmp_path: Path) -> None:
    import reference
    from deck.samples import Samples

    for name in ("scaled_dot_product_attention", "additive_scores", "multi_head_attention", "project_qkv"):
        samples = Samples(np.random.default_rng(0))
        samples.arguments(getattr(reference, name), {"n_heads": 1})
        assert len(set(samples.sizes.values())) == len(samples.sizes)


def test_a_code_card_hides_its_step_and_nothing_else(tmp_path: Path) -> None:
    made = sides(tmp_path, "code", 'function = "scaled_dot_product_attention"\nstep = "scores"')
    front, back = plain.words_of(made.front), plain.words_of(made.back)
    assert "swapaxes" not in front
    assert "sqrt" in front.replace(" ", "")
    assert "swapaxes" in back


def test_a_step_of_several_lines_is_hidden_whole(tmp_path: Path) -> None:
    made = sides(tmp_path, "code", 'function = "encoder_layer"\nstep = "output"')
    assert "feed_forward" not in plain.words_of(made.front)
    assert "feed_forward" in plain.words_of(made.back)


def test_a_code_card_tells_steps_of_one_name_by_their_count(tmp_path: Path) -> None:
    made = sides(tmp_path, "code", 'function = "decoder"\nstep = "hidden2"')
    assert "decoder_layer" not in plain.words_of(made.front)
    assert plain.words_of(made.back).startswith("decoder_layer")


def test_code_speaks_the_language_of_the_card(tmp_path: Path) -> None:
    made = sides(
        tmp_path, "code", 'function = "scaled_dot_product_attention"\nstep = "scores"', language="ru"
    )
    assert all(re.search("[а-яё]", comment) for comment in plain.comments(made.front))


def test_a_bug_card_prints_what_the_broken_code_really_gives(tmp_path: Path) -> None:
    import reference

    extra = (
        'exercise = "scaled_dot_product_attention"\nmistake = "no-scaling"\n'
        '[card.arguments]\nq = "np.array([[2.0, 0, 0, 0]])"\n'
        'k = "np.array([[2.0, 0, 0, 0], [0, 0, 0, 0]])"\nv = "np.eye(2)"\n'
    )
    back = plain.words_of(sides(tmp_path, "bug", extra).back)
    assert typeset.num(reference.softmax(np.array([4.0, 0])), 3)[1:6] in back
    assert typeset.num(reference.softmax(np.array([2.0, 0])), 3)[1:6] in back


def test_a_bug_card_names_the_result_that_is_returned_last(tmp_path: Path) -> None:
    extra = (
        'exercise = "embed"\nmistake = "positions-ignored"\n'
        '[card.arguments]\nids = "np.array([0])"\nembedding = "np.eye(4)"\npositions = "np.ones((1, 4))"\n'
    )
    assert "embedded" in plain.words_of(sides(tmp_path, "bug", extra).back.rpartition("pair")[2])


def test_a_written_bug_card_replaces_the_generated_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = both("bug", 'exercise = "scaled_dot_product_attention"\nmistake = "no-scaling"')
    home = generated.chapter_of(catalog.find("scaled_dot_product_attention"))
    monkeypatch.setattr(records, "FOLDER", chapter(tmp_path, body, f"{home}_trial.toml"))
    _, cards = notes.all_cards()
    mistakes = [
        card.values.get("mistake") for card in cards if card.exercise == "scaled_dot_product_attention"
    ]
    assert mistakes.count("no-scaling") == 1
    assert "softmax-over-queries" in mistakes


def test_a_bug_card_says_what_is_agreed_before_it_asks(tmp_path: Path) -> None:
    extra = 'exercise = "scaled_dot_product_attention"\nmistake = "no-scaling"\n'
    plain_front = sides(tmp_path, "bug", extra).front
    told = sides(tmp_path, "bug", extra, front="Rows are queries.").front
    assert told == "<p>Rows are queries.</p>" + plain_front


def test_a_kata_shows_checks_only_where_the_exercise_asks_for_them() -> None:
    cards = {card.id: card for card in notes.all_cards()[1]}
    asked = ("masks", "cross-entropy", "warm-up")
    shown = {name: plain.words_of(kinds.render(cards[f"kata-{name}"], "en").back) for name in asked}
    assert {name for name, back in shown.items() if "raise ValueError" in back} == {"warm-up"}
    assert "without a word" not in shown["cross-entropy"], "the comment of a check stayed behind"


@pytest.mark.parametrize(
    ("values", "shown"), [([0.9997, 0.0003], ["1.00", "0.00"]), ([3.0, 1.0], ["3", "1"])]
)
def test_a_bar_of_almost_1_is_not_said_to_be_1(values: list[float], shown: list[str]) -> None:
    drawn = str(World("en").value(f"bars({values})"))
    assert re.findall(r">([\d.]+)<", drawn) == shown


def test_a_bug_card_says_infinity_as_python_does(tmp_path: Path) -> None:
    extra = 'exercise = "cross_entropy"\nmistake = "naive-log-softmax"\n'
    back = sides(tmp_path, "bug", extra).back
    assert "inf" in plain.words_of(back.rpartition("pair")[2])
    assert "∞" not in back


def test_curves_that_meet_at_the_end_are_named_at_their_peaks() -> None:
    draw = World("en").value("curve")
    tent = np.array([0.0, 8, 4, 2, 1])
    drawn = str(draw({"A": tent, "B": np.array([0.0, 2, 4, 2, 1])}))
    apart = str(draw({"A": tent, "B": tent / 2}))
    places = {name: re.findall(rf'x="([\d.]+)"[^>]*>{name}<', drawn) for name in "AB"}
    ends = {name: re.findall(rf'x="([\d.]+)"[^>]*>{name}<', apart) for name in "AB"}
    assert float(places["A"][0]) < float(places["B"][0]) < float(ends["A"][0])
    assert ends["A"] == ends["B"]


# ---------------------------------------------------------------- order, tags, faces


def test_cards_come_after_what_they_need(tmp_path: Path) -> None:
    body = both("basic", 'after = ["b-card"]', front="f", back="b") + both(
        "basic", front="g", back="b"
    ).replace("a-card", "b-card")
    chapters, cards = records.load(LANGUAGES, folder=chapter(tmp_path, body))
    assert [card.id for card in notes.in_order(chapters, cards)] == ["b-card", "a-card"]


FIELDS = {"Front": "{{c1::a}} and {{c2::b::hint}}", "Note": "", "Back": "x"}


@pytest.mark.parametrize(
    ("template", "ordinal", "back", "expected"),
    [
        ("{{Back}}{{#Note}}<i>{{Note}}</i>{{/Note}}", 1, False, "x"),
        ("{{cloze:Front}}", 1, False, '<span class="cloze">[...]</span> and b'),
        ("{{cloze:Front}}", 2, False, 'a and <span class="cloze">[hint]</span>'),
        ("{{cloze:Front}}", 2, True, 'a and <span class="cloze">b</span>'),
    ],
)
def test_templates_are_filled_as_anki_fills_them(
    template: str, ordinal: int, back: bool, expected: str
) -> None:
    assert faces.fill(template, FIELDS, ordinal, back) == expected


# ---------------------------------------------------------------- colours


@pytest.mark.parametrize("ends", [palette.LIGHT, palette.NIGHT])
def test_heat_is_even_and_its_values_can_be_read(
    ends: tuple[tuple[float, float], tuple[float, float]],
) -> None:
    colours = palette.ramp(ends)
    assert all(palette.contrast(palette.ink(colour), colour) >= 4.5 for colour in colours)
    lightness = [palette.contrast(colour, "#000000") for colour in colours]
    assert sorted(lightness) in (lightness, lightness[::-1]), "the ramp turns back"


def test_contrast_is_that_of_wcag() -> None:
    assert palette.contrast("#ffffff", "#000000") == pytest.approx(21)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


def style_variables() -> list[dict[str, str]]:
    from deck import package

    blocks = re.findall(r"\{(--[^}]*|\s*--[^}]*)\}", package.style())
    return [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", block)) for block in blocks if "--paper" in block]


@pytest.mark.parametrize("theme", [0, 1])
def test_every_colour_of_text_reads_on_paper_and_on_code(theme: int) -> None:
    colours = style_variables()[theme]
    for name in ("ink", "quiet", "accent", "wrong", "right", "keyword", "string", "digit", "comment", "name"):
        for ground in ("paper", "tint"):
            assert palette.contrast(colours[name], colours[ground]) >= 4.5, (theme, name, ground)
    assert palette.contrast(colours["ink"], colours["mark"]) >= 4.5


# ---------------------------------------------------------------- the record of dates


def test_the_record_dates_only_what_changed() -> None:
    old = {"en/a": ("x", 100), "en/b": ("y", 100), "en/gone": ("z", 100)}
    new = record.updated(old, {"en/a": "x", "en/b": "changed", "en/c": "new"}, now=200)
    assert new == {"en/a": ("x", 100), "en/b": ("changed", 200), "en/c": ("new", 200), "en/gone": ("z", 100)}


def test_what_the_record_does_not_know_is_as_new_as_the_sources_and_never_in_the_future() -> None:
    import time

    dated = record.dates({"en/a": ("x", 100)})
    assert dated("en/a", "x") == 100
    assert 100 < dated("en/a", "changed") <= time.time()
    assert dated("en/b", "new") <= time.time()


def test_the_cache_gives_back_what_it_was_given(tmp_path: Path) -> None:
    path = tmp_path / "cards-x.json"
    first = cache.Cache(path)
    assert first.get("a", lambda: ["<p>ё</p>", 1]) == ["<p>ё</p>", 1]
    first.save()
    assert cache.Cache(path).get("a", lambda: pytest.fail("it was not kept")) == ["<p>ё</p>", 1]
    path.write_text("{broken", encoding="utf-8")
    assert cache.Cache(path).get("a", lambda: 2) == 2
