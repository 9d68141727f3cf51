"""The grader as a whole: work in any style gets the verdict that a good teacher would give.

`attempts/<exercise>/*.py` hold attempts in foreign styles, each below a line `# expect: status mistakes...`.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from exercises import catalog
from exercises.catalog import Exercise, reference_functions
from exercises.grader import grade_file, grade_many
from exercises.language import speak
from exercises.probes import probes_of
from exercises.reports.wording import explained
from exercises.sandbox import Limits, Sandbox
from exercises.starters import solution_text
from exercises.verdict import ADVICE, FACETS, PATTERNS, REASONS, STATUSES, Evidence, Phrase, Verdict

ATTEMPTS = Path(__file__).parent / "attempts"


def handed_in() -> Iterator[object]:
    """Every attempt with its exercise and the verdict that it deserves; a second helping is slow."""
    for path in sorted(ATTEMPTS.glob("*/*.py")):
        marks = [pytest.mark.slow] if path.stem.startswith("more_") else []
        _, *parts = re.split(r"(?m)^# expect: (.*)\n", path.read_text(encoding="utf-8"))
        for i, (expected, text) in enumerate(zip(parts[::2], parts[1::2], strict=True)):
            name = f"{path.parent.name}-{path.stem}-{i}-{expected.split(' ', 1)[-1]}"
            yield pytest.param(path.parent.name, text.encode(), expected.strip(), id=name, marks=marks)


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(Limits(seconds=2.0, load_seconds=2.0)) as made:
        yield made


def in_short(verdict: Verdict) -> str:
    return " ".join([verdict.status, *verdict.mistakes])


def check_form(verdict: Verdict) -> None:
    """All phrases are known, with the gaps they declare."""
    reasons = [verdict.reason, *(function.reason for function in verdict.functions)]
    patterns = [function.evidence.pattern for function in verdict.functions if function.evidence]
    for phrases, known in ((reasons, REASONS), (patterns, PATTERNS), (verdict.advice, ADVICE)):
        for phrase in phrases:
            if phrase is not None:
                assert set(phrase.values) == set(known[phrase.key]), phrase
    assert verdict.status in STATUSES
    assert 0 <= verdict.points <= 1
    assert all(facet in FACETS for function in verdict.functions for facet in function.facets)
    assert (verdict.status == "passed") == (verdict.points == 1)
    if verdict.status in ("failed", "error"):
        assert verdict.reason or (verdict.culprit and verdict.culprit.reason)


# ---------------------------------------------------------------- foreign styles


@pytest.mark.parametrize(("exercise", "source", "expected"), [*handed_in()])
def test_an_attempt_in_a_foreign_style(exercise: str, source: bytes, expected: str, sandbox: Sandbox) -> None:
    verdict = grade_file(source, exercise, sandbox)
    check_form(verdict)
    status, *mistakes = expected.split()
    assert (verdict.status, set(verdict.mistakes)) == (status, set(mistakes)), verdict


def test_no_style_is_missing() -> None:
    """Right and wrong work for each exercise of the attention chapter at least."""
    folders = {path.parent.name for path in ATTEMPTS.glob("*/*.py")}
    assert (
        {entry.id for entry in catalog.contents()}
        >= folders
        >= {entry.id for entry in catalog.contents()[:11]}
    )


# ---------------------------------------------------------------- files

SOFTMAX = b"import numpy as np\ndef softmax(x, axis=-1):\n    e = np.exp(x - x.max(axis, keepdims=True))\n"
SHARE = b"    return e / e.sum(axis, keepdims=True)\n"
RIGHT = SOFTMAX + b"    return e / e.sum(axis, keepdims=True)\n"


LOGARITHMS = b"np.exp(x - np.logaddexp.reduce(x, axis, keepdims=True))"
COUNTS = SOFTMAX + b"    softmax.n = getattr(softmax, 'n', 0) + 1\n    e *= softmax.n < 5\n"
LOGGED = b"""
import functools
def logged(f):
    @functools.wraps(f)
    def g(*args, **kwargs):
        print(f)
        return f(*args, **kwargs)
    return g
