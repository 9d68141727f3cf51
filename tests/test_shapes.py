"""Shapes in words: the door says what is wrong in one sentence, and what the words promise is true."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
import types
from pathlib import Path

import numpy as np
import pytest

import reference
from reference import AttentionWeights, NormWeights, TransformerConfig
from reference.door import checked
from reference.shapes import Shape, annotated, parse_shape, shapes_of

rng = np.random.default_rng(7)
B, H, D_K, T_Q, D_V, T_K = 2, 3, 4, 5, 6, 7
Q, K, V = rng.normal(size=(B, T_Q, D_K)), rng.normal(size=(B, T_K, D_K)), rng.normal(size=(B, T_K, D_V))
CONFIG = TransformerConfig(
    vocabulary=11, d_model=12, n_heads=3, d_ff=20, n_encoder_layers=2, n_decoder_layers=2
)


# ---------------------------------------------------------------- reading the words


def test_a_shape_has_kind_axes_and_whether_none_will_do():
    assert parse_shape('Bool[Array, "*#batch #queries #keys"] | None') == Shape(
        "Bool", ("*#batch", "#queries", "#keys"), optional=True
    )
    assert parse_shape('Float[Array, "d_model"]') == Shape("Float", ("d_model",))
    assert parse_shape("np.random.Generator") is None


def test_words_look_like_shapes():
    assert parse_shape('Float[Array, "d_model"]').words == "(d_model,)"
    assert parse_shape('Float[Array, "queries d_k"]').words == "(queries, d_k)"


def test_shapes_of_functions_and_named_tuples():
    assert list(shapes_of(reference.attend)) == ["query", "keys", "values"]
    assert shapes_of(AttentionWeights)["w_k"].axes == ("d_memory", "d_heads")
    assert shapes_of(reference.causal_mask) == {}


def test_names_and_signatures_survive_the_check():
    assert reference.softmax.__name__ == "softmax"
    assert list(inspect.signature(reference.softmax).parameters) == ["x", "axis"]
    assert inspect.unwrap(reference.softmax).__module__ == "reference.attention"


# ---------------------------------------------------------------- errors are sentences


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            lambda: reference.scaled_dot_product_attention(Q, K[:, :, :3], V),
            ValueError,
            r"attention: k must have shape \(\*batch, keys, d_k\) with d_k = 4 as in q, got \(2, 7, 3\)",
        ),
        (
            lambda: reference.scaled_dot_product_attention(Q, K, V, np.ones((T_Q, T_Q), bool)),
            ValueError,
            r"mask must have shape .* with keys = 7 as in k, got \(5, 5\)",
        ),
        (
            lambda: reference.scaled_dot_product_attention(Q, K, V, np.ones((1, 1, T_Q, T_K), bool)),
            ValueError,
            r"mask must have shape .* with batch axes that fit \(2,\), got \(1, 1, 5, 7\)",
        ),
        (
            lambda: reference.scaled_dot_product_attention(Q, K, V, np.ones((3, T_Q, T_K), bool)),
            ValueError,
            r"mask must have shape .* with batch axes that fit \(2,\), got \(3, 5, 7\)",
        ),
        (
            lambda: reference.scaled_dot_product_attention(Q, K[[0, 1, 1]], V),
            ValueError,
            r"k must have shape .* with batch axes that fit \(2,\), got \(3, 7, 4\)",
        ),
        (
            lambda: reference.scaled_dot_product_attention(Q, K, V, np.ones((T_Q, T_K))),
            TypeError,
            r"mask must be boolean \(True = may attend\), got float64",
        ),
        (
            lambda: reference.attend(np.ones(4), np.ones((0, 4)), V[0]),
            ValueError,
            "keys must have at least one element",
        ),
        (
            lambda: reference.attend(3.0, K, V),
            ValueError,
            r"query must have shape \(\*batch, d_k\), got \(\)",
        ),
        (lambda: reference.softmax(["a", "b"]), TypeError, "x must hold real numbers, got <U1"),
        (
            lambda: reference.softmax([[1, 2], [3]]),
            ValueError,
            "x must be a full array, got lists of unequal length",
        ),
        (lambda: reference.softmax(None), TypeError, "x must hold real numbers, got NoneType"),
        (lambda: reference.softmax(1j * np.ones(2)), TypeError, "x must hold real numbers, got complex128"),
        (lambda: reference.softmax(Q, axis=0.5), TypeError, "axis must be an integer, got 0.5"),
        (lambda: reference.softmax(), TypeError, "softmax: missing a required argument: 'x'"),
        (lambda: reference.embed([0.5], np.ones((3, 4))), TypeError, "ids must hold integers, got float64"),
        (
            lambda: reference.dropout(Q, "a", np.random.default_rng()),
            TypeError,
            "p must be a real number, got 'a'",
        ),
        (lambda: reference.dropout(Q, 0.5, 3), TypeError, "rng must be a numpy.random.Generator, got 3"),
        (lambda: reference.rotary(Q, np.arange(T_Q), layout=2), TypeError, "layout must be a string, got 2"),
        (
            lambda: reference.gelu(Q, approximate="yes"),
            TypeError,
            "approximate must be True or False, got 'yes'",
        ),
        (
            lambda: reference.combine_masks(np.ones((2, 2), bool), None, np.ones(3, bool)),
            ValueError,
            r"masks\[2\] must have shape \(\*#batch,\) with batch axes that fit \(2, 2\), got \(3,\)",
        ),
        (lambda: reference.combine_masks([1, 0]), TypeError, r"masks\[0\] must be boolean"),
        (
            lambda: reference.multi_head_attention(Q, Q, AttentionWeights(*[np.eye(5)] * 4), 1),
            ValueError,
            r"weights.w_q must have shape \(d_query, d_heads\) with d_query = 4 as in x_q, got \(5, 5\)",
        ),
        (
            lambda: reference.multi_head_attention(Q, Q, [np.eye(4)] * 4, 1),
            TypeError,
            "weights must be AttentionWeights, got list",
        ),
        (
            lambda: reference.encoder_layer(
                np.ones((5, 8)), reference.init_encoder_layer(CONFIG, np.random.default_rng(0)), 3
            ),
            ValueError,
            r"weights.attention.w_q must have shape .* with d_query = 8 as in x, got \(12, 12\)",
        ),
        (
            lambda: reference.padding_mask([[1, 2]], pad=0.5),
            TypeError,
            "pad must be an integer, got 0.5",
        ),
        (
            lambda: reference.softmax(np.ones((2, 0))),
            ValueError,
            "x must have at least one element along axis -1",
        ),
        (lambda: reference.softmax(np.ones(2), axis=1), ValueError, "axis must be from -1 to 0 .*, got 1"),
        (lambda: reference.lookup([], GAMMA[:, None]), ValueError, "ids must have at least one element"),
        (lambda: reference.split_heads(X, True), TypeError, "n_heads must be an integer, got True"),
        (lambda: reference.post_norm(X, 3, GAMMA, BETA), TypeError, "sublayer must be a function, got 3"),
        (lambda: reference.encoder_layer(*ENCODING, drop=0.1), TypeError, "drop must be a function, got 0.1"),
        (lambda: reference.greedy_decode([0.1], 1, 2, 3), TypeError, r"step must be a function, got \[0.1\]"),
        (lambda: reference.dropout(Q, [[0.5], []], rng), TypeError, "p must be a real number, got"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(call, error, sentence):
    with pytest.raises(error, match=sentence) as raised:
        call()
    assert "\n" not in str(raised.value)


def test_broken_weights_deep_in_a_model_are_named():
    weights = reference.init_transformer(CONFIG, np.random.default_rng(0))
    layer = weights.encoder.layers[1]._replace(norm_2=NormWeights(np.ones(12), np.ones(11)))
    broken = weights._replace(encoder=weights.encoder._replace(layers=(weights.encoder.layers[0], layer)))
    with pytest.raises(
        ValueError, match=r"weights.encoder.layers\[1\].norm_2.beta must have shape \(d_model,\)"
    ):
        reference.transformer([1, 2], [3], broken, n_heads=3)


LAYER = reference.init_decoder_layer(CONFIG, np.random.default_rng(0))


@pytest.mark.parametrize(
    ("call", "error", "sentence"),
    [
        (
            lambda: reference.multi_head_attention(X, MEMORY, NormWeights(GAMMA, BETA), 3),
            TypeError,
            "weights must be AttentionWeights, got NormWeights",
        ),
        (
            lambda: reference.transformer(IDS, IDS, ENCODER_DECODER._replace(encoder=None), 3),
            TypeError,
            "weights.encoder must be EncoderWeights, got NoneType",
        ),
        (
            lambda: reference.decode_step(X, None, reference.empty_cache(2, 3, 4, (B,)), 3),
            TypeError,
            "layers must be a sequence, got NoneType",
        ),
        (
            lambda: reference.decode_step(X, [LAYER], reference.empty_cache(1, 3, 4, (B,)), 3),
            TypeError,
            r"layers\[0\] must be EncoderLayerWeights, got DecoderLayerWeights",
        ),
        (
            lambda: reference.count_parameters(CONFIG._replace(d_model="512")),
            TypeError,
            "config.d_model must be an integer, got '512'",
        ),
        (
            lambda: reference.decoder_layer(X, MEMORY[..., :8], LAYER, 3),
            ValueError,
            r"weights.cross_attention.w_k must have shape .* with d_memory = 8 as in memory, got \(12, 12\)",
        ),
        (
            lambda: reference.multi_head_attention(X, MEMORY, weights_of(), 3, np.ones((4, T_Q, T_K), bool)),
            ValueError,
            r"mask must have shape .* with heads = 3 as in n_heads, got \(4, 5, 7\)",
        ),
        (
            lambda: reference.grouped_query_attention(X, MEMORY, weights_of(d_kv=4), 6, 3),
            ValueError,
            r"weights.w_k must have shape .* d_heads = 12 as in weights.w_q for groups of 2, got \(12, 4\)",
        ),
        (
            lambda: reference.modern_decoder(IDS, MODERN, 6, 4),
            ValueError,
            "modern_decoder: n_kv_heads must divide n_heads = 6, got 4",
        ),
        (
            lambda: reference.decode_step(X, [], reference.empty_cache(1, 3, 4), 3),
            ValueError,
            r"cache.layers\[0\].k must have .* the batch axes \(2,\) of the others, got \(3, 0, 4\)",
        ),
        (
            lambda: reference.decode_step(X, [], reference.empty_cache(1, 3, 4, (B,)), 3),
            ValueError,
            "cache must have one entry a layer, 0, got 1",
        ),
        (
            lambda: reference.empty_cache(1, -3, 4),
            ValueError,
            "n_layers, n_heads, d_head and batch must not be negative, got 1, -3, 4",
        ),
        (lambda: reference.alibi_bias(2, -1, 3), ValueError, "must not be negative, got -1 and 3"),
        (
            lambda: reference.teacher_forcing_batch([([1], "ab")], 1, 2, 0),
            TypeError,
            r"pairs\[0\]\[1\] must be a sequence, got str",
        ),
        (
            lambda: reference.teacher_forcing_batch([([1], [2], [3])], 1, 2, 0),
            TypeError,
            r"pairs\[0\] must be a tuple of 2, got tuple of 3",
        ),
    ],
)
def test_wrong_weights_caches_and_numbers_are_named(call, error, sentence):
    with pytest.raises(error, match=sentence) as raised:
        call()
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (
            lambda: reference.encoder_layer_backward(X[0], *ENCODING),
            r"d_output must have .* with the batch axes \(2,\) of the others, got \(5, 12\)",
        ),
        (
            lambda: reference.layer_norm_backward(np.ones((3, B, T_Q, 12)), X, GAMMA, BETA),
            r"d_output must have .* with the batch axes \(2, 5\) of the others",
        ),
        (
            lambda: reference.gelu_backward(X[0], X),
            r"x must have shape \(\*shape,\) with shape = \(5, 12\) as in d_output, got \(2, 5, 12\)",
        ),
        (
            lambda: reference.project_qkv_backward((Q, Q, Q[0]), X, *rng.normal(size=(3, 12, D_K))),
            r"d_output\[2\] must have .* with the batch axes \(2,\) of the others",
        ),
        (
            lambda: reference.split_heads_backward(X[:, None], X[..., :11], 1),
            "d_output must have heads of d_model",
        ),
        (lambda: reference.merge_heads_backward(X, X[:, None, :, :5]), "d_output must hold the 1 heads of x"),
        (
            lambda: reference.lookup_backward(X[0], [0, 1, 2, 3, -1], np.ones((4, 12))),
            "ids must be from 0 to 3, got -1",
        ),
        (
            lambda: reference.adam_step(GAMMA, GAMMA[:1], reference.adam_start(GAMMA), 0.1),
            r"gradient must have shape .* with shape = \(12,\) as in parameter, got \(1,\)",
        ),
        (
            lambda: reference.kl_divergence(X, X[0]),
            r"labels must have shape \(\*rows, classes\) with rows = \(2, 5\) as in logits, got \(5, 12\)",
        ),
        (
            lambda: reference.soft_cross_entropy(X, 0 * X),
            "labels must hold at least one row that is not padding",
        ),
        (
            lambda: reference.soft_cross_entropy_backward(1.0, X, 0 * X),
            "labels must hold at least one row that is not padding",
        ),
        (lambda: reference.cross_entropy_backward(1.0, X, IDS + 12), "targets must be from 0 to 11, got"),
        (
            lambda: reference.cross_entropy_backward(1.0, X, 0 * IDS, pad=0),
            "targets must be from 0 to 11, got none that is not padding",
        ),
        (lambda: reference.smooth_labels([], 0, 0.1), "n_classes must be at least 1, got 0"),
        (lambda: reference.noam_learning_rate(1, 0), "d_model must be at least 1, got 0"),
        (lambda: reference.next_token_probabilities(GAMMA, float("nan")), "temperature must be .*, got nan"),
        (lambda: reference.multi_head_attention_backward(X, X, X, weights_of(), 0), "n_heads must divide"),
    ],
)
def test_gradients_and_losses_of_the_wrong_shape_are_refused_and_not_broadcast(call, sentence):
    with pytest.raises(ValueError, match=sentence) as raised:
        call()
    assert "\n" not in str(raised.value)


def test_a_bias_of_the_wrong_width_is_named():
    pairs = [reference.Affine(np.eye(4), np.zeros(width)) for width in (4, 4, 4, 3)]
    with pytest.raises(
        ValueError, match=r"weights.w_o.b must have shape \(d_out,\) with d_out = 4 as in weights.w_o.w"
    ):
        reference.multi_head_attention(Q, Q, AttentionWeights(*pairs), 1)


# ---------------------------------------------------------------- what the door lets in


def test_lists_and_integers_become_float64_and_floats_stay_what_they_are():
    assert reference.softmax([1, 2, 3]).dtype == np.float64
    assert reference.softmax(np.arange(3, dtype=np.int8)).dtype == np.float64
    for dtype in (np.float16, np.float32, np.float64):
        assert reference.softmax(np.arange(3, dtype=dtype)).dtype == dtype


def test_numbers_of_numpy_change_no_precision_and_do_not_overflow():
    """Under NumPy 2 a np.float64 turns float32 arrays into float64."""
    x, ones, double = X.astype(np.float32), np.ones(12, np.float32), np.float64
    parameter, state = reference.adam_step(ones, ones, reference.adam_start(ones), double(0.1), double(0.9))
    outputs = [
        reference.layer_norm(x, ones, ones, double(1e-5)),
        reference.rms_norm(x, ones, np.array(1e-6)),
        reference.dropout(x, double(0.5), np.random.default_rng(0)),
        reference.cross_entropy_backward(double(1), x, IDS),
        parameter,
        state.m,
    ]
    assert {output.dtype for output in outputs} == {np.dtype(np.float32)}
    small = CONFIG._replace(**{name: np.int8(100) for name in ("vocabulary", "d_model", "d_ff")})
    assert reference.count_parameters(small) == reference.count_parameters(
        CONFIG._replace(vocabulary=100, d_model=100, d_ff=100)
    )


def test_a_plain_tuple_of_weights_will_do():
    weights = AttentionWeights(*rng.normal(size=(4, 4, 4)))
    expected = reference.multi_head_attention(Q, K, weights, 2)
    np.testing.assert_array_equal(reference.multi_head_attention(Q, K, tuple(weights), 2), expected)


@pytest.mark.parametrize(
    "shape", [(), (T_K,), (1,), (T_Q, T_K), (1, T_K), (T_Q, 1), (B, 1, 1), (1, T_Q, T_K)]
)
def test_masks_of_every_shape_that_broadcasts_are_let_in(shape):
    mask = rng.random(shape) < 0.7
    output, _ = reference.scaled_dot_product_attention(Q, K, V, mask)
    full = np.broadcast_to(mask, (B, T_Q, T_K))
    np.testing.assert_array_equal(output, reference.scaled_dot_product_attention(Q, K, V, full)[0])
    np.testing.assert_allclose(reference.tiled_attention(Q, K, V, mask, block=3), output)


def test_batch_axes_broadcast_and_may_be_empty():
    assert reference.scaled_dot_product_attention(Q, K[0], V[0])[0].shape == (B, T_Q, D_V)
    assert reference.scaled_dot_product_attention(Q[:0], K[:0], V[:0])[0].shape == (0, T_Q, D_V)


def test_none_is_let_in_only_where_the_annotation_says_so():
    assert reference.dot_product_scores(np.ones(4), K, None).shape == (B, T_K)
    with pytest.raises(TypeError, match="keys must hold real numbers, got NoneType"):
        reference.dot_product_scores(np.ones(4), None)


def test_a_fixed_axis_has_its_size():
    def column(x: Float[Array, "tokens 1"]) -> None:
        """An axis of size 1."""

    checked(column)(np.ones((3, 1)))
    with pytest.raises(ValueError, match=r"x must have shape \(tokens, 1\), got \(3, 2\)"):
        checked(column)(np.ones((3, 2)))


def test_subclasses_of_arrays_are_plain_arrays_inside():
    assert type(reference.softmax(np.ma.masked_array([1.0, 2.0], [True, False]))) is np.ndarray


# ---------------------------------------------------------------- the words are true


def weights_of(d_query=12, d_memory=12, d_kv=12):
    return AttentionWeights(
        *[rng.normal(size=s) for s in ((d_query, 12), (d_memory, d_kv), (d_memory, d_kv), (12, 12))]
    )


X, MEMORY, MASK = (
    rng.normal(size=(B, T_Q, 12)),
    rng.normal(size=(B, T_K, 12)),
    rng.random((B, 1, T_Q, T_K)) < 0.7,
)
IDS = rng.integers(0, 11, size=(B, T_Q))
ENCODER_DECODER = reference.init_transformer(CONFIG, rng)
ENCODING = (X, ENCODER_DECODER.encoder.layers[0], 3)
GPT2 = reference.init_gpt2(TransformerConfig(11, 12, 3, 20, 0, 2, "pre", True, True, 9), rng)
MODERN = reference.init_modern_decoder(reference.ModernConfig(11, 12, 6, 3, 20, 2), rng)
SQUARE = np.tri(T_Q, dtype=bool)[None, None]
FFN = tuple(rng.normal(size=s) for s in ((12, 20), (20,), (20, 10), (10,)))
GAMMA, BETA = rng.normal(size=(2, 12))

DRAWING = {"dropout", "init_matrix", "init_embedding"}  # a second call draws other numbers

CALLS = {
    "softmax": (Q,),
    "log_softmax": (Q,),
    "attend": (Q[:, 0], K, V),
    "additive_scores": (Q[:, 0], V, rng.normal(size=(D_K, 9)), rng.normal(size=(D_V, 9)), rng.normal(size=9)),
    "dot_product_scores": (Q[:, 0], V, rng.normal(size=(D_K, D_V))),
    "project_qkv": (X, *rng.normal(size=(2, 12, D_K)), rng.normal(size=(12, D_V))),
    "causal_mask": (3, 5),
    "padding_mask": (IDS, 0),
    "combine_masks": (SQUARE[0, 0], None, np.ones(T_Q, bool)),
    "mask_scores": (rng.normal(size=(B, T_Q, T_K)), MASK[:, 0]),
    "masked_softmax": (rng.normal(size=(B, T_Q, T_K)), MASK[:, 0]),
    "scaled_dot_product_attention": (Q, K, V, MASK[:, 0]),
    "biased_attention": (Q, K, V, rng.normal(size=(T_Q, T_K)), MASK[:, 0]),
    "tiled_attention": (Q, K, V, MASK[:, 0], 3),
    "self_attention": (X, *rng.normal(size=(2, 12, D_K)), rng.normal(size=(12, D_V)), SQUARE[0]),
    "split_heads": (X, 3),
    "merge_heads": (rng.normal(size=(B, 3, T_Q, D_K)),),
    "multi_head_attention": (X[..., :8], MEMORY[..., :10], weights_of(8, 10), 3, MASK),
    "cross_attention": (X[..., :8], MEMORY[..., :10], weights_of(8, 10), 3, MASK),
    "grouped_query_attention": (X[..., :8], MEMORY[..., :10], weights_of(8, 10, 6), 6, 3, MASK),
    "sinusoidal_positions": (T_Q, 12),
    "rotary": (X, np.arange(T_Q)),
    "alibi_bias": (3, T_Q, T_K),
    "lookup": (IDS, rng.normal(size=(11, 12))),
    "embed": (IDS, rng.normal(size=(11, 12)), rng.normal(size=(20, 12))),
    "linear": (X, rng.normal(size=(12, 10)), rng.normal(size=10)),
    "relu": (X,),
    "gelu": (X,),
    "silu": (X,),
    "feed_forward": (X, *FFN),
    "swiglu": (X, *rng.normal(size=(2, 12, 20)), rng.normal(size=(20, 10))),
    "layer_norm": (X, GAMMA, BETA),
    "rms_norm": (X, GAMMA),
    "post_norm": (X, np.tanh, GAMMA, BETA),
    "pre_norm": (X, np.tanh, GAMMA, BETA),
    "add_and_norm": (X, np.tanh, NormWeights(GAMMA, BETA)),
    "dropout": (X, 0.5, rng),
    "dropped": (X, np.tanh),
    "encoder_layer": (X, ENCODER_DECODER.encoder.layers[0], 3, SQUARE),
    "encoder": (X, ENCODER_DECODER.encoder, 3, SQUARE),
    "decoder_layer": (X, MEMORY, ENCODER_DECODER.decoder.layers[0], 3, SQUARE, MASK),
    "decoder": (X, MEMORY, ENCODER_DECODER.decoder, 3, SQUARE, MASK),
    "transformer": (rng.integers(0, 11, size=(B, T_K)), IDS, ENCODER_DECODER, 3, None, SQUARE),
    "gelu_feed_forward": (X, reference.init_feed_forward(CONFIG, rng)),
    "gpt2_layer": (X, GPT2.layers[0], 3, SQUARE),
    "gpt2": (IDS, GPT2, 3, SQUARE),
    "grouped_rotary_attention": (X, MODERN.layers[0].attention, 6, 3, np.arange(T_Q), SQUARE),
    "modern_decoder_layer": (X, MODERN.layers[0], 6, 3, SQUARE),
    "modern_decoder": (IDS, MODERN, 6, 3, SQUARE),
    "init_matrix": (3, 4, rng),
    "init_embedding": (4, CONFIG, rng),
}
MODULES = ("attention", "tiling", "positions", "layers", "weights", "transformer", "language_models")
ANNOTATED = [
    function
    for module in MODULES
    for name, function in vars(sys.modules[f"reference.{module}"]).items()
    if isinstance(function, types.FunctionType) and function.__module__ == f"reference.{module}"
    if any(parse_shape(note) for note in function.__annotations__.values())
]


@pytest.mark.parametrize("function", ANNOTATED, ids=lambda function: function.__name__)
def test_jaxtyping_agrees_with_every_annotation(function):
    """An independent reader of the same words, on sizes that all differ, and on what is returned too."""
    jaxtyping, beartype = pytest.importorskip("jaxtyping"), pytest.importorskip("beartype")
    words = {name: getattr(jaxtyping, name) for name in ("Float", "Int", "Bool")}
    names = {**vars(sys.modules[function.__module__]), **words, "Array": np.ndarray}
    typed = types.FunctionType(
        function.__code__,
        function.__globals__,
        function.__name__,
        function.__defaults__,
        function.__closure__,
    )
    typed.__annotations__ = {name: eval(note, names) for name, note in function.__annotations__.items()}
    jaxtyping.jaxtyped(typed, typechecker=beartype.beartype)(*CALLS[function.__name__])


@pytest.mark.parametrize("name", [name for name in CALLS if name not in DRAWING])
def test_the_door_lets_the_same_calls_in_and_changes_nothing(name):
    checked_result, plain = getattr(reference, name)(*CALLS[name]), inspect.unwrap(getattr(reference, name))
    for one, other in zip(flat(checked_result), flat(plain(*CALLS[name])), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("name", CALLS)
def test_inputs_are_never_changed(name):
    before = [np.array(array) for array in flat(CALLS[name])]
    getattr(reference, name)(*CALLS[name])
    for one, other in zip(flat(CALLS[name]), before, strict=True):
        np.testing.assert_array_equal(one, other)


def flat(thing):
    """All arrays in nested tuples."""
    if isinstance(thing, tuple):
        return [array for part in thing for array in flat(part)]
    return [thing] if isinstance(thing, np.ndarray) else []


def as_float32(thing):
    if isinstance(thing, tuple):
        parts = [as_float32(part) for part in thing]
        return type(thing)(*parts) if hasattr(thing, "_fields") else tuple(parts)
    if isinstance(thing, np.ndarray) and thing.dtype == np.float64:
        return thing.astype(np.float32)
    return thing


def takes_floats(name):
    return any(array.dtype == np.float32 for array in flat(as_float32(CALLS[name])))


@pytest.mark.parametrize("name", [name for name in CALLS if takes_floats(name)])
def test_float32_stays_float32(name):
    arguments = as_float32(CALLS[name])
    for array in flat(getattr(reference, name)(*arguments)):
        assert array.dtype == np.float32


# ---------------------------------------------------------------- importing


def test_everything_public_can_be_imported_from_reference():
    for module in MODULES:
        for name, thing in vars(sys.modules[f"reference.{module}"]).items():
            if not name.startswith("_") and getattr(thing, "__module__", "") == f"reference.{module}":
                assert name in reference.__all__, name


def test_every_public_function_says_its_shapes_in_words():
    plain = [
        f"{name}.{argument}: {note}"
        for name in reference.__all__
        if inspect.isfunction(getattr(reference, name))
        for argument, note in annotated(getattr(reference, name)).items()
        if "Array" in note and parse_shape(note) is None and not note.startswith("Callable")
    ]
    assert plain == ["projection_backward.w: Array | Affine"]


SEAM = """
softmax log_softmax additive_scores dot_product_scores attend project_qkv causal_mask padding_mask
combine_masks mask_scores masked_softmax scaled_dot_product_attention biased_attention self_attention
split_heads merge_heads multi_head_attention cross_attention grouped_query_attention tiled_attention
sinusoidal_positions rotary alibi_bias lookup embed linear relu gelu silu layer_norm rms_norm
feed_forward swiglu post_norm pre_norm dropout encoder_layer encoder decoder_layer decoder transformer
modern_decoder_layer count_parameters init_transformer scaled_dot_product_attention_backward
multi_head_attention_backward layer_norm_backward transformer_backward dropout_backward
teacher_forcing_batch cross_entropy smooth_labels noam_learning_rate adam_step greedy_decode beam_search
next_token_probabilities decode_step
""".split()  # noqa: SIM905


@pytest.mark.parametrize("name", SEAM)
def test_the_seam_is_checked_and_callable(name):
    function = getattr(reference, name)
    assert inspect.isfunction(function)
    assert function.__wrapped__ is inspect.unwrap(function)
    assert name in reference.__all__


def test_importing_the_reference_is_quick(tmp_path):
    """A small part of what NumPy's own import takes, once Python has its byte code."""
    code = """
import time
start = time.process_time()
import numpy
between = time.process_time()
import reference
print((time.process_time() - between) / (between - start))
"""
    clean = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment = {**clean, "PYTHONPYCACHEPREFIX": str(tmp_path)}
    root = Path(reference.__file__).parents[1]
    shares = [
        float(
            subprocess.run(
                [sys.executable, "-c", code], cwd=root, env=environment, capture_output=True, check=True
            ).stdout
        )
        for _ in range(4)
    ]
    assert min(shares) < 0.4
