"""Every gradient against central differences, at points where the usual mistakes show.

All sizes differ, T_q != T_k, batch and heads are above 1, gamma and beta are not neutral, masks broadcast and
leave some queries without any key, dropout is on with a fixed generator.
"""

from __future__ import annotations

import inspect
from functools import partial

import numpy as np
import pytest

import reference
from reference import backprop as bp
from reference import gradients as g
from reference import head_gradients as hg
from reference import layer_gradients as lg
from reference import model_gradients as mg
from reference.attention import (
    AttentionWeights,
    additive_scores,
    attend,
    biased_attention,
    cross_attention,
    dot_product_scores,
    grouped_query_attention,
    log_softmax,
    mask_scores,
    masked_softmax,
    merge_heads,
    multi_head_attention,
    project_qkv,
    scaled_dot_product_attention,
    self_attention,
    softmax,
    split_heads,
)
from reference.language_models import (
    ModernConfig,
    gelu_feed_forward,
    gpt2,
    gpt2_layer,
    grouped_rotary_attention,
    init_gpt2,
    init_modern_decoder,
    modern_decoder,
    modern_decoder_layer,
)
from reference.layers import (
    Affine,
    FeedForwardWeights,
    NormWeights,
    SwigluWeights,
    add_and_norm,
    dropout,
    embed,
    feed_forward,
    gelu,
    layer_norm,
    linear,
    lookup,
    post_norm,
    pre_norm,
    relu,
    rms_norm,
    silu,
    swiglu,
)
from reference.model_backprop import transformer_pullback
from reference.positions import rotary
from reference.training import cross_entropy, kl_divergence, smooth_labels, soft_cross_entropy
from reference.transformer import decoder, decoder_layer, encoder, encoder_layer, transformer
from reference.vector import flatten, unflatten
from reference.weights import TransformerConfig, init_transformer

B, H, TQ, TK, DK, DV, D, V = 2, 3, 5, 7, 4, 6, 12, 11
SEED = 20240229


@pytest.fixture(autouse=True)
def fresh_numbers():
    """Every test draws its own numbers, whatever ran before it."""
    global rng
    rng = np.random.default_rng(SEED)


def normal(*shape):
    return rng.normal(size=shape)


def is_floats(value):
    """Does it hold numbers that have a gradient?"""
    if isinstance(value, tuple):
        return any(is_floats(part) for part in value)
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"


def first_output(result):
    return result[0] if type(result) is tuple else result


def derivative(function, arguments, index, direction, h):
    """How fast the output grows when argument `index` moves in `direction`: a central difference."""
    start, like = flatten((arguments[index],)), (arguments[index],)
    ends = []
    for sign in (1, -1):
        moved = list(arguments)
        moved[index] = unflatten(start + sign * h * direction, like)[0]
        ends.append(np.asarray(first_output(function(*moved))))
    return (ends[0] - ends[1]) / (2 * h)


def check(function, backward, *arguments, every_direction=True, extra=(), has_gradient=None):
    """The gradients that `backward` returns are those of `function`, form and numbers."""
    output = np.asarray(first_output(function(*arguments)))
    d_output = normal(*output.shape)
    before = [np.copy(a) if isinstance(a, np.ndarray) else a for a in arguments]
    found = backward(d_output, *arguments, *extra)
    asked = [i for i, a in enumerate(arguments) if is_floats(a)] if has_gradient is None else has_gradient
    found = found if type(found) is tuple else (found,)
    assert len(found) == len(asked)
    for i, gradient in zip(asked, found, strict=True):
        assert type(gradient) is type(arguments[i])
        vector = flatten((gradient,))
        assert vector.size == flatten((arguments[i],)).size
        directions = np.eye(vector.size) if every_direction else normal(12, vector.size)
        errors = np.full(len(directions), np.inf)
        for h in (1e-5, 1e-6, 1e-7):  # a kink of relu between the two ends spoils a difference: take another
            numeric = [np.sum(d_output * derivative(function, arguments, i, e, h)) for e in directions]
            errors = np.minimum(errors, np.abs(directions @ vector - numeric))
            tolerance = 1e-6 * np.max(np.abs(numeric)) + 1e-9
            if np.all(errors < tolerance):
                break
        assert np.all(errors < tolerance), (
            f"argument {i}: off by {errors.max():.1e} of {np.max(np.abs(numeric)):.1e}"
        )
    for old, new in zip(before, arguments, strict=True):
        if isinstance(old, np.ndarray):
            np.testing.assert_array_equal(old, new)


