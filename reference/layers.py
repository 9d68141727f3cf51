"""What stands around attention: embeddings, linear maps, norms, feed-forward, residuals, dropout.

Each function here treats every token by itself; only attention moves anything between tokens.

Papers: [V] Vaswani et al. 2017, [B] Ba et al. 2016 (layer norm), [Z] Zhang and Sennrich 2019 (RMS norm),
[H] Hendrycks and Gimpel 2016 (GELU), [N] Shazeer 2020 (SwiGLU), [X] Xiong et al. 2020 (pre-norm),
[S] Srivastava et al. 2014 (dropout).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from reference.shapes import Array, Float, Int

Drop = Callable[[Array], Array]
"""What training does to an array before it is added: `lambda y: dropout(y, 0.1, rng)`, say."""

# ---------------------------------------------------------------- from tokens to vectors


def lookup(
    ids: Int[Array, "*batch tokens"], embedding: Float[Array, "vocabulary d_model"]
) -> Float[Array, "*batch tokens d_model"]:
    r"""The rows of a table: one vector a token.

    lookup(ids, E)_t = E[ids_t]

    The same as one-hot rows times E. A learned table of positions is looked up in the same way, by position.

    >>> lookup(np.array([1, 1, 0]), np.array([[1.0, 2], [3, 4]]))
    array([[3., 4.],
           [3., 4.],
           [1., 2.]])
    """
    # NumPy would read -1 as the last row, without a word
    outside = (ids < 0) | (ids >= len(embedding))
    if np.any(outside):
        raise ValueError(f"lookup: ids must be from 0 to {len(embedding) - 1}, got {ids[outside].flat[0]}")
    # indexing with an array takes one row per id
    vectors: Array = embedding[ids]
    return vectors


def embed(
    ids: Int[Array, "*batch tokens"],
    embedding: Float[Array, "vocabulary d_model"],
    positions: Float[Array, "max_tokens d_model"] | None = None,
) -> Float[Array, "*batch tokens d_model"]:
    r"""What the first layer sees: who the token is, plus where it stands.

    embed(ids)_t = sqrt(d_model) E[ids_t] + PE(t)

    `positions` may have more rows than there are tokens. Source: [V] sections 3.4 and 3.5.

    >>> embed(np.array([1, 1]), np.array([[0.0, 0], [1, 2]]), np.array([[0.0, 1], [0.5, 0.5]])).round(2)
    array([[1.41, 3.83],
           [1.91, 3.33]])
    """
    if positions is not None and len(positions) < ids.shape[-1]:
        raise ValueError(
            f"embed: positions must have a row for each of {ids.shape[-1]} tokens, got {len(positions)} rows"
        )
    # one row of the table a token
    vectors = lookup(ids, embedding)
    # or the positions, of norm sqrt(d_model / 2), would drown out the tokens
    scaled = vectors * math.sqrt(embedding.shape[-1])
    # without positions it is a bag of words
    if positions is None:
        return scaled
    # one row a position, whatever the token, in the precision of the embedding
    places = positions[: ids.shape[-1]].astype(scaled.dtype)
    # added, not concatenated: the width stays
    embedded: Array = scaled + places
    return embedded


# ---------------------------------------------------------------- maps and activations


def linear(
    x: Float[Array, "*batch d_in"], w: Float[Array, "d_in d_out"], b: Float[Array, "d_out"] | None = None
) -> Float[Array, "*batch d_out"]:
    r"""A linear map of every token; with `b` an affine one.

    linear(x) = x W + b

    `w` is (d_in, d_out): PyTorch's Linear stores its transpose.

    >>> linear(np.array([1.0, 2.0]), np.eye(2), np.array([10.0, 20.0]))
    array([11., 22.])
    """
    # the same matrix for every token
    product = x @ w
    # the same shift for every token
    output = product if b is None else product + b
    return output


class Affine(NamedTuple):
    """A matrix and its bias, to stand where a matrix stands: `x @ Affine(w, b)` is `linear(x, w, b)`.

    The paper's attention has no biases, PyTorch's and GPT-2's has: there AttentionWeights hold four of these.

    >>> np.array([1.0, 2.0]) @ Affine(np.eye(2), np.array([10.0, 20.0]))
    array([11., 22.])
    """

    w: Float[Array, "d_in d_out"]
    b: Float[Array, "d_out"]

    def __rmatmul__(self, x: Array) -> Array:
        return linear(x, self.w, self.b)


# or NumPy would try `x @ affine` itself and take the pair for an array
Affine.__array_ufunc__ = None  # type: ignore[attr-defined]


def relu(x: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""Negative numbers become 0.

    relu(x) = max(0, x)

    >>> relu(np.array([-1.0, 0.5]))
    array([0. , 0.5])
    """
    # one number at a time
    output: Array = np.maximum(x, 0)
    return output