"""


def graded(source: bytes, sandbox: Sandbox, exercise: str = "softmax") -> Verdict:
    verdict = grade_file(source, exercise, sandbox, 7)
    check_form(verdict)
    return verdict


@pytest.mark.parametrize(
    "source",
    [
        b"\xef\xbb\xbf" + RIGHT,
        RIGHT.replace(b"\n", b"\r\n"),
        RIGHT + b"...\n",
        RIGHT + b"print(softmax(np.eye(3)))\nif __name__ == '__main__':\n    raise SystemExit\n",
        RIGHT.replace(b"def softmax", LOGGED + b"@logged\ndef softmax"),
        b"import numpy as np\nsoftmax = lambda x, axis=-1: " + LOGARITHMS,
        b"from math import *\n" + RIGHT.replace(b"axis=-1", b"axis: int = -1, *, temperature=1.0"),
        RIGHT.replace(b"x, axis=-1", b"axis=-1, **more").replace(b"    e =", b"    x = more['x']\n    e ="),
        RIGHT.replace(b"    e =", b"    # ... is no hole\n    y: tuple[int, ...] = x[..., :].shape\n    e ="),
        RIGHT + b"\nclass softmax_:\n    ...\ndef unused():\n    ...\n",
    ],
)  # fmt: skip
def test_right_work_passes_whatever_stands_around_it(source: bytes, sandbox: Sandbox) -> None:
    assert in_short(graded(source, sandbox)) == "passed"


@pytest.mark.parametrize(
    ("source", "status", "reason"),
    [
        (b"", "error", "empty-file"),
        (b"\xef\xbb\xbf\r\n", "error", "empty-file"),
        (b"def softmax(x, axis=-1:\n    return x", "error", "syntax-error"),
        (b"def softmax(x, axis=-1):\nreturn x", "error", "syntax-error"),
        (b"\0\1\2", "error", "syntax-error"),
        (b"import nothing_of_this_name", "error", "import-failed"),
        (b"1 / 0\n" + RIGHT, "error", "import-failed"),
        (b"from reference import no_such_thing\n" + RIGHT, "error", "missing-import"),
        (b"from reference import softmax", "forged", "withheld"),
        (b"import reference\nsoftmax = reference.softmax", "forged", "withheld"),
        (b"def attend(query, keys, values): ...", "error", "other-exercise"),
        (b"while True: pass", "timeout", "timeout"),
        (b"import os\nos._exit(0)", "crashed", "crashed"),
    ],
)
def test_a_file_that_cannot_be_looked_at(source: bytes, status: str, reason: str, sandbox: Sandbox) -> None:
    verdict = graded(source, sandbox)
    assert (verdict.status, verdict.reason and verdict.reason.key) == (status, f"reason.{reason}")
    assert verdict.points == 0
    assert [function.function for function in verdict.functions] == ["softmax"]


@pytest.mark.parametrize(
    ("source", "status", "reason"),
    [
        (b"def soft_max(x, axis=-1): return x", "error", "missing-function"),
        (b"softmax = 3", "error", "missing-function"),
        (b"def softmax(x): return x", "error", "wrong-parameters"),
        (b"def softmax(x, axis): return x", "error", "wrong-parameters"),
        (b"def softmax(z, axis=-1): return z", "error", "wrong-parameters"),
        (b"def softmax(x, axis=-1, /): return x", "error", "wrong-parameters"),
        (b"def softmax(axis=-1, *, x): return x", "error", "wrong-parameters"),
        (b"def softmax(x, more, axis=-1): return x", "error", "wrong-parameters"),
        (RIGHT.replace(b"axis=-1", b"axis=0"), "failed", "wrong-default"),
        (b"def softmax(x, axis=-1):\n    ...", "unsolved", "unsolved"),
        (b"def softmax(x, axis=-1): ...", "unsolved", "unsolved"),
        (SOFTMAX + b"    return ...", "unsolved", "unsolved"),
        (SOFTMAX + b"    w = ...\n    return w", "unsolved", "unsolved"),
        (b"def softmax(x, axis=-1):\n    raise NotImplementedError", "unsolved", "unsolved"),
        (SOFTMAX, "failed", "returned-nothing"),
        (SOFTMAX + b"    return (e / e.sum(axis, keepdims=True)).tolist()", "failed", "wrong-type"),
        (SOFTMAX + b"    return (e / e.sum(axis, keepdims=True)).astype(object)", "failed", "wrong-dtype"),
        (SOFTMAX + b"    return (e / e.sum(axis, keepdims=True)).astype(complex)", "failed", "wrong-dtype"),
        (SOFTMAX + b"    return np.ma.array(e / e.sum(axis, keepdims=True))", "failed", "wrong-type"),
        (SOFTMAX + b"    return (e / e.sum(axis, keepdims=True))[None]", "failed", "wrong-shape"),
        (SOFTMAX + b"    return (e / e.sum(axis, keepdims=True)).astype('f4')", "failed", "lower-precision"),
        (SOFTMAX + b"    return (e / e.sum(axis, keepdims=True)) > 0.5", "failed", "wrong-dtype"),
        (SOFTMAX + b"    return e / e.sum(axis, keepdims=True) + 1e-6", "failed", "wrong-values"),
        (SOFTMAX + b"    return e / e.sum(axis, keepdims=True) * np.nan", "failed", "has-nan"),
        (SOFTMAX + b"    x.setflags(write=0); x += 1\n    return e", "error", "raised"),
        (SOFTMAX + b"    x *= 2\n    return e / e.sum(axis, keepdims=True)", "failed", "changes-inputs"),
        (COUNTS + b"    return e / e.sum(axis, keepdims=True)", "failed", "not-repeatable"),
        (SOFTMAX + b"    e += np.random.rand()\n" + SHARE, "failed", "not-repeatable"),
        (SOFTMAX + b"    while True: pass", "timeout", "timeout"),
        (SOFTMAX + b"    import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "crashed", "crashed"),
        (SOFTMAX + b"    import reference; return reference.softmax(x)", "forged", "withheld"),
    ],
)  # fmt: skip
def test_a_function_that_will_not_do(source: bytes, status: str, reason: str, sandbox: Sandbox) -> None:
    verdict = graded(source, sandbox)
    culprit = verdict.culprit
    assert culprit is not None
    assert culprit.reason is not None
    assert (verdict.status, culprit.status, culprit.reason.key) == (status, status, f"reason.{reason}"), (
        verdict
    )


DROPOUT = b"def dropout(x, p, rng, training=True):\n"
ENTROPY = b"import numpy as np\ndef cross_entropy(logits, targets, pad=None):\n    return "
COUNT = b"def count_parameters(config):\n    return "


@pytest.mark.parametrize(
    ("exercise", "source", "reason", "words"),
    [
        ("dropout", b"    return x * (rng.random(x.shape) >= p) / (1 - p) if training else x + 1",
         "law-identity", "with training=False, or with p = 0"),
        ("dropout", b"    return x * (rng.random(x.shape) >= p) * (1 + p) if training else x",
         "law-factor", "1.25 times as large as in x, they are 1.2 times as large"),
        ("dropout", b"    return x * rng.random(x.shape) if training and p else x", "law-factors", "differ"),
        ("dropout", b"    return x * (rng.random(x.shape) >= p / 2) / (1 - p) if training else x",
         "law-share", "At p = 0.2 a share p of the numbers should be dropped, here it is another share"),
        ("dropout", b"    return x, rng.random(x.shape)", "wrong-type", "of type array, it is tuple"),
        ("dropout", b"    return x[..., None]", "wrong-shape", "shape (40, 8, 50), it has (40, 8, 50, 1)"),
        ("cross_entropy", ENTROPY + b"0.5", "wrong-value", "The result is wrong."),
        ("cross_entropy", ENTROPY + b"np.nan", "is-nan", "The result is nan or infinity."),
        ("cross_entropy", ENTROPY + b"np.zeros(1)", "not-one-number", "one number, it has shape (1,)"),
        ("count_parameters", COUNT + b"12", "wrong-value", "The result is wrong."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_in_words_that_fit(
    exercise: str, source: bytes, reason: str, words: str, sandbox: Sandbox
) -> None:
    text = DROPOUT + source if exercise == "dropout" else source
    verdict = graded(text, sandbox, exercise)
    culprit = verdict.culprit
    assert culprit is not None
    assert culprit.reason is not None
    assert (verdict.mistakes, culprit.reason.key) == ((), f"reason.{reason}")
    assert words in explained(verdict, speak("en"))


def test_an_unreadable_file(sandbox: Sandbox, tmp_path: Path) -> None:
    verdict = grade_file(tmp_path / "01_softmax.py", "softmax", sandbox)
    check_form(verdict)
    assert (verdict.status, verdict.reason and verdict.reason.key) == ("error", "reason.unreadable")
    verdict = grade_file(tmp_path, "softmax", sandbox)
    assert verdict.status == "error"


def test_the_file_is_graded_from_its_path(sandbox: Sandbox, tmp_path: Path) -> None:
    path = tmp_path / "01_softmax.py"
    path.write_bytes(RIGHT)
    verdict = grade_file(path, "softmax", sandbox, 12)
    assert (verdict.file, verdict.seed, verdict.exercise) == (str(path), 12, "softmax")
    assert verdict.seconds > 0


def test_the_line_of_a_syntax_error(sandbox: Sandbox) -> None:
    verdict = graded(RIGHT + b"x = (\n", sandbox)
    assert verdict.reason is not None
    assert verdict.reason.values["line"] == 5
    assert verdict.functions[0].error is not None


def test_an_exception_is_shown_at_the_own_line_with_shapes(sandbox: Sandbox) -> None:
    verdict = graded(SOFTMAX + b"    return e @ np.ones((50, 2))\n", sandbox)
    assert verdict.culprit is not None
    error = verdict.culprit.error
    assert error is not None
    assert (error.line, error.source) == (4, "return e @ np.ones((50, 2))")
    assert error.type == "ValueError"
    assert {"x", "e"} <= set(error.shapes)


def test_a_similar_name_is_pointed_at(sandbox: Sandbox) -> None:
    culprit = graded(b"def soft_max(x, axis=-1): return x", sandbox).culprit
    assert culprit is not None
    assert culprit.reason is not None
    assert culprit.reason.values["similar"] == "soft_max"


def test_holes_below_which_nothing_runs_are_holes(sandbox: Sandbox) -> None:
    assert graded(SOFTMAX + b"    return ...\nprint(softmax(np.eye(2)) + 1)", sandbox).status == "unsolved"


# ---------------------------------------------------------------- several functions


MASKS = b"""import numpy as np
def causal_mask(n_queries, n_keys=None):
    n_keys = n_keys or n_queries
    return np.tri(n_queries, n_keys, n_keys - n_queries, dtype=bool)