def ragged_mask(*shape):
    """Half of the keys, another half for each query, and one query without any."""
    mask = np.random.default_rng(1).random(shape) < 0.5
    mask[..., 0] |= ~mask.any(axis=-1)
    mask[..., 1, :] = False
    return mask


MASKS = {
    "none": None,
    "queries keys": ragged_mask(TQ, TK),
    "batch 1 keys": ragged_mask(B, 2, TK)[:, :1],
    "heads queries keys": ragged_mask(H, TQ, TK),
    "all": ragged_mask(B, H, TQ, TK),
}
masks = pytest.mark.parametrize("mask", MASKS.values(), ids=MASKS)


def four(mask):
    """The mask with axes for batch and heads."""
    return mask[:, None] if mask is not None and mask.shape == (B, 1, TK) else mask


# ---------------------------------------------------------------- attention


@pytest.mark.parametrize("axis", [-1, 0, 1])
def test_softmax(axis):
    x = normal(3, 4, 5)
    check(lambda x: softmax(x, axis), lambda d, x: g.softmax_backward(d, x, axis), x)
    check(lambda x: log_softmax(x, axis), lambda d, x: g.log_softmax_backward(d, x, axis), x)


@masks
def test_masked_softmax(mask):
    scores = normal(B, H, TQ, TK)
    check(masked_softmax, g.masked_softmax_backward, scores, four(mask))


def test_mask_scores():
    scores, mask = normal(TQ, TK), ragged_mask(TQ, TK)
    d_output = normal(TQ, TK)
    allowed = np.isfinite(mask_scores(scores, mask))
    np.testing.assert_array_equal(
        g.mask_scores_backward(d_output, scores, mask), np.where(allowed, d_output, 0)
    )
    assert g.mask_scores_backward(normal(B, TQ, TK), scores, ragged_mask(B, TQ, TK)).shape == scores.shape


def test_one_query():
    check(attend, g.attend_backward, normal(DK), normal(TK, DK), normal(TK, DV))
    check(attend, g.attend_backward, normal(B, DK), normal(TK, DK), normal(B, TK, DV))
    check(
        additive_scores,
        g.additive_scores_backward,
        normal(4),
        normal(TK, 3),
        normal(4, 5),
        normal(3, 5),
        normal(5),
    )
    check(
        additive_scores,
        g.additive_scores_backward,
        normal(B, 4),
        normal(TK, 3),
        normal(4, 5),
        normal(3, 5),
        normal(5),
    )
    check(dot_product_scores, g.dot_product_scores_backward, normal(B, DK), normal(B, TK, DK))
    check(dot_product_scores, g.dot_product_scores_backward, normal(B, DK), normal(TK, 3), normal(DK, 3))


@masks
def test_scaled_dot_product_attention(mask):
    q, k, v = normal(B, H, TQ, DK), normal(B, H, TK, DK), normal(B, H, TK, DV)
    check(scaled_dot_product_attention, g.scaled_dot_product_attention_backward, q, k, v, four(mask))


@masks
@pytest.mark.parametrize("block", [1, 2, 128])
def test_tiled_attention(mask, block):
    q, k, v, d_output = normal(B, H, TQ, DK), normal(B, H, TK, DK), normal(B, H, TK, DV), normal(B, H, TQ, DV)
    whole = g.scaled_dot_product_attention_backward(d_output, q, k, v, four(mask))
    tiled = g.tiled_attention_backward(d_output, q, k, v, four(mask), block=block)
    for a, b in zip(whole, tiled, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-14)


def test_tiled_attention_with_shared_keys():
    arguments = normal(B, TQ, DK), normal(TK, DK), normal(TK, DV)
    plain = lambda q, k, v: scaled_dot_product_attention(q, k, v)  # noqa: E731
    check(plain, lambda d, *a: g.tiled_attention_backward(d, *a, block=2), *arguments)


