"""The transformer of the paper: encoder and decoder layers, their stacks, the whole model, its size.

Weights are named tuples of arrays, so that a gradient or an optimiser's state can have the same form. Every layer takes

- `n_heads`, how many heads its attention has;
- `norm`, "post" (the paper: normalise after adding) or "pre" (before the sub-layer; the stack ends with one more norm);
- `drop`, what training does to the output of each sub-layer before it is added (dropout); None in inference.

Papers: [V] Vaswani et al. 2017, [X] Xiong et al. 2020 (pre-norm), [W] Press and Wolf 2017 (tied weights).
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from reference.attention import AttentionWeights, causal_mask, combine_masks, cross_attention, multi_head_attention
from reference.layers import (
    Affine,
    Drop,
    FeedForwardWeights,
    NormWeights,
    add_and_norm,
    dropped,
    embed,
    feed_forward,
    layer_norm,
)
from reference.positions import sinusoidal_positions
from reference.shapes import Array, Bool, Float, Int

# ---------------------------------------------------------------- encoder


class EncoderLayerWeights(NamedTuple):
    """Two sub-layers, each with its norm."""

    attention: AttentionWeights
    norm_1: NormWeights
    feed_forward: FeedForwardWeights
    norm_2: NormWeights


class EncoderWeights(NamedTuple):
    """The layers from bottom to top; `norm` stands after the last one, where the layers are pre-norm."""

    layers: tuple[EncoderLayerWeights, ...]
    norm: NormWeights | None = None


def encoder_layer(
    x: Float[Array, "*batch tokens d_model"],
    weights: EncoderLayerWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> Float[Array, "*batch tokens d_model"]:
    r"""Tokens look at each other, then each thinks for itself.

    y = LN(x + MultiHead(x, x)),  output = LN(y + FFN(y))

    Source: [V] section 3.1.

    >>> config = TransformerConfig(vocabulary=5, d_model=4, n_heads=2, d_ff=8)
    >>> weights = init_encoder_layer(config, np.random.default_rng(0))
    >>> encoder_layer(np.ones((3, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # every token gathers what it needs from the others
    attended = add_and_norm(
        x, lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1, norm, drop
    )
    # every token digests what it has gathered
    output = add_and_norm(attended, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2, norm, drop)
    return output


def encoder(
    x: Float[Array, "*batch tokens d_model"],
    weights: EncoderWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> Float[Array, "*batch tokens d_model"]:
    r"""A stack of encoder layers: equal in structure, each with weights of its own.

    x_0 = x,  x_i = layer_i(x_(i-1))

    A stack of pre-norm layers ends with one more norm. Source: [V] section 3.1.

    >>> weights = init_transformer(TransformerConfig(5, 4, 2, 8, 2, 2), np.random.default_rng(0)).encoder
    >>> encoder(np.ones((3, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # what one layer says, the next one reads
    hidden = x
    for layer in weights.layers:
        hidden = encoder_layer(hidden, layer, n_heads, mask, norm, drop)
    # in a pre-norm stack nothing has normalised the sum yet
    output = hidden if weights.norm is None else layer_norm(hidden, *weights.norm)
    return output


# ---------------------------------------------------------------- decoder


class DecoderLayerWeights(NamedTuple):
    """Three sub-layers, each with its norm."""

    self_attention: AttentionWeights
    norm_1: NormWeights
    cross_attention: AttentionWeights
    norm_2: NormWeights
    feed_forward: FeedForwardWeights
    norm_3: NormWeights


class DecoderWeights(NamedTuple):
    """The layers from bottom to top; `norm` stands after the last one, where the layers are pre-norm."""

    layers: tuple[DecoderLayerWeights, ...]
    norm: NormWeights | None = None


def decoder_layer(
    x: Float[Array, "*batch tokens d_model"],
    memory: Float[Array, "*batch source d_memory"],
    weights: DecoderLayerWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    memory_mask: Bool[Array, "*#batch #heads #tokens #source"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> Float[Array, "*batch tokens d_model"]:
    r"""Tokens look back at each other, then at the source, then each thinks for itself.

    y = LN(x + MaskedMultiHead(x, x)),  z = LN(y + MultiHead(y, memory)),  output = LN(z + FFN(z))

    Always causal: `mask` (padding of the target, say) can only forbid more. Source: [V] sections 3.1 and 3.2.3.

    >>> config = TransformerConfig(vocabulary=5, d_model=4, n_heads=2, d_ff=8)
    >>> weights = init_decoder_layer(config, np.random.default_rng(0))
    >>> decoder_layer(np.ones((3, 4)), np.ones((6, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # nobody sees what comes later: it is what has to be predicted
    allowed = combine_masks(causal_mask(x.shape[-2]), mask)
    # every token gathers from those before it
    attended = add_and_norm(
        x, lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, allowed), weights.norm_1, norm, drop
    )
    # then it asks the source
    informed = add_and_norm(
        attended,
        lambda y: cross_attention(y, memory, weights.cross_attention, n_heads, memory_mask),
        weights.norm_2,
        norm,
        drop,
    )
    # and digests both
    output = add_and_norm(informed, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3, norm, drop)
    return output


def decoder(
    x: Float[Array, "*batch tokens d_model"],
    memory: Float[Array, "*batch source d_memory"],
    weights: DecoderWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    memory_mask: Bool[Array, "*#batch #heads #tokens #source"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> Float[Array, "*batch tokens d_model"]:
    r"""A stack of decoder layers. Every layer reads the same memory: the output of the top encoder layer.

    x_0 = x,  x_i = layer_i(x_(i-1), memory)

    A stack of pre-norm layers ends with one more norm. Source: [V] section 3.1.

    >>> weights = init_transformer(TransformerConfig(5, 4, 2, 8, 2, 2), np.random.default_rng(0)).decoder
    >>> decoder(np.ones((3, 4)), np.ones((6, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # what one layer says, the next one reads; the memory stays the same
    hidden = x
    for layer in weights.layers:
        hidden = decoder_layer(hidden, memory, layer, n_heads, mask, memory_mask, norm, drop)
    # in a pre-norm stack nothing has normalised the sum yet
    output = hidden if weights.norm is None else layer_norm(hidden, *weights.norm)
    return output


# ---------------------------------------------------------------- the whole model


class TransformerWeights(NamedTuple):
    """All weights. `embedding` is the table of the target's tokens; None for a table means that it serves there too."""

    embedding: Float[Array, "vocabulary d_model"]
    encoder: EncoderWeights
    decoder: DecoderWeights
    source_embedding: Float[Array, "source_vocabulary d_model"] | None = None
    unembedding: Float[Array, "vocabulary d_model"] | None = None


def transformer(
    source: Int[Array, "*batch source"],
    target: Int[Array, "*batch tokens"],
    weights: TransformerWeights,
    n_heads: int,
    source_mask: Bool[Array, "*#batch #heads #tokens #source"] | None = None,
    target_mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    norm: str = "post",
    drop: Drop | None = None,
) -> Float[Array, "*batch tokens vocabulary"]:
    r"""From token ids to logits: at each place of the target, scores for the token that comes next.

    memory = Encoder(embed(source)),  logits = Decoder(embed(target), memory) E^T

    Positions are sinusoids. `source_mask` is for whoever looks at the source, `target_mask` for whoever looks at the target
    (`padding_mask` makes both); causality comes on top by itself. No softmax: losses and decoders take logits.
    Source: [V] sections 3.1, 3.4 and 3.5; [W].

    >>> weights = init_transformer(TransformerConfig(5, 4, 2, 8, 1, 1), np.random.default_rng(0))
    >>> transformer(np.array([1, 2, 3]), np.array([4, 1]), weights, n_heads=2).shape
    (2, 5)
    """
    # one table may serve the source, the target and the output
    source_embedding = weights.embedding if weights.source_embedding is None else weights.source_embedding
    unembedding = weights.embedding if weights.unembedding is None else weights.unembedding
    # who the tokens are and where they stand
    d_model = weights.embedding.shape[-1]
    positions = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d_model)
    source_vectors = dropped(embed(source, source_embedding, positions), drop)
    target_vectors = dropped(embed(target, weights.embedding, positions), drop)
    # the source is read once, by everybody in parallel
    memory = encoder(source_vectors, weights.encoder, n_heads, source_mask, norm, drop)
    # the target reads itself and the memory
    hidden = decoder(target_vectors, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    # how well each place matches each token's vector
    logits: Array = hidden @ unembedding.T
    return logits


# ---------------------------------------------------------------- its size, and where it starts


class TransformerConfig(NamedTuple):
    """The sizes of a transformer; the defaults are the paper's base model.

    One vocabulary for both languages. `tied`: one table of vectors for source, target and output. With no encoder layers it
    is a decoder-only model, without cross-attention. `learned_positions` is the length of a learned table, 0 for sinusoids.
    """

    vocabulary: int = 37_000
    d_model: int = 512
    n_heads: int = 8
    d_ff: int = 2048
    n_encoder_layers: int = 6
    n_decoder_layers: int = 6
    norm: str = "post"
    tied: bool = True
    attention_biases: bool = False
    learned_positions: int = 0


PAPER_BASE = TransformerConfig()
PAPER_BIG = TransformerConfig(d_model=1024, n_heads=16, d_ff=4096)
GPT2_SMALL = TransformerConfig(
    vocabulary=50_257,
    d_model=768,
    n_heads=12,
    d_ff=3072,
    n_encoder_layers=0,
    n_decoder_layers=12,
    norm="pre",
    attention_biases=True,
    learned_positions=1024,
)


def count_parameters(config: TransformerConfig) -> int:
    r"""How many numbers training has to find.

    attention 4 d^2 (+ 4 d),  feed-forward 2 d d_ff + d_ff + d,  norm 2 d,  tables V d

    An encoder layer has one attention and two norms, a decoder layer two and three (one and two without an encoder).
    For the paper's base model, whose authors say 65 million; with attention biases it is 63,082,496.

    >>> count_parameters(PAPER_BASE)
    63045632
    >>> count_parameters(GPT2_SMALL)
    124439808
    """
    d_model = config.d_model
    # four square matrices: heads share the width, so their number does not matter
    attention = 4 * d_model * d_model + (4 * d_model if config.attention_biases else 0)
    # up and down, with biases
    ffn = d_model * config.d_ff + config.d_ff + config.d_ff * d_model + d_model
    # gamma and beta
    norm = 2 * d_model
    # each sub-layer has its norm
    per_encoder_layer = attention + ffn + 2 * norm
    # a decoder without encoder has nobody to ask
    n_attentions = 2 if config.n_encoder_layers else 1
    per_decoder_layer = n_attentions * attention + ffn + (n_attentions + 1) * norm
    layers = config.n_encoder_layers * per_encoder_layer + config.n_decoder_layers * per_decoder_layer
    # pre-norm: one more at the end of each stack
    n_stacks = (config.n_encoder_layers > 0) + (config.n_decoder_layers > 0)
    final_norms = n_stacks * norm if config.norm == "pre" else 0
    # source, target and output share one table, or have one each
    n_tables = 1 if config.tied else n_stacks + 1
    # sinusoids are computed, not learned
    tables = (n_tables * config.vocabulary + config.learned_positions) * d_model
    total = layers + final_norms + tables
    return total


def count_weights(weights: Any) -> int:
    """How many numbers a named tuple of weights holds, however deep; `count_parameters` foretells it.

    >>> config = TransformerConfig(5, 4, 2, 8, 1, 1, tied=False)
    >>> count_weights(init_transformer(config, np.random.default_rng(0))) == count_parameters(config)
    True
    """
    if isinstance(weights, tuple):
        return sum(count_weights(part) for part in weights)
    return 0 if weights is None else int(np.size(weights))


def init_matrix(n_in: int, n_out: int, rng: np.random.Generator) -> Float[Array, "d_in d_out"]:
    r"""A random matrix that keeps the scale of what goes through it, forward and backward (Glorot and Bengio 2010).

    uniform from -a to a,  a = sqrt(6 / (n_in + n_out))

    >>> bool(np.abs(init_matrix(2, 4, np.random.default_rng(0))).max() <= 1)
    True
    """
    # the variance of uniform(-a, a) is a^2 / 3
    limit = math.sqrt(6 / (n_in + n_out))
    matrix = rng.uniform(-limit, limit, size=(n_in, n_out))
    return matrix


def init_attention(config: TransformerConfig, rng: np.random.Generator) -> AttentionWeights:
    """Four square matrices, with zero biases where the model has any."""
    matrices = [init_matrix(config.d_model, config.d_model, rng) for _ in AttentionWeights._fields]
    if config.attention_biases:
        return AttentionWeights(*[Affine(w, np.zeros(config.d_model)) for w in matrices])  # type: ignore[arg-type]
    return AttentionWeights(*matrices)


def init_norm(config: TransformerConfig) -> NormWeights:
    """No scale and no shift to begin with."""
    return NormWeights(np.ones(config.d_model), np.zeros(config.d_model))


def init_feed_forward(config: TransformerConfig, rng: np.random.Generator) -> FeedForwardWeights:
    """Random maps, zero biases."""
    d_model, d_ff = config.d_model, config.d_ff
    return FeedForwardWeights(
        init_matrix(d_model, d_ff, rng), np.zeros(d_ff), init_matrix(d_ff, d_model, rng), np.zeros(d_model)
    )


def init_encoder_layer(config: TransformerConfig, rng: np.random.Generator) -> EncoderLayerWeights:
    """The weights of one encoder layer."""
    return EncoderLayerWeights(
        init_attention(config, rng), init_norm(config), init_feed_forward(config, rng), init_norm(config)
    )


def init_decoder_layer(config: TransformerConfig, rng: np.random.Generator) -> DecoderLayerWeights:
    """The weights of one decoder layer."""
    return DecoderLayerWeights(
        init_attention(config, rng),
        init_norm(config),
        init_attention(config, rng),
        init_norm(config),
        init_feed_forward(config, rng),
        init_norm(config),
    )


def init_embedding(n_rows: int, config: TransformerConfig, rng: np.random.Generator) -> Float[Array, "rows d_model"]:
    """Rows of length about 1, which `embed` scales to sqrt(d_model)."""
    return rng.normal(0, 1 / math.sqrt(config.d_model), size=(n_rows, config.d_model))


def init_transformer(config: TransformerConfig, rng: np.random.Generator) -> TransformerWeights:
    """The weights of an untrained encoder-decoder, in float64.

    >>> init_transformer(TransformerConfig(5, 4, 2, 8, 1, 1), np.random.default_rng(0)).embedding.shape
    (5, 4)
    """
    if config.norm not in ("post", "pre"):
        raise ValueError(f'init_transformer: config.norm must be "post" or "pre", got {config.norm!r}')
    if config.d_model % config.n_heads:
        raise ValueError(f"init_transformer: n_heads must divide d_model = {config.d_model}, got {config.n_heads}")
    if config.learned_positions or not config.n_encoder_layers:
        raise ValueError("init_transformer: makes encoder-decoders with sinusoids; see init_gpt2 for the other kind")
    final_norm = init_norm(config) if config.norm == "pre" else None
    return TransformerWeights(
        init_embedding(config.vocabulary, config, rng),
        EncoderWeights(tuple(init_encoder_layer(config, rng) for _ in range(config.n_encoder_layers)), final_norm),
        DecoderWeights(tuple(init_decoder_layer(config, rng) for _ in range(config.n_decoder_layers)), final_norm),
        source_embedding=None if config.tied else init_embedding(config.vocabulary, config, rng),
        unembedding=None if config.tied else init_embedding(config.vocabulary, config, rng),
    )
