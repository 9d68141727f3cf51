"""Whole models backwards, from the pullbacks of their parts (see `backprop`).

Every function reads like its model: the parts in order on the way forward, in the opposite order on the way
back. `back` returns the gradients of the weights in the form of the weights.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any

import numpy as np

from reference.attention import causal_mask, combine_masks
from reference.backprop import (
    Back,
    Pullback,
    dropped_pullback,
    feed_forward_pullback,
    gelu_feed_forward_pullback,
    grouped_rotary_attention_pullback,
    layer_norm_pullback,
    multi_head_attention_pullback,
    product_pullback,
    residual_pullback,
    rms_norm_pullback,
    self_attention_pullback,
    swiglu_pullback,
)
from reference.language_models import Gpt2Weights, ModernLayerWeights, ModernWeights
from reference.layer_gradients import lookup_backward
from reference.layers import Drop, NormWeights, embed, lookup
from reference.positions import sinusoidal_positions
from reference.shapes import Array
from reference.weights import (
    DecoderLayerWeights,
    DecoderWeights,
    EncoderLayerWeights,
    EncoderWeights,
    TransformerWeights,
)

# ---------------------------------------------------------------- stacks


def stack_pullback(x: Array, layers: Sequence[Pullback]) -> tuple[Array, Back]:
    """One layer after the other; back gives (d_x, what else each layer's back gave, from bottom to top).

    >>> double = lambda x: (2 * x, lambda d: (2 * d, "weights"))
    >>> output, back = stack_pullback(np.ones(1), [double, double])
    >>> output, back(np.ones(1))
    (array([4.]), (array([4.]), [('weights',), ('weights',)]))
    """
    backs = []
    for layer in layers:
        x, back_layer = layer(x)
        backs.append(back_layer)

    def back(d_x: Array) -> tuple[Array, Any]:
        others: list[tuple[Any, ...]] = []
        for back_layer in reversed(backs):
            d_x, *rest = back_layer(d_x)
            others.insert(0, tuple(rest))
        return d_x, others

    return x, back


def final_norm_pullback(x: Array, weights: NormWeights | None) -> tuple[Array, Back]:
    """The norm at the end of a pre-norm stack; back gives (d_x, NormWeights), or (d_x, None) without one.

    >>> final_norm_pullback(np.ones(2), None)[1](np.ones(2))
    (array([1., 1.]), None)
    """
    if weights is None:
        return x, lambda d_x: (d_x, None)
    return layer_norm_pullback(x, weights)


# ---------------------------------------------------------------- encoder and decoder


def encoder_layer_pullback(
    x: Array,
    weights: EncoderLayerWeights,
    n_heads: int,
    mask: Array | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, Back]:
    """encoder_layer; back gives (d_x, EncoderLayerWeights)."""
    attended, back_attention = residual_pullback(
        x, lambda y: self_attention_pullback(y, weights.attention, n_heads, mask), weights.norm_1, norm, drop
    )
    output, back_feed_forward = residual_pullback(
        attended, lambda y: feed_forward_pullback(y, weights.feed_forward), weights.norm_2, norm, drop
    )

    def back(d_output: Array) -> tuple[Array, EncoderLayerWeights]:
        d_attended, d_feed_forward, d_norm_2 = back_feed_forward(d_output)
        d_x, d_attention, d_norm_1 = back_attention(d_attended)
        return d_x, EncoderLayerWeights(d_attention, d_norm_1, d_feed_forward, d_norm_2)

    return output, back


def encoder_pullback(
    x: Array,
    weights: EncoderWeights,
    n_heads: int,
    mask: Array | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, Back]:
    """encoder; back gives (d_x, EncoderWeights)."""
    hidden, back_layers = stack_pullback(
        x,
        [
            partial(encoder_layer_pullback, weights=layer, n_heads=n_heads, mask=mask, norm=norm, drop=drop)
            for layer in weights.layers
        ],
    )
    output, back_norm = final_norm_pullback(hidden, weights.norm)

    def back(d_output: Array) -> tuple[Array, EncoderWeights]:
        d_hidden, d_norm = back_norm(d_output)
        d_x, d_layers = back_layers(d_hidden)
        return d_x, EncoderWeights(tuple(d_layer for (d_layer,) in d_layers), d_norm)

    return output, back


def decoder_layer_pullback(
    x: Array,
    memory: Array,
    weights: DecoderLayerWeights,
    n_heads: int,
    mask: Array | None = None,
    memory_mask: Array | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, Back]:
    """decoder_layer; back gives (d_x, d_memory, DecoderLayerWeights)."""
    allowed = combine_masks(causal_mask(x.shape[-2]), mask)
    attended, back_self = residual_pullback(
        x,
        lambda y: self_attention_pullback(y, weights.self_attention, n_heads, allowed),
        weights.norm_1,
        norm,
        drop,
    )
    informed, back_cross = residual_pullback(
        attended,
        lambda y: multi_head_attention_pullback(y, memory, weights.cross_attention, n_heads, memory_mask),
        weights.norm_2,
        norm,
        drop,
    )
    output, back_feed_forward = residual_pullback(
        informed, lambda y: feed_forward_pullback(y, weights.feed_forward), weights.norm_3, norm, drop
    )

    def back(d_output: Array) -> tuple[Array, Array, DecoderLayerWeights]:
        d_informed, d_feed_forward, d_norm_3 = back_feed_forward(d_output)
        d_attended, d_memory, d_cross, d_norm_2 = back_cross(d_informed)
        d_x, d_self, d_norm_1 = back_self(d_attended)
        d_weights = DecoderLayerWeights(d_self, d_norm_1, d_cross, d_norm_2, d_feed_forward, d_norm_3)
        return d_x, d_memory, d_weights

    return output, back


def decoder_pullback(
    x: Array,
    memory: Array,
    weights: DecoderWeights,
    n_heads: int,
    mask: Array | None = None,
    memory_mask: Array | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, Back]:
    """decoder; back gives (d_x, d_memory, DecoderWeights). The memory gathers from all layers."""
    hidden, back_layers = stack_pullback(
        x,
        [
            partial(
                decoder_layer_pullback,
                memory=memory,
                weights=layer,
                n_heads=n_heads,
                mask=mask,
                memory_mask=memory_mask,
                norm=norm,
                drop=drop,
            )
            for layer in weights.layers
        ],
    )
    output, back_norm = final_norm_pullback(hidden, weights.norm)

    def back(d_output: Array) -> tuple[Array, Array, DecoderWeights]:
        d_hidden, d_norm = back_norm(d_output)
        d_x, d_layers = back_layers(d_hidden)
        d_memory = sum((d for d, _ in d_layers), start=np.zeros_like(memory))
        return d_x, d_memory, DecoderWeights(tuple(d_layer for _, d_layer in d_layers), d_norm)

    return output, back


# ---------------------------------------------------------------- the encoder-decoder


def embed_pullback(
    ids: Array, embedding: Array, positions: Array, drop: Drop | None = None
) -> tuple[Array, Back]:
    """embed with dropout; back gives d_embedding."""

    def back(d_vectors: Array) -> Array:
        return lookup_backward(d_vectors * math.sqrt(embedding.shape[-1]), ids, embedding)

    return dropped_pullback(embed(ids, embedding, positions), back, drop)


def transformer_pullback(
    source: Array,
    target: Array,
    weights: TransformerWeights,
    n_heads: int,
    source_mask: Array | None = None,
    target_mask: Array | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> tuple[Array, Back]:
    """transformer; back gives TransformerWeights. A table that serves twice gathers twice."""
    shared = weights.embedding
    source_table = shared if weights.source_embedding is None else weights.source_embedding
    output_table = shared if weights.unembedding is None else weights.unembedding
    positions = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), shared.shape[-1])
    source_vectors, back_source = embed_pullback(source, source_table, positions, drop)
    target_vectors, back_target = embed_pullback(target, shared, positions, drop)
    memory, back_encoder = encoder_pullback(source_vectors, weights.encoder, n_heads, source_mask, norm, drop)
    hidden, back_decoder = decoder_pullback(
        target_vectors, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop
    )
    logits, back_logits = product_pullback(hidden, output_table.T)

    def back(d_logits: Array) -> TransformerWeights:
        d_hidden, d_output_transposed = back_logits(d_logits)
        d_target_vectors, d_memory, d_decoder = back_decoder(d_hidden)
        d_source_vectors, d_encoder = back_encoder(d_memory)
        d_shared = back_target(d_target_vectors)
        d_source: Array | None = back_source(d_source_vectors)
        d_output: Array | None = d_output_transposed.T
        if weights.source_embedding is None:
            d_shared, d_source = d_shared + d_source, None
        if weights.unembedding is None:
            d_shared, d_output = d_shared + d_output, None
        return TransformerWeights(d_shared, d_encoder, d_decoder, d_source, d_output)

    return logits, back


# ---------------------------------------------------------------- decoders on their own


def gpt2_layer_pullback(
    x: Array, weights: EncoderLayerWeights, n_heads: int, mask: Array | None = None, drop: Drop | None = None
) -> tuple[Array, Back]:
    """gpt2_layer; back gives (d_x, EncoderLayerWeights)."""
    allowed = combine_masks(causal_mask(x.shape[-2]), mask)
    attended, back_attention = residual_pullback(
        x,
        lambda y: self_attention_pullback(y, weights.attention, n_heads, allowed),
        weights.norm_1,
        "pre",
        drop,
    )
    output, back_feed_forward = residual_pullback(
        attended, lambda y: gelu_feed_forward_pullback(y, weights.feed_forward), weights.norm_2, "pre", drop
    )

    def back(d_output: Array) -> tuple[Array, EncoderLayerWeights]:
        d_attended, d_feed_forward, d_norm_2 = back_feed_forward(d_output)
        d_x, d_attention, d_norm_1 = back_attention(d_attended)
        return d_x, EncoderLayerWeights(d_attention, d_norm_1, d_feed_forward, d_norm_2)

    return output, back


def gpt2_pullback(
    ids: Array, weights: Gpt2Weights, n_heads: int, mask: Array | None = None, drop: Drop | None = None
) -> tuple[Array, Back]:
    """gpt2; back gives Gpt2Weights. Positions that no token reached have no gradient."""
    n_tokens = ids.shape[-1]
    vectors = lookup(ids, weights.embedding) + weights.positions[:n_tokens]
    dropped, back_drop = dropped_pullback(vectors, lambda d: d, drop)
    hidden, back_layers = stack_pullback(
        dropped,
        [
            partial(gpt2_layer_pullback, weights=layer, n_heads=n_heads, mask=mask, drop=drop)
            for layer in weights.layers
        ],
    )
    normalised, back_norm = layer_norm_pullback(hidden, weights.norm)
    logits, back_logits = product_pullback(normalised, weights.embedding.T)

    def back(d_logits: Array) -> Gpt2Weights:
        d_normalised, d_table_transposed = back_logits(d_logits)
        d_hidden, d_norm = back_norm(d_normalised)
        d_dropped, d_layers = back_layers(d_hidden)
        d_vectors = back_drop(d_dropped)
        d_embedding = lookup_backward(d_vectors, ids, weights.embedding) + d_table_transposed.T
        d_positions = np.zeros_like(weights.positions)
        d_positions[:n_tokens] = d_vectors.reshape(-1, *d_vectors.shape[-2:]).sum(axis=0)
        return Gpt2Weights(d_embedding, d_positions, tuple(d_layer for (d_layer,) in d_layers), d_norm)

    return logits, back


def modern_decoder_layer_pullback(
    x: Array,
    weights: ModernLayerWeights,
    n_heads: int,
    n_kv_heads: int,
    mask: Array | None = None,
    positions: Array | None = None,
) -> tuple[Array, Back]:
    """modern_decoder_layer; back gives (d_x, ModernLayerWeights)."""
    positions = np.arange(x.shape[-2]) if positions is None else positions
    allowed = combine_masks(causal_mask(x.shape[-2]), mask)
    normalised, back_norm_1 = rms_norm_pullback(x, weights.gamma_1)
    gathered, back_attention = grouped_rotary_attention_pullback(
        normalised, weights.attention, n_heads, n_kv_heads, positions, allowed
    )
    attended = x + gathered
    normalised_again, back_norm_2 = rms_norm_pullback(attended, weights.gamma_2)
    digested, back_feed_forward = swiglu_pullback(normalised_again, weights.feed_forward)

    def back(d_output: Array) -> tuple[Array, ModernLayerWeights]:
        d_normalised_again, d_feed_forward = back_feed_forward(d_output)
        d_through, d_gamma_2 = back_norm_2(d_normalised_again)
        d_attended = d_output + d_through
        d_normalised, d_attention = back_attention(d_attended)
        d_through, d_gamma_1 = back_norm_1(d_normalised)
        return d_attended + d_through, ModernLayerWeights(d_attention, d_gamma_1, d_feed_forward, d_gamma_2)

    return attended + digested, back


def modern_decoder_pullback(
    ids: Array, weights: ModernWeights, n_heads: int, n_kv_heads: int, mask: Array | None = None
) -> tuple[Array, Back]:
    """modern_decoder; back gives ModernWeights."""
    hidden, back_layers = stack_pullback(
        lookup(ids, weights.embedding),
        [
            partial(
                modern_decoder_layer_pullback,
                weights=layer,
                n_heads=n_heads,
                n_kv_heads=n_kv_heads,
                mask=mask,
            )
            for layer in weights.layers
        ],
    )
    normalised, back_norm = rms_norm_pullback(hidden, weights.gamma)
    table = weights.embedding if weights.unembedding is None else weights.unembedding
    logits, back_logits = product_pullback(normalised, table.T)

    def back(d_logits: Array) -> ModernWeights:
        d_normalised, d_table_transposed = back_logits(d_logits)
        d_hidden, d_gamma = back_norm(d_normalised)
        d_vectors, d_layers = back_layers(d_hidden)
        d_embedding = lookup_backward(d_vectors, ids, weights.embedding)
        d_table = d_table_transposed.T
        if weights.unembedding is None:
            d_embedding, d_table = d_embedding + d_table, None
        return ModernWeights(d_embedding, tuple(d_layer for (d_layer,) in d_layers), d_gamma, d_table)

    return logits, back