@pytest.mark.parametrize("bias_shape", [(TQ, TK), (H, 1, TK), (B, H, TQ, TK)])
def test_biased_attention(bias_shape):
    q, k, v = normal(B, H, TQ, DK), normal(B, H, TK, DK), normal(B, H, TK, DV)
    check(biased_attention, g.biased_attention_backward, q, k, v, normal(*bias_shape), MASKS["all"])


def test_forbidding_bias_has_no_gradient():
    q, k, v, bias = (
        normal(TQ, DK),
        normal(TK, DK),
        normal(TK, DV),
        np.where(ragged_mask(TQ, TK), 0.5, -np.inf),
    )
    d_q, d_k, d_v, d_bias = g.biased_attention_backward(normal(TQ, DV), q, k, v, bias)
    assert np.all(d_bias[np.isinf(bias)] == 0)
    assert np.all(d_q[1] == 0)
    assert all(np.all(np.isfinite(d)) for d in (d_q, d_k, d_v, d_bias))


@masks
def test_queries_without_keys_have_zero_gradient(mask):
    if mask is None or mask.shape == (B, 1, TK):
        return
    q, k, v = normal(B, H, TQ, DK), normal(B, H, TK, DK), normal(B, H, TK, DV)
    d_q, _, _ = g.scaled_dot_product_attention_backward(normal(B, H, TQ, DV), q, k, v, mask)
    assert np.all(d_q[..., 1, :] == 0)
    nobody = np.zeros((TQ, TK), dtype=bool)
    for gradient in g.scaled_dot_product_attention_backward(normal(B, H, TQ, DV), q, k, v, nobody):
        assert np.all(gradient == 0)


@pytest.mark.parametrize("poison", [np.nan, np.inf, 1e308])
@pytest.mark.parametrize("place", ["q", "k", "v", "d_output"])
@pytest.mark.parametrize(
    "backward",
    [
        g.scaled_dot_product_attention_backward,
        partial(g.tiled_attention_backward, block=2),
        lambda d, q, k, v, mask: g.biased_attention_backward(d, q, k, v, np.where(mask, 0, -np.inf))[:3],
    ],
    ids=["scaled dot-product", "tiled", "biased"],
)
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning", "ignore:overflow:RuntimeWarning")
def test_gradients_do_not_feel_what_is_forbidden(backward, place, poison):
    """A key that one query sees is broken, or a query that sees nothing: all others keep their gradients."""
    arrays = {
        "d_output": normal(B, TQ, DV),
        "q": normal(B, TQ, DK),
        "k": normal(B, TK, DK),
        "v": normal(B, TK, DV),
    }
    mask = ragged_mask(TQ, TK)  # query 1 sees nothing
    mask[:, 3] = [True, False, False, False, False]
    expected = backward(*arrays.values(), mask)
    broken = arrays[place].copy()
    broken[:, 3 if place in "kv" else 1] = poison
    d_q, d_k, d_v = backward(*(arrays | {place: broken}).values(), mask)
    blind = np.arange(TQ) > 0 if place in "kv" else np.full(TQ, True)
    unseen = ~mask[0] if place in "kv" else np.full(TK, True)
    np.testing.assert_allclose(d_q[:, blind], expected[0][:, blind])
    np.testing.assert_allclose(d_k[:, unseen], expected[1][:, unseen])
    np.testing.assert_allclose(d_v[:, unseen], expected[2][:, unseen])
    if place in "kv" and np.isnan(poison):
        assert np.isnan(d_q[:, 0]).all()


def test_stretched_batch_axes_have_gradients_of_their_own_shape():
    q, k, v = normal(B, 1, TQ, DK), normal(H, TK, DK), normal(TK, DV)
    check(
        scaled_dot_product_attention,
        g.scaled_dot_product_attention_backward,
        q,
        k,
        v,
        ragged_mask(TQ, TK),
    )