def padding_mask(ids, pad):
    ...
def combine_masks(*masks):
    return masks[0]
"""


def test_credit_is_partial_by_function(sandbox: Sandbox) -> None:
    verdict = graded(MASKS, sandbox, "masks")
    assert [function.status for function in verdict.functions] == ["passed", "unsolved", "failed"]
    assert verdict.points == pytest.approx(1 / 3)
    assert in_short(verdict) == "failed"


def test_a_missing_function_does_not_hide_the_others(sandbox: Sandbox) -> None:
    verdict = graded(MASKS.replace(b"def padding_mask", b"def pad_mask"), sandbox, "masks")
    assert [function.status for function in verdict.functions] == ["passed", "error", "failed"]


# ---------------------------------------------------------------- evidence


def evidence(source: str, exercise: str, sandbox: Sandbox) -> Evidence:
    verdict = graded(f"import numpy as np\nfrom reference import *\n{source}".encode(), sandbox, exercise)
    assert verdict.culprit is not None
    found = verdict.culprit.evidence
    assert found is not None
    return found


ATTENTION = """
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2)
    scaled = {scaled}
    weights = masked_softmax(scaled, {mask})
    return weights @ v, weights
"""


def test_the_first_step_that_parts_is_shown_with_its_values(sandbox: Sandbox) -> None:
    found = evidence(
        ATTENTION.format(scaled="scores * 3", mask="mask"), "scaled_dot_product_attention", sandbox
    )
    assert found.step == "scaled"
    factor = 3 * np.sqrt(found.arguments["q"].shape[-1])
    assert found.pattern == Phrase("pattern.factor", {"factor": pytest.approx(factor)})
    assert np.allclose(found.got, factor * found.expected)


HALVED = b"""import numpy as np
from reference import masked_softmax
def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ np.swapaxes(k, -1, -2) / q.shape[-1] ** 0.5, mask)
    return w @ v + v.max(-2, keepdims=True) ** 2, w / 2