def gelu(x: Float[Array, "..."], approximate: bool = False) -> Float[Array, "..."]:
    r"""A smooth relu: x times the probability that a standard normal number is below x.

    gelu(x) = x P(Z <= x),   approximately   x/2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))

    GPT-2 uses the approximation; they differ by at most 0.0005. Source: [H] section 2.

    >>> gelu(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.1587,  0.    ,  0.8413])
    """
    # the probability is (1 + erf(x / sqrt 2)) / 2; erf itself, or the tanh that comes close
    if approximate:
        erf = np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))
    else:
        erf = np.vectorize(math.erf, otypes=[np.float64])(x / math.sqrt(2))
    # half of 1 + erf; back to the precision of x
    probability = ((1 + erf) / 2).astype(x.dtype)
    output: Array = x * probability
    return output


def silu(x: Float[Array, "..."]) -> Float[Array, "..."]:
    r"""Another smooth relu: x times its own sigmoid (also called swish).

    silu(x) = x / (1 + exp(-x))

    >>> silu(np.array([-1.0, 0.0, 1.0])).round(4)
    array([-0.2689,  0.    ,  0.7311])
    """
    # log(1 + exp(-x)) by logaddexp, which cannot overflow
    log_sigmoid = -np.logaddexp(0, -x)
    # a gate between 0 and 1
    gate = np.exp(log_sigmoid)
    output: Array = x * gate
    return output


# ---------------------------------------------------------------- feed-forward


class FeedForwardWeights(NamedTuple):
    """The two linear maps of the feed-forward sub-layer."""

    w_1: Float[Array, "d_model d_ff"]
    b_1: Float[Array, "d_ff"]
    w_2: Float[Array, "d_ff d_model"]
    b_2: Float[Array, "d_model"]


class SwigluWeights(NamedTuple):
    """The three matrices of the gated feed-forward sub-layer."""

    w_gate: Float[Array, "d_model d_ff"]
    w_up: Float[Array, "d_model d_ff"]
    w_down: Float[Array, "d_ff d_model"]


def feed_forward(
    x: Float[Array, "*batch d_model"],
    w_1: Float[Array, "d_model d_ff"],
    b_1: Float[Array, "d_ff"],
    w_2: Float[Array, "d_ff d_out"],
    b_2: Float[Array, "d_out"],
) -> Float[Array, "*batch d_out"]:
    r"""Two linear maps with a nonlinearity between them, for each token by itself.

    FFN(x) = max(0, x W_1 + b_1) W_2 + b_2

    The same weights at every position. Source: [V] equation 2.

    >>> feed_forward(np.array([1.0, -1.0]), np.eye(2), np.zeros(2), np.ones((2, 1)), np.zeros(1))
    array([1.])
    """
    # up to the inner width, four times the outer one in the paper
    hidden = x @ w_1 + b_1
    # without a nonlinearity the two maps would collapse into one
    activated = relu(hidden)
    # and down again; no activation here, outputs may be negative
    output: Array = activated @ w_2 + b_2
    return output


def swiglu(
    x: Float[Array, "*batch d_model"],
    w_gate: Float[Array, "d_model d_ff"],
    w_up: Float[Array, "d_model d_ff"],
    w_down: Float[Array, "d_ff d_out"],
) -> Float[Array, "*batch d_out"]:
    r"""The feed-forward sub-layer of most current models: one map gates another.

    SwiGLU(x) = (silu(x W_gate) * (x W_up)) W_down

    Three matrices, so d_ff is taken 2/3 as wide to keep the size. Source: [N] equation 6.

    >>> swiglu(np.array([1.0, -1.0]), np.eye(2), np.eye(2), np.eye(2)).round(4)
    array([0.7311, 0.2689])
    """
    # how far each hidden unit is open
    gate = silu(x @ w_gate)
    # what would pass
    content = x @ w_up
    # what does pass, number by number
    gated = gate * content
    # back to the outer width
    output: Array = gated @ w_down
    return output


# ---------------------------------------------------------------- norms


class NormWeights(NamedTuple):
    """The scale and the shift of a layer norm."""

    gamma: Float[Array, "d_model"]
    beta: Float[Array, "d_model"]


def layer_norm(
    x: Float[Array, "*batch d_model"],
    gamma: Float[Array, "d_model"],
    beta: Float[Array, "d_model"],
    eps: float = 1e-5,
) -> Float[Array, "*batch d_model"]:
    r"""Every token's vector gets mean 0 and variance 1, then a learned scale and shift.

    LN(x) = gamma * (x - mean) / sqrt(variance + eps) + beta

    Over the last axis, so no token depends on another; the variance is the biased one (divided by d_model).
    A constant vector becomes beta. Source: [B] equation 4.

    >>> layer_norm(np.array([1.0, 2, 3, 4]), np.ones(4), np.zeros(4)).round(4)
    array([-1.3416, -0.4472,  0.4472,  1.3416])
    """
    # one mean a token; the axis stays, so that it lines up with x
    mean = np.mean(x, axis=-1, keepdims=True)
    # now the mean is 0
    centred = x - mean
    # the mean square, since the mean is 0: divided by d_model, not d_model - 1
    variance = np.mean(centred * centred, axis=-1, keepdims=True)
    # eps inside the root: a constant vector is divided by a small number, not by 0
    normalised = centred / np.sqrt(variance + eps)
    # one scale and one shift a feature, the same for all tokens
    output: Array = gamma * normalised + beta
    return output