def test_projections_and_self_attention():
    x, w_q, w_k, w_v = normal(B, TQ, 4), normal(4, 3), normal(4, 3), normal(4, 5)
    d_q, d_k, d_v = normal(B, TQ, 3), normal(B, TQ, 3), normal(B, TQ, 5)
    found = flatten(hg.project_qkv_backward((d_q, d_k, d_v), x, w_q, w_k, w_v))
    glued = lambda *a: np.concatenate(project_qkv(*a), axis=-1)  # noqa: E731
    split = lambda d, *a: hg.project_qkv_backward((d[..., :3], d[..., 3:6], d[..., 6:]), *a)  # noqa: E731
    check(glued, split, x, w_q, w_k, w_v)
    assert found.size == x.size + w_q.size + w_k.size + w_v.size
    check(self_attention, hg.self_attention_backward, x, w_q, w_k, w_v, ragged_mask(TQ, TQ))


def test_heads():
    check(lambda x: split_heads(x, 3), lambda d, x: hg.split_heads_backward(d, x, 3), normal(B, TQ, 6))
    check(merge_heads, hg.merge_heads_backward, normal(B, 3, TQ, 2))


def attention_weights(d_kv=D, biases=False):
    shapes = ((D, D), (8, d_kv), (8, d_kv), (D, 9))
    if biases:
        return AttentionWeights(*[Affine(normal(*shape), normal(shape[1])) for shape in shapes])
    return AttentionWeights(*[normal(*shape) for shape in shapes])


@masks
@pytest.mark.parametrize("biases", [False, True])
def test_multi_head_attention(mask, biases):
    x_q, x_kv, weights = normal(B, TQ, D), normal(B, TK, 8), attention_weights(biases=biases)
    check(
        multi_head_attention,
        hg.multi_head_attention_backward,
        x_q,
        x_kv,
        weights,
        H,
        four(mask),
        every_direction=False,
    )
    check(
        cross_attention, hg.cross_attention_backward, x_q, x_kv, weights, H, four(mask), every_direction=False
    )


def test_memory_shared_by_a_batch():
    arguments = normal(B, TQ, D), normal(TK, 8), attention_weights(), H
    check(multi_head_attention, hg.multi_head_attention_backward, *arguments, every_direction=False)


@pytest.mark.parametrize("n_kv_heads", [1, 2, 6])
def test_grouped_query_attention(n_kv_heads):
    weights = attention_weights(d_kv=2 * n_kv_heads)
    arguments = normal(B, TQ, D), normal(B, TK, 8), weights, 6, n_kv_heads, MASKS["queries keys"]
    check(grouped_query_attention, hg.grouped_query_attention_backward, *arguments, every_direction=False)
    w = AttentionWeights(normal(D, D), normal(D, 2 * n_kv_heads), normal(D, 2 * n_kv_heads), normal(D, 9))
    more = normal(B, TQ, D), w, 6, n_kv_heads, np.arange(3, 3 + TQ), ragged_mask(B, 1, TQ, TQ)
    check(grouped_rotary_attention, mg.grouped_rotary_attention_backward, *more, every_direction=False)


# ---------------------------------------------------------------- layers


def test_tables():
    ids, table = np.array([[1, 1, 0], [4, 1, 0]]), normal(6, 3)
    check(lookup, lg.lookup_backward, ids, table)
    positions = normal(5, 3)
    check(
        lambda i, t: embed(i, t, positions), lambda d, i, t: lg.embed_backward(d, i, t, positions), ids, table
    )


def test_maps_and_activations():
    check(linear, g.linear_backward, normal(B, TQ, 3), normal(3, 4))
    check(linear, g.linear_backward, normal(3), normal(3, 4), normal(4))
    check(relu, lg.relu_backward, normal(4, 5))
    check(silu, lg.silu_backward, 10 * normal(4, 5))
    check(gelu, lg.gelu_backward, 3 * normal(4, 5))
    check(lambda x: gelu(x, approximate=True), lambda d, x: lg.gelu_backward(d, x, True), 3 * normal(4, 5))
    assert np.all(np.isfinite(lg.silu_backward(np.ones(2), np.array([-1e4, 1e4]))))


def test_feed_forward():
    weights = normal(4, 5), normal(5), normal(5, 3), normal(3)
    check(feed_forward, lg.feed_forward_backward, normal(B, TQ, 4), *weights)
    check(swiglu, lg.swiglu_backward, normal(B, TQ, 4), normal(4, 5), normal(4, 5), normal(5, 3))
    gelu_weights = FeedForwardWeights(normal(4, 5), normal(5), normal(5, 4), normal(4))
    check(gelu_feed_forward, mg.gelu_feed_forward_backward, normal(B, TQ, 4), gelu_weights)