"""


def test_a_pattern_of_another_part_than_the_one_shown_says_so(sandbox: Sandbox) -> None:
    culprit = graded(HALVED, sandbox, "scaled_dot_product_attention").culprit
    assert culprit is not None
    assert culprit.evidence is not None
    half = Phrase("pattern.factor", {"factor": pytest.approx(0.5)})
    assert culprit.evidence.pattern == Phrase("pattern.of-part", {"part": "result[1]", "pattern": half})


def test_a_changed_input_is_told_without_numbers_that_agree(sandbox: Sandbox) -> None:
    culprit = graded(RIGHT.replace(b"    e =", b"    x -= x.max()\n    e ="), sandbox).culprit
    assert culprit is not None
    assert culprit.reason == Phrase("reason.changes-inputs", {"parameters": "x"})
    assert culprit.evidence is None


def test_the_input_is_small_and_whole(sandbox: Sandbox) -> None:
    found = evidence(
        ATTENTION.format(scaled="scores * 3", mask="mask"), "scaled_dot_product_attention", sandbox
    )
    assert found.smallest
    arrays = [found.arguments[name] for name in "qkv"]
    assert sum(array.size for array in arrays) <= 20
    assert all(np.all(array == np.round(array)) for array in arrays)


def test_a_fault_that_needs_a_mask_is_shown_with_one(sandbox: Sandbox) -> None:
    found = evidence(
        ATTENTION.format(scaled="scores / np.sqrt(q.shape[-1])", mask="None"),
        "scaled_dot_product_attention",
        sandbox,
    )
    assert found.arguments["mask"] is not None
    assert found.pattern == Phrase("pattern.only-with", {"facet": "masks"})


def test_nothing_is_said_about_a_mask_that_is_not_shown(sandbox: Sandbox) -> None:
    """Right without a batch: the first call that fails has a mask, the smallest has none."""
    source = """
