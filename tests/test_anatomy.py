"""Anatomy: what it says of a function is true of the function, for every function of the reference."""

from __future__ import annotations

import ast
import functools
import inspect
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import reference
from exercises.holes import holes
from reference.anatomy import (
    LEVELS,
    AnatomyError,
    body_of,
    edited,
    edited_source,
    lasting,
    source_of,
    starter,
    steps,
    trace,
)
from reference.attention import (
    AttentionWeights,
    masked_softmax,
    multi_head_attention,
    scaled_dot_product_attention,
    softmax,
    split_heads,
)
from reference.decoding import DecoderCache, beam_search, decode_step, empty_cache, greedy_decode
from reference.door import checked
from reference.layers import embed, post_norm, pre_norm
from reference.shapes import Array
from reference.weights import EncoderLayerWeights, TransformerConfig, init_encoder_layer

EVERY = {
    name: inspect.unwrap(thing)
    for name, thing in vars(reference).items()
    if isinstance(thing, FunctionType) and name in reference.__all__
    if not inspect.isgeneratorfunction(inspect.unwrap(thing))
}
SEEDS = st.integers(0, 10_000)


def attention_arguments(seed: int) -> tuple[Array, Array, Array]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(5, 4)), rng.normal(size=(7, 4)), rng.normal(size=(7, 6))


# small functions of every kind


def stepless(x: Any) -> Any:
    return x


def one_line(x: Any) -> Any: return x + 1  # fmt: skip


def looping(n: int) -> int:
    """Adds up."""
    # nothing yet
    total = 0
    for i in range(n):
        # a square: of i,
        # not of n
        square = i * i
        total += square
    return total


def annotated(x: int, *rest: int, scale: float = 2.0) -> tuple[int, int]:
    # the pair of them
    first, second = x, len(rest)
    both: tuple[int, int] = (first, second)  # and this stays
    if scale:
        both = (second, first)
    return both


def nested(x: int) -> int:
    def inside(y: int) -> int:
        hidden = y + 1
        return hidden

    # by the function inside
    result = inside(x)
    return result


def crowded(x: int) -> int:
    async def later(y: int) -> int:
        hidden = y + 1
        return hidden

    class Inside:
        hidden = 5

    (first, second), *rest = (x, 2), 3, 4
    return first + second * len(rest)


def unicode(x: int) -> int:
    # größer als nötig: «ё»
    größe = x + len("«ё»")
    later = größe + 1
    return later


def generator(x: int) -> Any:
    y = x
    yield y


async def coroutine(x: int) -> int:
    y = x
    return y