@pytest.mark.parametrize("shape", [(6,), (TQ, 6), (B, TQ, 6)])
@pytest.mark.parametrize("eps", [1e-5, 0.5])
def test_norms(shape, eps):
    x, gamma, beta = 3 + 2 * normal(*shape), normal(6), normal(6)
    check(lambda *a: layer_norm(*a, eps), lambda d, *a: lg.layer_norm_backward(d, *a, eps), x, gamma, beta)
    check(lambda *a: rms_norm(*a, eps), lambda d, *a: lg.rms_norm_backward(d, *a, eps), x, gamma)


@pytest.mark.parametrize("residual", ["post", "pre"])
def test_residual_sublayers(residual):
    x, gamma, beta, w = normal(B, TQ, 6), normal(6), normal(6), normal(6, 6)
    sublayer, sublayer_backward = lambda y: np.tanh(y @ w), lambda d, y: (d * (1 - np.tanh(y @ w) ** 2)) @ w.T
    forward, backward = {"post": (post_norm, lg.post_norm_backward), "pre": (pre_norm, lg.pre_norm_backward)}[
        residual
    ]
    check(forward, backward, x, sublayer, gamma, beta, extra=(sublayer_backward,))
    norm = NormWeights(gamma, beta)
    check(
        lambda x, norm: add_and_norm(x, sublayer, norm, residual, drop()),
        lambda d, x, norm: mg.add_and_norm_backward(
            d, x, sublayer, norm, sublayer_backward, residual, drop()
        ),
        x,
        norm,
    )


def drop(p=0.3):
    """Dropout that draws the same again whenever it is made anew."""
    rng = np.random.default_rng(7)
    return lambda y: dropout(y, p, rng)


def test_dropout():
    x, p = normal(4, 5), 0.3
    keep = dropout(np.ones_like(x), p, np.random.default_rng(3)) > 0
    check(lambda x: dropout(x, p, np.random.default_rng(3)), lambda d, x: lg.dropout_backward(d, keep, p), x)
    with pytest.raises(ValueError, match="p must be at least 0 and below 1, got 1"):
        lg.dropout_backward(x, keep, 1)


@pytest.mark.parametrize("layout", ["pairs", "half"])
@pytest.mark.parametrize(
    "positions",
    [
        np.array([0, 3, 9, 4, 100]),
        np.arange(10).reshape(2, 1, 5),
        np.arange(5, dtype=np.uint8),  # without negatives
    ],
    ids=["tokens", "batch", "unsigned"],
)
def test_rotary(layout, positions):
    check(
        lambda x: rotary(x, positions, layout=layout),
        lambda d, x: lg.rotary_backward(d, x, positions, layout=layout),
        normal(B, H, TQ, DK),
    )


# ---------------------------------------------------------------- losses


def test_losses():
    logits, targets = normal(B, TQ, V), np.array([[3, 10, 0, 5, 7], [2, 2, 0, 0, 0]])
    for pad in (None, 0):
        check(
            lambda x: cross_entropy(x, targets, pad),  # noqa: B023
            lambda d, x: lg.cross_entropy_backward(d, x, targets, pad),  # noqa: B023
            logits,
        )
        for eps in (0.0, 0.1):
            labels = smooth_labels(targets, V, eps, pad)
            for loss, back in (
                (soft_cross_entropy, lg.soft_cross_entropy_backward),
                (kl_divergence, lg.kl_divergence_backward),
            ):
                check(lambda x: loss(x, labels), lambda d, x: back(d, x, labels), logits)  # noqa: B023
    np.testing.assert_array_equal(lg.cross_entropy_backward(1.0, logits, targets, 0)[1, 2:], 0)


# ---------------------------------------------------------------- layers and models


def jittered(weights):
    """Away from neutral points: gamma is not 1, biases are not 0."""
    vector = flatten(weights)
    return unflatten(vector + 0.1 * normal(vector.size), weights)


def config(norm, **kw):
    return TransformerConfig(V, D, H, 20, 2, 2, norm=norm, **kw)