def rms_norm(
    x: Float[Array, "*batch d_model"], gamma: Float[Array, "d_model"], eps: float = 1e-6
) -> Float[Array, "*batch d_model"]:
    r"""Layer norm without the mean: every token's vector gets root mean square 1, then a learned scale.

    RMSNorm(x) = gamma * x / sqrt(mean(x^2) + eps)

    Source: [Z] equation 4.

    >>> rms_norm(np.array([1.0, 2, 3, 4]), np.ones(4)).round(4)
    array([0.3651, 0.7303, 1.0954, 1.4606])
    """
    # nothing is subtracted first
    mean_square = np.mean(x * x, axis=-1, keepdims=True)
    # eps inside the root, as in layer norm
    normalised = x / np.sqrt(mean_square + eps)
    # one scale a feature, no shift
    output: Array = gamma * normalised
    return output


# ---------------------------------------------------------------- residual sub-layers


def post_norm(
    x: Float[Array, "*batch d_model"],
    sublayer: Callable[[Array], Array],
    gamma: Float[Array, "d_model"],
    beta: Float[Array, "d_model"],
) -> Float[Array, "*batch d_model"]:
    r"""The residual sub-layer of the paper: add what the sub-layer says, then normalise the sum.

    LN(x + f(x))

    `sublayer` is f, a function of x alone that keeps its shape. Source: [V] section 3.1.

    >>> post_norm(np.array([1.0, 3.0]), lambda x: 0 * x, np.ones(2), np.zeros(2)).round(4)
    array([-1.,  1.])
    """
    # the sub-layer only has to learn what to change
    summed = x + sublayer(x)
    # the norm sees the sum
    output = layer_norm(summed, gamma, beta)
    return output


def pre_norm(
    x: Float[Array, "*batch d_model"],
    sublayer: Callable[[Array], Array],
    gamma: Float[Array, "d_model"],
    beta: Float[Array, "d_model"],
) -> Float[Array, "*batch d_model"]:
    r"""The residual sub-layer of most later models: only the sub-layer sees normalised vectors.

    x + f(LN(x))

    x itself goes through untouched, so a stack of these needs one more norm at its end.
    Source: [X] section 3.

    >>> pre_norm(np.array([1.0, 3.0]), lambda x: 0 * x, np.ones(2), np.zeros(2))
    array([1., 3.])
    """
    # what the sub-layer sees
    normalised = layer_norm(x, gamma, beta)
    # the residual is the raw x, not the normalised one
    output: Array = x + sublayer(normalised)
    return output


def add_and_norm(
    x: Float[Array, "*batch d_model"],
    sublayer: Callable[[Array], Array],
    weights: NormWeights,
    norm: str = "post",
    drop: Drop | None = None,
) -> Float[Array, "*batch d_model"]:
    r"""A residual sub-layer of either kind ("Add & Norm" in the paper's figure), with dropout in training.

    LN(x + drop(f(x)))   or   x + drop(f(LN(x)))

    `norm` is "post" or "pre". `drop` is applied to what the sub-layer says; None, as in inference, keeps all.
    Source: [V] sections 3.1 and 5.4.

    >>> weights = NormWeights(np.ones(2), np.zeros(2))
    >>> add_and_norm(np.array([1.0, 3.0]), lambda x: x, weights, norm="pre").round(4)
    array([0., 4.])
    """
    if norm not in ("post", "pre"):
        raise ValueError(f'add_and_norm: norm must be "post" or "pre", got {norm!r}')
    # where the norm stands
    residual = post_norm if norm == "post" else pre_norm
    # dropout comes before the sum, so that x itself is never dropped
    output = residual(x, lambda y: dropped(sublayer(y), drop), *weights)
    return output


# ---------------------------------------------------------------- dropout


def dropout(
    x: Float[Array, "..."], p: float, rng: np.random.Generator, training: bool = True
) -> Float[Array, "..."]:
    r"""In training each number is dropped with probability p, and the others grow to keep the mean.

    dropout(x) = keep * x / (1 - p),  keep = 1 with probability 1 - p, else 0

    In inference nothing happens. Source: [S] section 4, with the scale moved to training ("inverted").

    >>> dropout(np.ones(6), 0.5, np.random.default_rng(1))
    array([2., 2., 0., 2., 0., 0.])
    """
    if not 0 <= p < 1:
        raise ValueError(f"dropout: p must be at least 0 and below 1, got {p}")
    # inference takes all of it, and needs no other scale
    if not training:
        return x
    # drawn for every number by itself
    keep = rng.random(x.shape) >= p
    # fewer numbers stay, so they have to grow to keep the mean
    scaled = x / (1 - p)
    # dropped numbers are 0
    output: Array = np.where(keep, scaled, 0)
    return output


def dropped(x: Float[Array, "..."], drop: Drop | None) -> Float[Array, "..."]:
    """What `drop` leaves of x; all of it where there is no `drop`.

    >>> dropped(np.ones(2), None)
    array([1., 1.])
    """
    # in inference nothing is dropped
    left = x if drop is None else drop(x)
    return left