def doubled(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def twice(*args: Any) -> Any:
        return 2 * function(*args)

    return twice


@doubled
def decorated(x: int) -> int:
    y = x + 1
    return y


OWN = [looping, annotated, nested, unicode]


# ---------------------------------------------------------------- reading


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
def test_the_source_is_the_function(function: Any) -> None:
    source = source_of(function)
    tree = ast.parse(source).body[0]
    assert isinstance(tree, ast.FunctionDef)
    assert tree.name == function.__name__
    assert ast.parse(body_of(function)).body
    assert function.__doc__ is None or function.__doc__.strip().splitlines()[0] not in body_of(function)


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
def test_steps_are_written_in_this_order_in_the_source(function: Any) -> None:
    lines = source_of(function).splitlines()
    try:
        found = steps(function)
    except AnatomyError:
        assert " = " not in body_of(function)
        return
    assert [step.line for step in found] == sorted(step.line for step in found)
    for step in found:
        assert step.expression.splitlines()[0] in lines[step.line - 1] or step.expression.startswith("(")
        assert ast.parse(textwrap.dedent(step.expression), mode="eval")
        assert step.comment == "" or step.comment.split()[0] in "\n".join(lines[: step.line])


def test_a_step_says_why_what_and_how() -> None:
    step = steps(scaled_dot_product_attention)[1]
    assert (step.name, step.expression) == ("scaled", "scores / math.sqrt(q.shape[-1])")
    assert "variance 1" in step.comment
    assert source_of(scaled_dot_product_attention).splitlines()[step.line - 1].strip().startswith("scaled = ")


def test_steps_of_small_functions() -> None:
    assert [(step.name, step.comment) for step in steps(looping)] == [
        ("total", "nothing yet"),
        ("square", "a square: of i, not of n"),
        ("total", ""),
    ]
    assert [step.name for step in steps(annotated)] == ["first, second", "both", "both"]
    assert [step.name for step in steps(nested)] == ["result"]
    assert [(step.name, step.expression) for step in steps(unicode)] == [
        ("größe", 'x + len("«ё»")'),
        ("later", "größe + 1"),
    ]


@pytest.mark.parametrize(
    "thing",
    [
        len,
        np.exp,
        softmax.__class__,
        3,
        "softmax",
        lambda x: x,
        functools.partial(softmax),
        generator,
        coroutine,
    ],
)
def test_what_cannot_be_taken_apart_says_so(thing: Any) -> None:
    with pytest.raises(AnatomyError):
        steps(thing)
    with pytest.raises(AnatomyError, match=r"only a function written with def|generator or async"):
        edited(thing, {"y": "x"})


def test_a_function_without_source_or_steps_says_so() -> None:
    names: dict[str, Any] = {}
    exec("def ghost(x):\n    y = x\n    return y", names)
    with pytest.raises(AnatomyError, match="ghost"):
        steps(names["ghost"])
    with pytest.raises(AnatomyError, match="stepless"):
        steps(stepless)


def test_wrappers_are_looked_through() -> None:
    assert steps(checked(softmax)) == steps(softmax)
    assert source_of(decorated).startswith("def decorated")


# ---------------------------------------------------------------- running


@settings(max_examples=25)
@given(SEEDS)
def test_a_trace_is_the_run(seed: int) -> None:
    q, k, v = attention_arguments(seed)
    seen = trace(scaled_dot_product_attention, q, k, v)
    assert list(seen) == ["scores", "scaled", "weights", "output", "return"]
    assert np.array_equal(seen["scores"], q @ k.T)
    assert np.array_equal(seen["scaled"], q @ k.T / 2)
    assert np.array_equal(seen["weights"], softmax(seen["scaled"]))
    assert all(
        np.array_equal(a, b)
        for a, b in zip(seen["return"], scaled_dot_product_attention(q, k, v), strict=True)
    )


def test_a_trace_of_a_loop_keeps_every_value() -> None:
    seen = trace(looping, 3)
    assert [seen[f"total[{i}]"] for i in range(4)] == [0, 0, 1, 5]
    assert (seen["total"], seen["square"], seen["return"]) == (5, 4, 5)


def test_a_trace_unpacks_and_leaves_inner_functions_alone() -> None:
    assert trace(annotated, 1, 2, 3) == {
        "first": 1,
        "second": 2,
        "both": (2, 1),
        "both[0]": (1, 2),
        "both[1]": (2, 1),
        "return": (2, 1),
    }
    assert trace(nested, 1) == {"result": 2, "return": 2}
    assert trace(crowded, 1) == {"first": 1, "second": 2, "rest": [3, 4], "return": 5}


def test_a_later_change_in_place_does_not_reach_back() -> None:
    made = edited(softmax, {"weights": "np.divide(exponentials, total, out=exponentials)"})["softmax"]
    seen = trace(made, np.array([1.0, 2.0]))
    assert np.allclose(seen["exponentials"], np.exp([-1.0, 0.0]))


def test_what_lasts_is_computed_once_and_not_changed() -> None:
    q, k, v = attention_arguments(3)
    seen = trace(scaled_dot_product_attention, q, k, v)
    kept = lasting(scaled_dot_product_attention, q, k, v)
    assert list(kept) == ["scores", "scaled", "weights", "output"]
    assert all(np.array_equal(kept[name], seen[name]) for name in kept)
    assert lasting(looping, 3) == {}
    assert lasting(looping, 1) == {"square": 0, "total": 0}
    made = edited(softmax, {"weights": "np.divide(exponentials, total, out=exponentials)"})["softmax"]
    assert "exponentials" not in lasting(made, np.array([1.0, 2.0]))
    filled = lasting(decode_step, *cached(n_layers=1))
    assert {"positions", "hidden", "k"} <= filled.keys()
    assert "caches" not in filled  # a list that is filled later


def cached(n_layers: int) -> tuple[Array, list[EncoderLayerWeights], DecoderCache, int]:
    """Arguments of decode_step: two tokens, nothing behind them."""
    layers = [init_encoder_layer(TransformerConfig(5, 4, 2, 8), np.random.default_rng(1))] * n_layers
    return np.ones((2, 4)), layers, empty_cache(n_layers, 2, 2), 2


def test_a_trace_takes_what_the_function_takes() -> None:
    assert np.array_equal(trace(softmax, x=np.eye(2), axis=0)["return"], softmax(np.eye(2), axis=0))
    counts_up = lambda prefix: -np.abs(np.arange(5.0) - prefix[-1] - 1)  # noqa: E731
    assert trace(greedy_decode, counts_up, bos=0, eos=3, max_len=10)["tokens"] == [1, 2, 3]
    with pytest.raises(ValueError, match="n_heads"):
        trace(split_heads, np.ones((2, 3)), 2)


# ---------------------------------------------------------------- changing


@settings(max_examples=25)
@given(SEEDS)
def test_an_edit_of_nothing_new_changes_nothing(seed: int) -> None:
    q, k, v = attention_arguments(seed)
    same = {step.name: step.expression for step in steps(scaled_dot_product_attention)}
    made = edited(scaled_dot_product_attention, same)["scaled_dot_product_attention"]
    assert all(
        np.array_equal(a, b)
        for a, b in zip(made(q, k, v), scaled_dot_product_attention(q, k, v), strict=True)
    )
    assert source_of(made) == source_of(scaled_dot_product_attention)


@settings(max_examples=25)
@given(SEEDS)
def test_an_edited_step_is_what_it_says(seed: int) -> None:
    q, k, v = attention_arguments(seed)
    made = edited(scaled_dot_product_attention, {"scaled": "scores"})["scaled_dot_product_attention"]
    assert np.array_equal(made(q, k, v)[1], masked_softmax(q @ k.T, None))
    assert np.array_equal(trace(made, q, k, v)["scaled"], q @ k.T)


@settings(max_examples=25)
@given(st.permutations([{"scaled": "scores"}, {"output": "weights @ k"}, {"q @ np.swap": "-q @ np.swap"}]))
def test_the_order_of_edits_does_not_matter(edits: list[dict[str, str]]) -> None:
    q, k, v = attention_arguments(1)
    made = edited(scaled_dot_product_attention, *edits)["scaled_dot_product_attention"]
    weights = masked_softmax(-q @ k.T, None)
    assert np.array_equal(made(q, k, v)[0], weights @ k)


def test_edited_functions_see_one_another() -> None:
    made = edited([post_norm, pre_norm], {"post_norm: summed": "sublayer(x)"}, {"pre_norm: normalised": "x"})
    x, ones = np.array([1.0, 3.0]), np.ones(2)
    assert np.array_equal(made["pre_norm"](x, lambda y: y, ones, ones), 2 * x)
    assert np.allclose(made["post_norm"](x, lambda y: y, ones, 0 * ones), [-1, 1], atol=1e-4)
    heads = edited(
        [split_heads, multi_head_attention],
        {"split_heads: heads": "np.swapaxes(sliced, -2, -3)[..., ::-1, :, :]"},
    )
    weights = AttentionWeights(*np.random.default_rng(0).normal(size=(4, 4, 4)))
    x = np.random.default_rng(1).normal(size=(3, 4))
    both = [f(x, x, weights, 2) for f in (heads["multi_head_attention"], multi_head_attention)]
    assert not np.allclose(*both)


def test_the_original_stays_as_it_was() -> None:
    x = np.array([1.0, 2.0])
    before = softmax(x)
    edited(softmax, {"weights": "0 * x"})["softmax"](x)
    assert np.array_equal(softmax(x), before)


def test_defaults_and_documentation_stay() -> None:
    made = edited(softmax, {"weights": "exponentials"})["softmax"]
    assert inspect.signature(made) == inspect.signature(softmax)
    assert made.__doc__ == softmax.__doc__
    assert edited(annotated, {"first, second": "5, 6"})["annotated"](1, scale=0) == (5, 6)
    assert edited(unicode, {"later": "größe * 2"})["unicode"](1) == 8
    assert edited(one_line, {"x + 1": "x + 2"})["one_line"](1) == 3
    assert body_of(one_line).startswith("return x + 1")
    assert starter(one_line).startswith("def one_line(x):\n    return ...")


def test_a_fragment_may_stand_inside_a_loop_and_span_lines() -> None:
    assert edited(looping, {"i * i": "i"})["looping"](4) == 6
    assert edited(looping, {"total += square": "total = square"})["looping"](4) == 9
    assert edited(looping, {"square = i * i\n        total += square": "total -= 1"})["looping"](4) == -4


def test_what_is_put_in_may_use_numpy_and_the_package() -> None:
    assert edited(
        looping,
        {"square": "int(np.sum(reference_softmax(np.zeros(2))))"},
        {"total = 0": "total = math.floor(0.5)"},
    )
    made = edited(split_heads, {"heads": "softmax(sliced)"})["split_heads"]
    assert np.allclose(made(np.zeros((2, 4)), 2), 0.5)


@pytest.mark.parametrize(
    ("function", "edits", "message"),
    [
        (softmax, [{"no such thing": "x"}], "0 times"),
        (softmax, [{"x": "y"}], "times"),
        (softmax, [{"np.exp(": "np.exp"}], "no longer Python"),
        (softmax, [{"": "y"}], "nothing"),
        (softmax, [{" ": "y"}], "nothing"),
        (softmax, [{"total": "1"}, {"total": "2"}], "same place"),
        (softmax, [{"total": "1", "axis=axis, keepdims=True)\n    # share": "y"}], "same place"),
        (looping, [{"total": "1"}], "times"),
        ([post_norm, pre_norm], [{"layer_norm": "abs"}], "2 times"),
        (
            [post_norm, pre_norm],
            [{"pre_norm: summed": "x"}],
            "0 times in pre_norm|in pre_norm, it occurs 0 times",
        ),
        (doubled, [{"twice": "x"}], "times"),
    ],
)
def test_an_edit_that_does_not_fit_says_why(function: Any, edits: list[dict[str, str]], message: str) -> None:
    with pytest.raises(AnatomyError, match=message):
        edited(function, *edits)
    if message != "no longer Python":
        with pytest.raises(AnatomyError):
            edited_source(function, *edits)


def test_signature_and_docstring_are_not_edited() -> None:
    with pytest.raises(AnatomyError, match="0 times"):
        edited(looping, {"Adds up": "Subtracts"})
    with pytest.raises(AnatomyError, match="0 times"):
        edited(softmax, {"axis: int": "axis: float"})


def test_a_function_that_needs_the_one_around_it_says_so() -> None:
    outer = 3

    def closure(x: int) -> int:
        y = x + outer
        return y

    with pytest.raises(AnatomyError, match="around it"):
        edited(closure, {"y": "x"})
    with pytest.raises(AnatomyError, match="around it"):
        trace(closure, 1)


# ---------------------------------------------------------------- cutting holes


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("function", [*EVERY.values(), *OWN], ids=[*EVERY, *(own.__name__ for own in OWN)])
def test_a_starter_is_python_with_a_hole(function: Any, level: str) -> None:
    text = starter(function, level)
    (definition,) = ast.parse(text).body
    assert isinstance(definition, ast.FunctionDef)
    assert definition.name == function.__name__
    expected = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in inspect.signature(function).parameters.values()
    ]
    names: dict[str, Any] = dict(inspect.unwrap(function).__globals__)
    exec(compile(text, "<starter>", "exec"), names)
    assert list(inspect.signature(names[function.__name__]).parameters.values()) == expected
    assert {hole.function for hole in holes(text.encode())} == {function.__name__}
    assert names[function.__name__].__doc__ is not None or function.__doc__ is None