def model_weights(norm, **kw):
    return jittered(init_transformer(config(norm, **kw), np.random.default_rng(5)))


norms = pytest.mark.parametrize("norm", ["post", "pre"])
drops = pytest.mark.parametrize("p", [0.0, 0.3])


def maybe_drop(p):
    return drop(p) if p else None


@norms
@drops
def test_encoder(norm, p):
    weights, x = model_weights(norm).encoder, normal(B, TQ, D)
    mask = np.array([[1, 1, 1, 0, 0], [1, 1, 1, 1, 0]], dtype=bool)[:, None, None]
    check(
        lambda x, w: encoder_layer(x, w, H, mask, norm, maybe_drop(p)),
        lambda d, x, w: mg.encoder_layer_backward(d, x, w, H, mask, norm, maybe_drop(p)),
        x, weights.layers[0], every_direction=False,
    )  # fmt: skip
    check(
        lambda x, w: encoder(x, w, H, mask, norm, maybe_drop(p)),
        lambda d, x, w: mg.encoder_backward(d, x, w, H, mask, norm, maybe_drop(p)),
        x, weights, every_direction=False,
    )  # fmt: skip


@norms
@drops
def test_decoder(norm, p):
    weights, x, memory = model_weights(norm).decoder, normal(B, TQ, D), normal(B, TK, D)
    mask, memory_mask = ragged_mask(B, 1, TQ, TQ), ragged_mask(B, H, TQ, TK)
    check(
        lambda *a: decoder_layer(*a, H, mask, memory_mask, norm, maybe_drop(p)),
        lambda d, *a: mg.decoder_layer_backward(d, *a, H, mask, memory_mask, norm, maybe_drop(p)),
        x, memory, weights.layers[0], every_direction=False,
    )  # fmt: skip
    check(
        lambda *a: decoder(*a, H, mask, memory_mask, norm, maybe_drop(p)),
        lambda d, *a: mg.decoder_backward(d, *a, H, mask, memory_mask, norm, maybe_drop(p)),
        x, memory, weights, every_direction=False,
    )  # fmt: skip


@norms
@pytest.mark.parametrize(("batch", "memory_batch"), [((), (B,)), ((B,), ()), ((B, 1), (1, H))])
def test_decoder_whose_batch_is_stretched(norm, batch, memory_batch):
    """One target with several sources, one source with several targets, each with each."""
    layer = model_weights(norm).decoder.layers[0]
    check(
        lambda *a: decoder_layer(*a, H, None, None, norm),
        lambda d, *a: mg.decoder_layer_backward(d, *a, H, None, None, norm),
        normal(*batch, TQ, D), normal(*memory_batch, TK, D), layer, every_direction=False,
    )  # fmt: skip


@norms
@drops
@pytest.mark.parametrize(
    "kw", [{}, {"tied": False}, {"attention_biases": True}], ids=["tied", "untied", "biases"]
)
def test_transformer(norm, p, kw):
    weights = model_weights(norm, **kw)
    source, target = (
        np.array([[3, 4, 4, 9, 0, 0, 0], [5, 6, 7, 8, 9, 3, 0]]),
        np.array([[1, 3, 3, 9, 4], [1, 5, 0, 0, 0]]),
    )
    mask = (source != 0)[:, None, None]
    check(
        lambda s, t, w: transformer(s, t, w, H, mask, None, norm, maybe_drop(p)),
        lambda d, s, t, w: mg.transformer_backward(d, s, t, w, H, mask, None, norm, maybe_drop(p)),
        source, target, weights, every_direction=False,
    )  # fmt: skip


@drops
def test_gpt2(p):
    small = TransformerConfig(V, D, H, 20, 0, 2, norm="pre", attention_biases=True, learned_positions=9)
    weights, ids = (
        jittered(init_gpt2(small, np.random.default_rng(0))),
        np.array([[1, 3, 3, 9], [1, 5, 0, 0]]),
    )
    mask = np.array([[1, 1, 1, 1], [1, 1, 0, 0]], dtype=bool)[:, None, None]
    check(
        lambda i, w: gpt2(i, w, H, mask, maybe_drop(p)),
        lambda d, i, w: mg.gpt2_backward(d, i, w, H, mask, maybe_drop(p)),
        ids, weights, every_direction=False,
    )  # fmt: skip
    check(gpt2_layer, mg.gpt2_layer_backward, normal(B, TQ, D), weights.layers[0], H, every_direction=False)
    assert np.all(mg.gpt2_backward(normal(2, 4, V), ids, weights, H).positions[4:] == 0)