def scaled_dot_product_attention(q, k, v, mask=None):
    w = masked_softmax(q @ np.swapaxes(k, -1, -2) / q.shape[1] ** 0.5, mask)
    return w @ v, w
"""
    found = evidence(source, "scaled_dot_product_attention", sandbox)
    assert "mask" not in found.arguments
    inner = found.pattern.values.get("pattern", found.pattern) if found.pattern else None
    assert inner is None or "only" not in getattr(inner, "key", "")


def test_a_step_of_another_meaning_is_not_blamed(sandbox: Sandbox) -> None:
    """`scores` is scaled already: another style, and the fault comes later."""
    source = """
def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    scaled = scores
    weights = masked_softmax(scaled, mask) ** 1.5
    return weights @ v, weights
"""
    assert evidence(source, "scaled_dot_product_attention", sandbox).step == "weights"


CACHED = """
def decode_step(x, layers, cache, n_heads):
    caches = list(cache.layers)
    positions = cache.offset + np.arange(x.shape[-2])
    hidden = x
    for i, weights in enumerate(layers):
        normalised = layer_norm(hidden, *weights.norm_1)
        q, k, v = [split_heads(normalised @ w, n_heads) for w in weights.attention[:3]]
        turned_q = rotary(q, positions)
        k = np.concatenate([caches[i].k, rotary(k, positions)], axis=-2)
        v = np.concatenate([caches[i].v, v], axis=-2)
        caches[i] = KVCache(k, v)
        heads, _ = scaled_dot_product_attention(turned_q, k, v, causal_mask(len(positions), k.shape[-2]))
        attended = hidden + merge_heads(heads) @ weights.attention.w_o
        hidden = attended + feed_forward(attended, *weights.feed_forward)
    return hidden, DecoderCache(caches, cache.offset + x.shape[-2])