@pytest.mark.parametrize("function", EVERY.values(), ids=EVERY)
def test_a_starter_gives_no_step_away(function: Any) -> None:
    code = {level: ast.unparse(_without_docstring(starter(function, level))) for level in LEVELS}
    try:
        expressions = {
            ast.unparse(ast.parse(textwrap.dedent(step.expression), mode="eval")) for step in steps(function)
        }
    except AnatomyError:
        return
    for expression in expressions:
        if len(expression) > 12:
            assert all(f"= {expression}\n" not in text for text in code.values())
    assert len(code["blank"]) <= len(code["outline"]) <= len(code["guided"])


def _without_docstring(text: str) -> ast.Module:
    tree = ast.parse(text)
    assert isinstance(tree.body[0], ast.FunctionDef)
    if ast.get_docstring(tree.body[0]) is not None:
        del tree.body[0].body[0]
    return tree


OUTLINE = '''def looping(n):
    """Adds up."""
    # nothing yet
    # a square: of i,
    # not of n
    ...
'''


def test_the_three_levels() -> None:
    assert starter(looping, "outline") == OUTLINE
    assert starter(looping, "blank") == 'def looping(n):\n    """Adds up."""\n    ...\n'
    assert starter(looping).splitlines()[3:7] == [
        "    total = ...",
        "    for i in range(n):",
        "        # a square: of i,",
        "        # not of n",
    ]
    assert "both = ...  # and this stays" in starter(annotated)
    assert starter(annotated).startswith("def annotated(x, *rest, scale=2.0):")