@pytest.mark.parametrize("tied", [True, False])
def test_modern_decoder(tied):
    weights = jittered(init_modern_decoder(ModernConfig(V, D, 6, 2, 10, 2), np.random.default_rng(0)))
    weights = weights if tied else weights._replace(unembedding=normal(V, D))
    ids = np.array([[1, 3, 3, 9], [1, 5, 0, 0]])
    check(modern_decoder, mg.modern_decoder_backward, ids, weights, 6, 2, every_direction=False)
    check(
        modern_decoder_layer, mg.modern_decoder_layer_backward,
        normal(B, TQ, D), weights.layers[1], 6, 2, ragged_mask(TQ, TQ), every_direction=False,
    )  # fmt: skip


# ---------------------------------------------------------------- laws


def test_float32_stays_float32():
    weights = unflatten(flatten(model_weights("pre")).astype(np.float32), model_weights("pre"))
    source, target = np.array([[3, 4, 0]]), np.array([[1, 3]])
    logits = transformer(source, target, weights, H, (source != 0)[:, None, None], norm="pre", drop=drop())
    loss_gradient = lg.cross_entropy_backward(1.0, logits, target)
    gradient = mg.transformer_backward(
        loss_gradient, source, target, weights, H, (source != 0)[:, None, None], norm="pre", drop=drop()
    )
    assert (logits.dtype, loss_gradient.dtype, flatten(gradient).dtype) == (np.float32,) * 3


def test_whatever_comes_later_has_no_gradient():
    """The loss of the first token cannot depend on later ones, so their embeddings get nothing."""
    weights = model_weights("post", tied=False)
    d_logits = np.zeros((1, 4, V))
    d_logits[:, 0] = normal(V)
    gradient = mg.transformer_backward(d_logits, np.array([[3, 4]]), np.array([[1, 5, 6, 7]]), weights, H)
    assert np.all(gradient.embedding[[5, 6, 7]] == 0)
    assert np.any(gradient.embedding[1] != 0)


# ---------------------------------------------------------------- fast equals readable


def equal(found, expected):
    np.testing.assert_allclose(flatten((found,)), flatten((expected,)), rtol=1e-11, atol=1e-12)


@masks
def test_fast_attention_equals_readable(mask):
    q, k, v, d = normal(B, H, TQ, DK), normal(B, H, TK, DK), normal(B, H, TK, DV), normal(B, H, TQ, DV)
    output, back = bp.attention_pullback(q, k, v, four(mask))
    equal(output, scaled_dot_product_attention(q, k, v, four(mask))[0])
    equal(back(d), g.scaled_dot_product_attention_backward(d, q, k, v, four(mask)))
    x_q, x_kv, weights, d = (
        normal(B, TQ, D),
        normal(B, TK, 8),
        attention_weights(biases=True),
        normal(B, TQ, 9),
    )
    output, back = bp.multi_head_attention_pullback(x_q, x_kv, weights, H, four(mask))
    equal(output, multi_head_attention(x_q, x_kv, weights, H, four(mask)))
    equal(back(d), hg.multi_head_attention_backward(d, x_q, x_kv, weights, H, four(mask)))


def test_fast_layers_equal_readable():
    x, d, norm = 3 + normal(B, TQ, 6), normal(B, TQ, 6), NormWeights(normal(6), normal(6))
    output, back = bp.layer_norm_pullback(x, norm)
    equal(output, layer_norm(x, *norm))
    equal(back(d), lg.layer_norm_backward(d, x, *norm))
    output, back = bp.rms_norm_pullback(x, norm.gamma)
    equal(output, rms_norm(x, norm.gamma))
    equal(back(d), lg.rms_norm_backward(d, x, norm.gamma))
    weights = FeedForwardWeights(normal(6, 9), normal(9), normal(9, 6), normal(6))
    output, back = bp.feed_forward_pullback(x, weights)
    equal(output, feed_forward(x, *weights))
    equal(back(d), lg.feed_forward_backward(d, x, *weights))
    gates = SwigluWeights(normal(6, 9), normal(6, 9), normal(9, 6))
    output, back = bp.swiglu_pullback(x, gates)
    equal(output, swiglu(x, *gates))
    equal(back(d), lg.swiglu_backward(d, x, *gates))


