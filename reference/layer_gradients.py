"""Layers backwards: embeddings, activations, feed-forward, norms, residuals, dropout, rotary, losses.

The conventions are those of `gradients`: `f_backward(d_output, ...inputs of f...)`, one gradient an input.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from reference.attention import softmax
from reference.gradients import linear_backward
from reference.layers import layer_norm, relu, silu
from reference.positions import rotary
from reference.shapes import Array, Bool, Float, Int

# ---------------------------------------------------------------- from tokens to vectors


def lookup_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    ids: Int[Array, "*batch tokens"],
    embedding: Float[Array, "vocabulary d_model"],
) -> Float[Array, "vocabulary d_model"]:
    """Gradient of lookup: d_embedding. A token that occurs several times gathers from all its places.

    >>> lookup_backward(np.ones((3, 2)), np.array([1, 1, 0]), np.zeros((3, 2)))
    array([[1., 1.],
           [2., 2.],
           [0., 0.]])
    """
    # NumPy would read -1 as the last row, without a word
    outside = (ids < 0) | (ids >= len(embedding))
    if np.any(outside):
        raise ValueError(
            f"lookup_backward: ids must be from 0 to {len(embedding) - 1}, got {ids[outside].flat[0]}"
        )
    # rows that nobody looked up have no gradient
    d_embedding = np.zeros_like(embedding)
    # d_embedding[ids] += d_output would count a repeated token once
    np.add.at(d_embedding, ids, d_output)
    return d_embedding


def embed_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    ids: Int[Array, "*batch tokens"],
    embedding: Float[Array, "vocabulary d_model"],
    positions: Float[Array, "max_tokens d_model"] | None = None,
) -> Float[Array, "vocabulary d_model"]:
    """Gradient of embed: d_embedding. Positions were added and are not learned here.

    >>> embed_backward(np.ones((1, 4)), np.array([0]), np.zeros((1, 4)))
    array([[2., 2., 2., 2.]])
    """
    # the rows were multiplied by this
    d_vectors = d_output * math.sqrt(embedding.shape[-1])
    d_embedding = lookup_backward(d_vectors, ids, embedding)
    return d_embedding


# ---------------------------------------------------------------- activations


def relu_backward(d_output: Float[Array, "*shape"], x: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    """Gradient of relu: d_x. What was cut off has none (and neither has the corner at 0, by convention).

    >>> relu_backward(np.ones(3), np.array([-1.0, 0.0, 2.0]))
    array([0., 0., 1.])
    """
    # the slope is 0 or 1
    d_x: Array = d_output * (x > 0)
    return d_x


def gelu_backward(
    d_output: Float[Array, "*shape"], x: Float[Array, "*shape"], approximate: bool = False
) -> Float[Array, "*shape"]:
    r"""Gradient of gelu: d_x.

    exact: P(Z <= x) + x density(x);   approximate: (1 + t)/2 + x/2 (1 - t^2) u',  t = tanh(u)

    >>> gelu_backward(np.ones(2), np.array([0.0, 1.0])).round(4)
    array([0.5   , 1.0833])
    """
    if approximate:
        # u as on the way forward, and its slope
        inner = math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)
        inner_slope = math.sqrt(2 / math.pi) * (1 + 3 * 0.044715 * x**2)
        # a product of x/2 and 1 + tanh(u)
        tanh = np.tanh(inner)
        slope = (1 + tanh) / 2 + x / 2 * (1 - tanh * tanh) * inner_slope
    else:
        # the probability grows by the density of the normal distribution
        probability = (1 + np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2))) / 2
        density = np.exp(-x * x / 2) / math.sqrt(2 * math.pi)
        slope = probability.astype(x.dtype) + x * density
    d_x: Array = d_output * slope
    return d_x


def silu_backward(d_output: Float[Array, "*shape"], x: Float[Array, "*shape"]) -> Float[Array, "*shape"]:
    r"""Gradient of silu: d_x.

    g + x g (1 - g),  g = sigmoid(x)

    >>> silu_backward(np.ones(2), np.array([0.0, 1.0])).round(4)
    array([0.5   , 0.9277])
    """
    # the gate, as on the way forward
    gate = np.exp(-np.logaddexp(0, -x))
    # x and the gate are two factors; the slope of the gate is gate (1 - gate)
    slope = gate + x * gate * (1 - gate)
    d_x: Array = d_output * slope
    return d_x


# ---------------------------------------------------------------- feed-forward


def feed_forward_backward(
    d_output: Float[Array, "*batch d_out"],
    x: Float[Array, "*batch d_model"],
    w_1: Float[Array, "d_model d_ff"],
    b_1: Float[Array, "d_ff"],
    w_2: Float[Array, "d_ff d_out"],
    b_2: Float[Array, "d_out"],
) -> tuple[Array, Array, Array, Array, Array]:
    """Gradients of feed_forward: (d_x, d_w_1, d_b_1, d_w_2, d_b_2).

    >>> weights = np.eye(2), np.zeros(2), np.ones((2, 1)), np.zeros(1)
    >>> d_x, *_ = feed_forward_backward(np.ones(1), np.array([1.0, -1.0]), *weights)
    >>> d_x
    array([1., 0.])
    """
    # as on the way forward
    hidden = x @ w_1 + b_1
    activated = relu(hidden)
    # the same three steps, last one first
    d_activated, d_w_2, d_b_2 = linear_backward(d_output, activated, w_2, b_2)
    d_hidden = relu_backward(d_activated, hidden)
    d_x, d_w_1, d_b_1 = linear_backward(d_hidden, x, w_1, b_1)
    return d_x, d_w_1, d_b_1, d_w_2, d_b_2


def swiglu_backward(
    d_output: Float[Array, "*batch d_out"],
    x: Float[Array, "*batch d_model"],
    w_gate: Float[Array, "d_model d_ff"],
    w_up: Float[Array, "d_model d_ff"],
    w_down: Float[Array, "d_ff d_out"],
) -> tuple[Array, Array, Array, Array]:
    """Gradients of swiglu: (d_x, d_w_gate, d_w_up, d_w_down).

    >>> x, w_gate, w_up, w_down = np.ones((3, 2)), np.ones((2, 5)), np.ones((2, 5)), np.ones((5, 2))
    >>> [gradient.shape for gradient in swiglu_backward(np.ones((3, 2)), x, w_gate, w_up, w_down)]
    [(3, 2), (2, 5), (2, 5), (5, 2)]
    """
    # as on the way forward
    opening = x @ w_gate
    gate = silu(opening)
    content = x @ w_up
    # backwards: the gated content was a product, so each factor gets the other one
    d_gated, d_w_down = linear_backward(d_output, gate * content, w_down)
    d_opening = silu_backward(d_gated * content, opening)
    d_content = d_gated * gate
    # x was used twice
    d_x_by_gate, d_w_gate = linear_backward(d_opening, x, w_gate)
    d_x_by_content, d_w_up = linear_backward(d_content, x, w_up)
    d_x = d_x_by_gate + d_x_by_content
    return d_x, d_w_gate, d_w_up, d_w_down


# ---------------------------------------------------------------- norms


def layer_norm_backward(
    d_output: Float[Array, "*batch d_model"],
    x: Float[Array, "*batch d_model"],
    gamma: Float[Array, "d_model"],
    beta: Float[Array, "d_model"],
    eps: float = 1e-5,
) -> tuple[Array, Array, Array]:
    r"""Gradients of layer_norm: (d_x, d_gamma, d_beta).

    d_x = (g - mean(g) - n mean(g n)) / sqrt(variance + eps),  g = gamma d_output,  n the normalised x

    >>> d_x, *_ = layer_norm_backward(np.array([1.0, 0, 0]), np.array([1.0, 2, 4]), np.ones(3), np.zeros(3))
    >>> bool(abs(d_x.sum()) < 1e-12)
    True
    """
    # as on the way forward
    centred = x - np.mean(x, axis=-1, keepdims=True)
    deviation = np.sqrt(np.mean(centred * centred, axis=-1, keepdims=True) + eps)
    normalised = centred / deviation
    # gamma and beta served every token
    tokens = tuple(range(x.ndim - 1))
    d_gamma = np.sum(d_output * normalised, axis=tokens)
    d_beta = np.sum(d_output, axis=tokens)
    # gamma first: the mean below is taken of what reaches the normalised vector
    d_normalised = d_output * gamma
    # moving all numbers together changes nothing: the mean was subtracted
    without_shift = d_normalised - np.mean(d_normalised, axis=-1, keepdims=True)
    # stretching them changes nothing either: the deviation was divided out
    without_stretch = without_shift - normalised * np.mean(d_normalised * normalised, axis=-1, keepdims=True)
    d_x = without_stretch / deviation
    return d_x, d_gamma, d_beta


def rms_norm_backward(
    d_output: Float[Array, "*batch d_model"],
    x: Float[Array, "*batch d_model"],
    gamma: Float[Array, "d_model"],
    eps: float = 1e-6,
) -> tuple[Array, Array]:
    r"""Gradients of rms_norm: (d_x, d_gamma).

    d_x = (g - n mean(g n)) / sqrt(mean(x^2) + eps),  g = gamma d_output,  n the normalised x

    >>> d_x, _ = rms_norm_backward(np.array([1.0, 0.0]), np.array([3.0, 4.0]), np.ones(2), eps=0.0)
    >>> d_x.round(4)
    array([ 0.181 , -0.1358])
    """
    # as on the way forward
    root = np.sqrt(np.mean(x * x, axis=-1, keepdims=True) + eps)
    normalised = x / root
    # gamma served every token
    d_gamma = np.sum(d_output * normalised, axis=tuple(range(x.ndim - 1)))
    # stretching changes nothing; there is no mean to think of
    d_normalised = d_output * gamma
    d_x = (d_normalised - normalised * np.mean(d_normalised * normalised, axis=-1, keepdims=True)) / root
    return d_x, d_gamma


# ---------------------------------------------------------------- residual sub-layers

SublayerBackward = Callable[[Array, Array], Array]
"""Backward of a function of one array: (d_output, x) -> d_x."""


def post_norm_backward(
    d_output: Float[Array, "*batch d_model"],
    x: Float[Array, "*batch d_model"],
    sublayer: Callable[[Array], Array],
    gamma: Float[Array, "d_model"],
    beta: Float[Array, "d_model"],
    sublayer_backward: SublayerBackward,
) -> tuple[Array, Array, Array]:
    """Gradients of post_norm: (d_x, d_gamma, d_beta). `sublayer_backward(d, x)` is the sub-layer's way back.

    >>> double, twice, weights = lambda x: 2 * x, lambda d, x: 2 * d, (np.ones(3), np.zeros(3))
    >>> post_norm_backward(np.array([1.0, 0, 0]), np.array([1.0, 2, 4]), double, *weights, twice)[2]
    array([1., 0., 0.])
    """
    # backwards through the norm of the sum
    d_summed, d_gamma, d_beta = layer_norm_backward(d_output, x + sublayer(x), gamma, beta)
    # x went two ways: past the sub-layer and through it
    d_x = d_summed + sublayer_backward(d_summed, x)
    return d_x, d_gamma, d_beta


def pre_norm_backward(
    d_output: Float[Array, "*batch d_model"],
    x: Float[Array, "*batch d_model"],
    sublayer: Callable[[Array], Array],
    gamma: Float[Array, "d_model"],
    beta: Float[Array, "d_model"],
    sublayer_backward: SublayerBackward,
) -> tuple[Array, Array, Array]:
    """Gradients of pre_norm: (d_x, d_gamma, d_beta). `sublayer_backward(d, x)` is the sub-layer's way back.

    The first way has no norm on it: the gradient reaches the bottom of a stack undamped.

    >>> nothing, weights = lambda *arrays: np.zeros(2), (np.ones(2), np.zeros(2))
    >>> pre_norm_backward(np.array([1.0, 5.0]), np.array([1.0, 2.0]), nothing, *weights, nothing)[0]
    array([1., 5.])
    """
    # backwards through the sub-layer, then through its norm
    d_normalised = sublayer_backward(d_output, layer_norm(x, gamma, beta))
    d_x_through, d_gamma, d_beta = layer_norm_backward(d_normalised, x, gamma, beta)
    # x went two ways
    d_x = d_output + d_x_through
    return d_x, d_gamma, d_beta


# ---------------------------------------------------------------- dropout and rotary


def dropout_backward(
    d_output: Float[Array, "*shape"], keep: Bool[Array, "*shape"], p: float
) -> Float[Array, "*shape"]:
    """Gradient of dropout: d_x. `keep` is the mask that was drawn on the way forward, not a new one.

    >>> dropout_backward(np.ones(2), np.array([True, False]), 0.5)
    array([2., 0.])
    """
    if not 0 <= p < 1:
        raise ValueError(f"dropout_backward: p must be at least 0 and below 1, got {p}")
    # what stayed was scaled, what was dropped had no effect
    d_x: Array = np.where(keep, d_output / (1 - p), 0)
    return d_x


def rotary_backward(
    d_output: Float[Array, "*batch tokens d_head"],
    x: Float[Array, "*batch tokens d_head"],
    positions: Int[Array, "*#batch tokens"],
    base: float = 10000.0,
    layout: str = "pairs",
) -> Float[Array, "*batch tokens d_head"]:
    """Gradient of rotary: d_x. The transpose of a rotation turns back.

    >>> turned = rotary(np.array([[1.0, 2.0]]), np.array([5]))
    >>> rotary_backward(turned, np.array([[1.0, 2.0]]), np.array([5])).round(12)
    array([[1., 2.]])
    """
    # by the same angles, the other way round; unsigned integers have no negatives
    turned_back = -positions.astype(np.int64)
    d_x = rotary(d_output, turned_back, base, layout)
    return d_x


# ---------------------------------------------------------------- losses


def cross_entropy_backward(
    d_output: float,
    logits: Float[Array, "*rows classes"],
    targets: Int[Array, "*rows"],
    pad: int | None = None,
) -> Float[Array, "*rows classes"]:
    r"""Gradient of cross_entropy: d_logits. What the model believes less what is true.

    d_logits = d_output (softmax(logits) - onehot(target)) / number of real tokens,  0 at padding

    >>> cross_entropy_backward(1.0, np.array([[2.0, 1.0, 0.1]]), np.array([0])).round(4)
    array([[-0.341 ,  0.2424,  0.0986]])
    """
    # padding is neither right nor wrong
    real = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    # the loss was a mean over this many tokens
    n_real = int(np.sum(real))
    if np.any(outside := real & ((targets < 0) | (targets >= logits.shape[-1]))) or not n_real:
        came = targets[outside].flat[0] if n_real else "none that is not padding"
        raise ValueError(
            f"cross_entropy_backward: targets must be from 0 to {logits.shape[-1] - 1}, got {came}"
        )
    # what the model believes
    probabilities = softmax(logits)
    # what is true
    one_hot = targets[..., None] == np.arange(logits.shape[-1])
    # the more it believes in something wrong, the more has to change
    errors = np.where(real[..., None], probabilities - one_hot, 0)
    d_logits: Array = d_output * errors / n_real
    return d_logits


def soft_cross_entropy_backward(
    d_output: float, logits: Float[Array, "*rows classes"], labels: Float[Array, "*rows classes"]
) -> Float[Array, "*rows classes"]:
    r"""Gradient of soft_cross_entropy: d_logits. Labels are given, not learned.

    d_logits = d_output (mass softmax(logits) - labels) / number of real rows,  mass = sum of the row's labels

    >>> soft_cross_entropy_backward(1.0, np.zeros((1, 2)), np.array([[0.9, 0.1]])).round(4)
    array([[-0.4,  0.4]])
    """
    # rows of zeros are padding
    n_real = int(np.sum(np.any(labels > 0, axis=-1)))
    if not n_real:
        raise ValueError(
            "soft_cross_entropy_backward: labels must hold at least one row that is not padding, got none"
        )
    # labels of a real row sum to 1, those of padding to 0
    mass = np.sum(labels, axis=-1, keepdims=True)
    d_logits: Array = d_output * (mass * softmax(logits) - labels).astype(logits.dtype) / n_real
    return d_logits


def kl_divergence_backward(
    d_output: float, logits: Float[Array, "*rows classes"], labels: Float[Array, "*rows classes"]
) -> Float[Array, "*rows classes"]:
    """Gradient of kl_divergence: d_logits. That of soft_cross_entropy, which differs by a constant.

    >>> kl_divergence_backward(1.0, np.zeros((1, 2)), np.array([[0.5, 0.5]]))
    array([[0., 0.]])
    """
    # the entropy of the labels does not depend on the logits
    d_logits = soft_cross_entropy_backward(d_output, logits, labels)
    return d_logits