"""


def test_the_first_step_is_not_that_of_a_later_pass(sandbox: Sandbox) -> None:
    """In the second layer everything differs; what is wrong is the end of the first."""
    found = evidence(CACHED, "kv_cache", sandbox)
    assert found.step == "hidden"
    assert len(found.arguments["layers"]) == 1


def test_no_step_is_blamed_where_correct_work_may_differ(sandbox: Sandbox) -> None:
    source = """
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, finished = [([bos], 0.0)], []
    for _ in range(max_len):  # the beam stays as wide as it was, which is fine
        grown = [(text + [t], p + x) for text, p in live for t, x in enumerate(step(text))]
        grown = sorted(grown, key=lambda each: -each[1])[:beam]
        finished += [each for each in grown if each[0][-1] == eos]
        live = [each for each in grown if each[0][-1] != eos]
    hypotheses = finished + live
    return max(hypotheses, key=lambda each: each[1])[0][1:]
"""
    assert evidence(source, "beam_search", sandbox).step is None


def test_a_pattern_speaks_of_the_numbers_that_are_shown(sandbox: Sandbox) -> None:
    source = "def softmax(x, axis=-1):\n    return np.exp(x - x.max(axis, keepdims=True)) + 0 * x.mean()\n"
    found = evidence(source, "softmax", sandbox)
    assert found.pattern is not None
    assert found.pattern.key == "pattern.rows-sum"
    assert found.pattern.values["got"] == pytest.approx(found.got.sum(axis=-1).min())


def test_what_is_thrown_away_is_no_step(sandbox: Sandbox) -> None:
    source = """
from reference import scaled_dot_product_attention
def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    one, _ = scaled_dot_product_attention(x_q @ weights.w_q, x_kv @ weights.w_k, x_kv @ weights.w_v)
    return one @ weights.w_o
"""
    found = evidence(source, "multi_head_attention", sandbox)
    assert found.step is None
    assert found.expected.shape == found.got.shape


def test_without_names_in_common_the_result_is_shown(sandbox: Sandbox) -> None:
    source = "def softmax(x, axis=-1):\n    return np.exp(x) / np.exp(2 * x).sum(axis, keepdims=True)\n"
    found = evidence(source, "softmax", sandbox)
    assert found.step is None
    assert found.expected.shape == found.got.shape == found.arguments["x"].shape


# ---------------------------------------------------------------- passing


def test_a_pass_says_what_was_proven(sandbox: Sandbox) -> None:
    text = solution_text(catalog.find("scaled_dot_product_attention"), speak("en")).encode()
    (function,) = graded(text, sandbox, "scaled_dot_product_attention").functions
    assert function.checks >= 15
    assert {"masks", "empty-rows", "float32", "batches", "large", "repeat", "untouched"} <= set(
        function.facets
    )


def test_advice_on_right_work(sandbox: Sandbox) -> None:
    wide = RIGHT.replace(b"x.max", b"np.float64(1) * x.max")
    assert [phrase.key for phrase in graded(wide, sandbox).advice] == ["advice.float64-from-float32"]
    advice = graded(SOFTMAX + b"    for _ in x:\n        pass\n" + SHARE, sandbox).advice
    assert [(phrase.key, phrase.values.get("count")) for phrase in advice] == [("advice.python-loops", 1)]


def test_no_advice_against_a_loop_that_the_reference_has_in_brackets(sandbox: Sandbox) -> None:
    text = solution_text(catalog.find("masks"), speak("en"))
    one_by_one = """def combine_masks(*masks):
    combined = None
    for mask in masks:
        if mask is not None:
            combined = mask if combined is None else combined & mask
    return combined