@norms
@drops
def test_fast_forward_equals_the_model(norm, p):
    weights, source, target = model_weights(norm), np.array([[3, 4, 0]]), np.array([[1, 3]])
    mask = (source != 0)[:, None, None]
    logits, _ = transformer_pullback(source, target, weights, H, mask, None, norm, maybe_drop(p))
    equal(logits, transformer(source, target, weights, H, mask, None, norm, maybe_drop(p)))


# ---------------------------------------------------------------- through the door


def test_the_public_gradients_take_lists_and_check_shapes():
    d_x, d_gamma, d_beta = reference.layer_norm_backward([1, 0, 0], [1, 2, 4], [1, 1, 1], [0, 0, 0])
    assert d_x.dtype == d_gamma.dtype == d_beta.dtype == np.float64
    q, k, v = normal(B, H, TQ, DK), normal(B, H, TK, DK), normal(B, H, TK, DV)
    d_q, _, _ = reference.scaled_dot_product_attention_backward(normal(B, H, TQ, DV), q, k, v, MASKS["all"])
    assert d_q.shape == q.shape
    with pytest.raises(ValueError, match="k must have shape"):
        reference.scaled_dot_product_attention_backward(normal(B, H, TQ, DV), q, normal(B, H, TK, 3), v)
    with pytest.raises(TypeError, match="mask must be boolean"):
        reference.scaled_dot_product_attention_backward(normal(B, H, TQ, DV), q, k, v, np.ones((TQ, TK)))


def test_every_public_gradient_has_a_function_and_the_arguments_in_its_order():
    """`f_backward(d_output, ...inputs of f...)`; dropout and residual sub-layers are stated exceptions."""
    exceptions = {"dropout", "post_norm", "pre_norm", "add_and_norm", "soft_cross_entropy", "projection"}
    names = [name for name in dir(reference) if name.endswith("_backward")]
    assert len(names) > 35
    for name in names:
        base = name.removesuffix("_backward")
        if base in exceptions:
            continue
        ours = list(inspect.signature(getattr(reference, name)).parameters.values())
        forward = list(inspect.signature(getattr(reference, base)).parameters.values())
        assert ours[0].name == "d_output", name
        assert [(p.name, p.default) for p in ours[1:]] == [(p.name, p.default) for p in forward], name


def test_an_empty_batch_has_gradients_of_zero():
    weights, ids = model_weights("post"), np.zeros((0, 3), dtype=int)
    gradient = reference.transformer_backward(np.zeros((0, 3, V)), ids, ids, weights, H)
    assert np.all(flatten(gradient) == 0)
    x, attention = np.zeros((0, TQ, D)), weights.encoder.layers[0].attention
    d_x, _, d_weights = reference.multi_head_attention_backward(x, x, x, attention, H)
    assert d_x.shape == x.shape
    assert np.all(flatten(d_weights) == 0)


def test_one_token_and_huge_scores():
    """With one key the weight is 1 whatever the score; with a winner by 1e5 the weights cannot be moved."""
    q, k, v = normal(B, 1, DK), normal(B, 1, DK), normal(B, 1, DV)
    d_q, d_k, d_v = g.scaled_dot_product_attention_backward(normal(B, 1, DV), q, k, v)
    np.testing.assert_allclose(np.concatenate([d_q.ravel(), d_k.ravel()]), 0, atol=1e-15)
    d_q, d_k, d_v = g.scaled_dot_product_attention_backward(
        np.ones((1, 2)), np.array([[1e5]]), np.array([[1e5], [0]]), normal(2, 2)
    )
    assert np.all(d_q == 0)
    assert np.all(d_k == 0)
    np.testing.assert_array_equal(d_v, [[1, 1], [0, 0]])
