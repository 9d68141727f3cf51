"""What an attempt may import: enough for the solution, and never the answer."""

from __future__ import annotations

import builtins
import dis
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import reference
from exercises import catalog
from exercises.grader import grade_file
from exercises.offered import module_text, offered, public
from exercises.sandbox import Sandbox

ATTENTION = catalog.find("scaled_dot_product_attention")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as made:
        yield made


def names_in(text: str) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(text, names)
    return names


@pytest.mark.parametrize("name", sorted(public()))
def test_every_function_can_be_cut_out_with_what_it_needs(name: str) -> None:
    made = names_in(module_text(frozenset({name})))[name]
    needed = {each.argval for each in dis.get_instructions(public()[name]) if each.opname == "LOAD_GLOBAL"}
    assert needed <= made.__globals__.keys() | vars(builtins).keys()


def test_what_is_cut_out_computes_the_same() -> None:
    names = names_in(
        module_text(frozenset({"scaled_dot_product_attention", "multi_head_attention", "AttentionWeights"}))
    )
    q, k, v = np.random.default_rng(0).normal(size=(3, 5, 4))
    for one, other in zip(
        names["scaled_dot_product_attention"](q, k, v),
        reference.scaled_dot_product_attention(q, k, v),
        strict=True,
    ):
        assert np.array_equal(one, other)
    weights = names["AttentionWeights"](*np.random.default_rng(1).normal(size=(4, 4, 4)))
    assert names["multi_head_attention"](q, k, weights, 2).shape == (5, 4)


def test_only_what_is_mentioned_is_cut_out() -> None:
    text = offered(ATTENTION, b"from reference import softmax").modules["reference"]
    assert "def softmax(" in text
    assert "def masked_softmax(" not in text
    assert offered(ATTENTION, b"import numpy").modules["reference"] == ""


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("from reference import masked_softmax", "passed"),
        ("from reference.attention import masked_softmax", "passed"),
        ("from reference.attention import *", "passed"),
        ("from reference import *", "passed"),
        ("import reference; masked_softmax = reference.masked_softmax", "passed"),
        ("import reference.attention as a; masked_softmax = a.masked_softmax", "passed"),
        ("import reference.attention; masked_softmax = reference.attention.masked_softmax", "passed"),
        ("from reference import masked_softmax, AttentionWeights, causal_mask", "passed"),
        ("from reference import masked_softmax, scaled_dot_product_attention", "forged"),
        ("from reference import masked_softmax, multi_head_attention", "forged"),
        ("from reference.attention import masked_softmax, self_attention", "forged"),
        ("from reference import masked_softmax, tiled_attention", "forged"),
        ("from reference import masked_softmax, no_such_name", "error"),
        ("from reference.anatomy import source_of", "error"),
        ("from exercises.grader import grade_file", "forged"),
    ],
)
def test_ways_to_ask(source: str, status: str, sandbox: Sandbox) -> None:
    body = """
import numpy as np
def scaled_dot_product_attention(q, k, v, mask=None):
    weights = masked_softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1]), mask)
    return weights @ v, weights
"""
    verdict = grade_file((source + body).encode(), ATTENTION, sandbox, 1)
    assert verdict.status == status, verdict


def test_a_helper_that_leads_to_the_answer_is_withheld() -> None:
    """`biased_attention` is no exercise, but it is attention."""
    assert "biased_attention" in offered(ATTENTION, b"").withheld
    assert "self_attention" in offered(ATTENTION, b"").withheld


def test_a_helper_of_the_solution_is_offered() -> None:
    assert "log_softmax" not in offered(catalog.find("cross_entropy"), b"").withheld
    assert "log_softmax" in offered(catalog.find("softmax"), b"").withheld
    assert "silu" not in offered(catalog.find("rms_norm_swiglu"), b"").withheld


def test_warnings_come_from_own_lines_only(sandbox: Sandbox) -> None:
    body = "\nimport numpy as np\ndef attend(query, keys, values):\n    weights = {}\n"
    body += "    return weights @ values, weights\n"
    theirs = body.format("softmax(np.full(len(keys), -np.inf))")
    own = body.format("np.log(-1 - (keys @ query) ** 2)")
    assert grade_file(("from reference import softmax" + theirs).encode(), "attend", sandbox, 1).output == ""
    assert "RuntimeWarning" in grade_file(own.encode(), "attend", sandbox, 1).output