def test_checks_of_the_input_stay() -> None:
    assert "raise ValueError" in starter(split_heads)
    assert "if positions is None:\n        return scaled" in starter(embed)
    assert "for _ in range(max_len):" in starter(beam_search)


def test_comments_are_translated_also_those_of_several_lines() -> None:
    text = starter(
        looping, comments={"nothing yet": "пока ничего", "a square: of i, not of n": "квадрат i, а не n"}
    )
    assert "    # пока ничего\n    total = ...\n" in text
    assert "        # квадрат i, а не n\n        square = ...\n" in text
    assert "# квадрат i, а не n\n" in starter(
        looping, "outline", comments={"a square: of i, not of n": "квадрат i, а не n"}
    )
    assert starter(looping, comments={"nothing": "x"}) == starter(looping)


@pytest.mark.parametrize("words", ["one line", "two\nlines", r"a \sum and a \n", 'quotes "', "", "« ё »"])
def test_any_docstring_arrives_as_it_is(words: str) -> None:
    names: dict[str, Any] = {}
    exec(starter(looping, docstring=words), names)
    assert inspect.cleandoc(names["looping"].__doc__).strip() == (words or "Adds up.")


def test_an_unknown_level_says_which_there_are() -> None:
    with pytest.raises(AnatomyError, match="guided, outline, blank"):
        starter(softmax, "easy")