"""
    verdict = graded((text + "\n\n" + one_by_one).encode(), sandbox, "masks")
    assert (verdict.status, verdict.advice) == ("passed", ())


def test_what_is_printed_is_kept(sandbox: Sandbox) -> None:
    assert "hello" in graded(b"print('hello')\n" + RIGHT, sandbox).output


# ---------------------------------------------------------------- seeds and several files


def test_a_seed_makes_a_verdict_repeatable(sandbox: Sandbox) -> None:
    wrong = RIGHT.replace(b"np.exp(x", b"np.exp(2 * x")
    one, two = (grade_file(wrong, "softmax", sandbox, 5) for _ in range(2))
    assert repr(one._replace(seconds=0)) == repr(two._replace(seconds=0))
    other = grade_file(wrong, "softmax", sandbox, 6)
    assert repr(other._replace(seconds=0, seed=5)) != repr(one._replace(seconds=0))


def test_seeds_are_fresh(sandbox: Sandbox) -> None:
    assert len({grade_file(RIGHT, "softmax", sandbox).seed for _ in range(6)}) > 1


def test_known_answers_do_not_help(sandbox: Sandbox) -> None:
    """An attempt that knows the answers to one seed fails with another."""
    exercise = catalog.find("softmax")
    known = [
        (probe.arguments["x"].tolist(), reference_functions(exercise)["softmax"](**probe.arguments).tolist())
        for probe in probes_of(exercise, 1)["softmax"]
        if probe.arguments["x"].dtype == np.float64
    ]
    source = f"import numpy as np\nnan, inf = np.nan, np.inf\nknown = {known!r}\ndef softmax(x, axis=-1):\n"
    source += "    return next((np.array(b) for a, b in known if np.array_equal(a, x)), x)\n"
    assert grade_file(source.encode(), exercise, sandbox, 1).functions[0].checks > 8
    assert grade_file(source.encode(), exercise, sandbox, 2).status == "failed"


def test_many_files_share_a_seed(sandbox: Sandbox) -> None:
    files: list[tuple[Path | bytes, Exercise | str]] = [(RIGHT, "softmax"), (b"", "attend")]
    files.append((RIGHT, catalog.find("softmax")))
    verdicts = list(grade_many(files, sandbox))
    assert [verdict.status for verdict in verdicts] == ["passed", "error", "passed"]
    assert len({verdict.seed for verdict in verdicts}) == 1


def test_an_attempt_does_not_spoil_the_next(sandbox: Sandbox) -> None:
    spoiler = b"import numpy as np\nnp.exp = np.sin\nnp.seterr(all='raise')\nnp.random.seed(0)\n"
    assert graded(spoiler + RIGHT, sandbox).status != "passed"
    assert graded(RIGHT, sandbox).status == "passed"


# ---------------------------------------------------------------- lean


def test_the_grader_imports_nothing_heavy() -> None:
    code = "import sys, exercises.grader; print(*sys.modules)"
    house = ATTEMPTS.parent.parent
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=house)
    assert not {"pytest", "hypothesis", "rich", "click", "torch", "jinja2", "genanki"} & set(
        done.stdout.split()
    )
