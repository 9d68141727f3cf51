"""Gradients of layers, stacks and whole models, in the form `f_backward(d_output, ...inputs of f...)`.

Each goes forwards once and then back; how is told in `backprop` and `model_backprop`. A `drop` has to draw
what it drew before: give it a generator with the same seed. Ids and masks have no gradient.
"""

from __future__ import annotations

from collections.abc import Callable

from reference import backprop, model_backprop
from reference.attention import AttentionWeights
from reference.language_models import Gpt2Weights, ModernLayerWeights, ModernWeights
from reference.layers import Drop, FeedForwardWeights, NormWeights
from reference.shapes import Array, Bool, Float, Int
from reference.weights import (
    DecoderLayerWeights,
    DecoderWeights,
    EncoderLayerWeights,
    EncoderWeights,
    TransformerWeights,
)

# ---------------------------------------------------------------- sub-layers


def add_and_norm_backward(
    d_output: Float[Array, "*batch d_model"],
    x: Float[Array, "*batch d_model"],
    sublayer: Callable[[Array], Array],
    weights: NormWeights,
    sublayer_backward: Callable[[Array, Array], Array],
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, NormWeights]:
    """Gradients of add_and_norm: (d_x, d_weights). `sublayer_backward(d, x)` is the sub-layer's way back."""
    _, back = backprop.residual_pullback(
        x, lambda y: (sublayer(y), lambda d: (sublayer_backward(d, y),)), weights, norm, drop
    )
    d_x, d_weights = back(d_output)
    return d_x, d_weights


def gelu_feed_forward_backward(
    d_output: Float[Array, "*batch d_model"], x: Float[Array, "*batch d_model"], weights: FeedForwardWeights
) -> tuple[Array, FeedForwardWeights]:
    """Gradients of gelu_feed_forward: (d_x, d_weights)."""
    _, back = backprop.gelu_feed_forward_pullback(x, weights)
    d_x, d_weights = back(d_output)
    return d_x, d_weights


def grouped_rotary_attention_backward(
    d_output: Float[Array, "*batch tokens d_out"],
    x: Float[Array, "*batch tokens d_model"],
    weights: AttentionWeights,
    n_heads: int,
    n_kv_heads: int,
    positions: Int[Array, "*#batch tokens"],
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
) -> tuple[Array, AttentionWeights]:
    """Gradients of grouped_rotary_attention: (d_x, d_weights)."""
    _, back = backprop.grouped_rotary_attention_pullback(x, weights, n_heads, n_kv_heads, positions, mask)
    d_x, d_weights = back(d_output)
    return d_x, d_weights


# ---------------------------------------------------------------- encoder and decoder


def encoder_layer_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    x: Float[Array, "*batch tokens d_model"],
    weights: EncoderLayerWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, EncoderLayerWeights]:
    """Gradients of encoder_layer: (d_x, d_weights)."""
    _, back = model_backprop.encoder_layer_pullback(x, weights, n_heads, mask, norm, drop)
    d_x, d_weights = back(d_output)
    return d_x, d_weights


def encoder_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    x: Float[Array, "*batch tokens d_model"],
    weights: EncoderWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, EncoderWeights]:
    """Gradients of encoder: (d_x, d_weights)."""
    _, back = model_backprop.encoder_pullback(x, weights, n_heads, mask, norm, drop)
    d_x, d_weights = back(d_output)
    return d_x, d_weights


def decoder_layer_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    x: Float[Array, "*batch tokens d_model"],
    memory: Float[Array, "*batch source d_memory"],
    weights: DecoderLayerWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    memory_mask: Bool[Array, "*#batch #heads #tokens #source"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, Array, DecoderLayerWeights]:
    """Gradients of decoder_layer: (d_x, d_memory, d_weights)."""
    _, back = model_backprop.decoder_layer_pullback(
        x, memory, weights, n_heads, mask, memory_mask, norm, drop
    )
    d_x, d_memory, d_weights = back(d_output)
    return d_x, d_memory, d_weights


def decoder_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    x: Float[Array, "*batch tokens d_model"],
    memory: Float[Array, "*batch source d_memory"],
    weights: DecoderWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    memory_mask: Bool[Array, "*#batch #heads #tokens #source"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, Array, DecoderWeights]:
    """Gradients of decoder: (d_x, d_memory, d_weights)."""
    _, back = model_backprop.decoder_pullback(x, memory, weights, n_heads, mask, memory_mask, norm, drop)
    d_x, d_memory, d_weights = back(d_output)
    return d_x, d_memory, d_weights


# ---------------------------------------------------------------- whole models


def transformer_backward(
    d_output: Float[Array, "*batch tokens vocabulary"],
    source: Int[Array, "*batch source"],
    target: Int[Array, "*batch tokens"],
    weights: TransformerWeights,
    n_heads: int,
    source_mask: Bool[Array, "*#batch #heads #tokens #source"] | None = None,
    target_mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> TransformerWeights:
    """Gradient of transformer: d_weights. A table that serves twice gathers twice.

    >>> import numpy as np
    >>> from reference.weights import TransformerConfig, init_transformer
    >>> weights = init_transformer(TransformerConfig(5, 4, 2, 8, 1, 1), np.random.default_rng(0))
    >>> source, target, d_logits = np.array([1, 2, 3]), np.array([4, 1]), np.ones((2, 5))
    >>> transformer_backward(d_logits, source, target, weights, n_heads=2).encoder.layers[0].norm_1.beta.shape
    (4,)
    """
    _, back = model_backprop.transformer_pullback(
        source, target, weights, n_heads, source_mask, target_mask, norm, drop
    )
    d_weights: TransformerWeights = back(d_output)
    return d_weights


def gpt2_layer_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    x: Float[Array, "*batch tokens d_model"],
    weights: EncoderLayerWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    drop: Drop | None = None,
) -> tuple[Array, EncoderLayerWeights]:
    """Gradients of gpt2_layer: (d_x, d_weights)."""
    _, back = model_backprop.gpt2_layer_pullback(x, weights, n_heads, mask, drop)
    d_x, d_weights = back(d_output)
    return d_x, d_weights


def gpt2_backward(
    d_output: Float[Array, "*batch tokens vocabulary"],
    ids: Int[Array, "*batch tokens"],
    weights: Gpt2Weights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    drop: Drop | None = None,
) -> Gpt2Weights:
    """Gradient of gpt2: d_weights."""
    _, back = model_backprop.gpt2_pullback(ids, weights, n_heads, mask, drop)
    d_weights: Gpt2Weights = back(d_output)
    return d_weights


def modern_decoder_layer_backward(
    d_output: Float[Array, "*batch tokens d_model"],
    x: Float[Array, "*batch tokens d_model"],
    weights: ModernLayerWeights,
    n_heads: int,
    n_kv_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    positions: Int[Array, "*#batch tokens"] | None = None,
) -> tuple[Array, ModernLayerWeights]:
    """Gradients of modern_decoder_layer: (d_x, d_weights)."""
    _, back = model_backprop.modern_decoder_layer_pullback(x, weights, n_heads, n_kv_heads, mask, positions)
    d_x, d_weights = back(d_output)
    return d_x, d_weights


def modern_decoder_backward(
    d_output: Float[Array, "*batch tokens vocabulary"],
    ids: Int[Array, "*batch tokens"],
    weights: ModernWeights,
    n_heads: int,
    n_kv_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
) -> ModernWeights:
    """Gradient of modern_decoder: d_weights."""
    _, back = model_backprop.modern_decoder_pullback(ids, weights, n_heads, n_kv_heads, mask)
    d_weights: ModernWeights = back(d_output)
    return d_weights
