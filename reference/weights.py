"""What training has to find: the weights of a transformer, how they are arranged, and where they start.

Weights are named tuples of arrays, so that a gradient or an optimiser's state can have the same form.

Papers: [V] Vaswani et al. 2017, [G] Glorot and Bengio 2010.
"""

from __future__ import annotations

import math
from typing import Any, NamedTuple

import numpy as np

from reference.attention import AttentionWeights
from reference.layers import Affine, FeedForwardWeights, NormWeights
from reference.shapes import Array, Float

# ---------------------------------------------------------------- sizes


class TransformerConfig(NamedTuple):
    """The sizes of a transformer; the defaults are the paper's base model.

    One vocabulary for both languages. `tied`: one table of vectors for source, target and output. Without
    encoder layers it is a decoder-only model, and nothing has cross-attention. `learned_positions` is the
    length of a learned table of positions; 0 stands for sinusoids.
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


# ---------------------------------------------------------------- arrangement


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


class TransformerWeights(NamedTuple):
    """All weights. `embedding` is the table of the target's tokens.

    Where one of the other two tables is None, that one serves there too.
    """

    embedding: Float[Array, "vocabulary d_model"]
    encoder: EncoderWeights
    decoder: DecoderWeights
    source_embedding: Float[Array, "source_vocabulary d_model"] | None = None
    unembedding: Float[Array, "vocabulary d_model"] | None = None


def count_weights(weights: Any) -> int:
    """How many numbers a named tuple of weights holds, however deep; `count_parameters` foretells it.

    >>> count_weights(NormWeights(np.ones(4), np.zeros(4)))
    8
    """
    if isinstance(weights, tuple):
        return sum(count_weights(part) for part in weights)
    return 0 if weights is None else int(np.size(weights))


# ---------------------------------------------------------------- first values


def init_matrix(n_in: int, n_out: int, rng: np.random.Generator) -> Float[Array, "d_in d_out"]:
    r"""A random matrix that keeps the scale of what goes through it, forward and backward ([G] equation 16).

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


def init_embedding(
    n_rows: int, config: TransformerConfig, rng: np.random.Generator
) -> Float[Array, "rows d_model"]:
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
        raise ValueError(
            f"init_transformer: n_heads must divide d_model = {config.d_model}, got {config.n_heads}"
        )
    if config.learned_positions or not config.n_encoder_layers:
        raise ValueError(
            "init_transformer: makes encoder-decoders with sinusoids; see init_gpt2 for the other kind"
        )
    encoder_layers = tuple(init_encoder_layer(config, rng) for _ in range(config.n_encoder_layers))
    decoder_layers = tuple(init_decoder_layer(config, rng) for _ in range(config.n_decoder_layers))
    final_norm = init_norm(config) if config.norm == "pre" else None
    n_more_tables = 0 if config.tied else 2
    more_tables = [init_embedding(config.vocabulary, config, rng) for _ in range(n_more_tables)]
    return TransformerWeights(
        init_embedding(config.vocabulary, config, rng),
        EncoderWeights(encoder_layers, final_norm),
        DecoderWeights(decoder_layers, final_norm),
        *more_tables,
    )
