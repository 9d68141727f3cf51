"""Decoders on their own: models that continue a text. GPT-2, and the kind that came after it.

Both are pre-norm stacks of causal layers without cross-attention, and made of the functions above them.

Papers: [R] Radford et al. 2019 (GPT-2), [T] Touvron et al. 2023 (LLaMA),
[A] Ainslie et al. 2023 (grouped queries).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from reference.attention import (
    AttentionWeights,
    causal_mask,
    combine_masks,
    merge_heads,
    multi_head_attention,
    scaled_dot_product_attention,
    split_heads,
)
from reference.layers import (
    Drop,
    FeedForwardWeights,
    NormWeights,
    SwigluWeights,
    add_and_norm,
    dropped,
    gelu,
    layer_norm,
    linear,
    lookup,
    rms_norm,
    swiglu,
)
from reference.positions import rotary
from reference.shapes import Array, Bool, Float, Int
from reference.weights import (
    EncoderLayerWeights,
    TransformerConfig,
    init_embedding,
    init_encoder_layer,
    init_matrix,
    init_norm,
)

# ---------------------------------------------------------------- GPT-2


class Gpt2Weights(NamedTuple):
    """All weights of GPT-2. Its layers are built like an encoder's; one table serves input and output."""

    embedding: Float[Array, "vocabulary d_model"]
    positions: Float[Array, "max_tokens d_model"]
    layers: tuple[EncoderLayerWeights, ...]
    norm: NormWeights


def gelu_feed_forward(
    x: Float[Array, "*batch d_model"], weights: FeedForwardWeights
) -> Float[Array, "*batch d_model"]:
    r"""The feed-forward sub-layer with the smooth nonlinearity of GPT-2.

    FFN(x) = gelu(x W_1 + b_1) W_2 + b_2

    >>> weights = FeedForwardWeights(np.eye(2), np.zeros(2), np.eye(2), np.zeros(2))
    >>> gelu_feed_forward(np.array([1.0, -1.0]), weights).round(4)
    array([ 0.8412, -0.1588])
    """
    # up to the inner width
    hidden = linear(x, weights.w_1, weights.b_1)
    # the tanh approximation, as released
    activated = gelu(hidden, approximate=True)
    # and down again
    output = linear(activated, weights.w_2, weights.b_2)
    return output


def gpt2_layer(
    x: Float[Array, "*batch tokens d_model"],
    weights: EncoderLayerWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    drop: Drop | None = None,
) -> Float[Array, "*batch tokens d_model"]:
    r"""A causal pre-norm layer with GELU.

    y = x + MaskedMultiHead(LN(x)),  output = y + FFN(LN(y))

    Source: [R] section 2.3.

    >>> config = TransformerConfig(5, 4, 2, 8, 0, 1, norm="pre", attention_biases=True, learned_positions=6)
    >>> gpt2_layer(np.ones((3, 4)), init_gpt2(config, np.random.default_rng(0)).layers[0], n_heads=2).shape
    (3, 4)
    """
    # nobody sees what comes later
    allowed = combine_masks(causal_mask(x.shape[-2]), mask)
    # every token gathers from those before it
    attended = add_and_norm(
        x,
        lambda y: multi_head_attention(y, y, weights.attention, n_heads, allowed),
        weights.norm_1,
        "pre",
        drop,
    )
    # and digests what it has gathered
    output = add_and_norm(
        attended, lambda y: gelu_feed_forward(y, weights.feed_forward), weights.norm_2, "pre", drop
    )
    return output


def gpt2(
    ids: Int[Array, "*batch tokens"],
    weights: Gpt2Weights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    drop: Drop | None = None,
) -> Float[Array, "*batch tokens vocabulary"]:
    r"""From token ids to logits for the next token at each place.

    logits = LN(layers(E[ids] + P[0 .. tokens - 1])) E^T

    Learned positions, no sqrt(d_model). Source: [R] section 2.3.

    >>> config = TransformerConfig(5, 4, 2, 8, 0, 1, norm="pre", attention_biases=True, learned_positions=6)
    >>> gpt2(np.array([1, 2, 3]), init_gpt2(config, np.random.default_rng(0)), n_heads=2).shape
    (3, 5)
    """
    if ids.shape[-1] > len(weights.positions):
        raise ValueError(f"gpt2: ids must have at most {len(weights.positions)} tokens, got {ids.shape[-1]}")
    # who the tokens are, and where they stand
    hidden = dropped(lookup(ids, weights.embedding) + weights.positions[: ids.shape[-1]], drop)
    # what one layer says, the next one reads
    for layer in weights.layers:
        hidden = gpt2_layer(hidden, layer, n_heads, mask, drop)
    # nothing has normalised the sum yet
    normalised = layer_norm(hidden, *weights.norm)
    # how well each place matches each token's vector
    logits: Array = normalised @ weights.embedding.T
    return logits


def init_gpt2(config: TransformerConfig, rng: np.random.Generator) -> Gpt2Weights:
    """The weights of an untrained GPT-2, in float64.

    >>> config = TransformerConfig(5, 4, 2, 8, 0, 1, norm="pre", attention_biases=True, learned_positions=6)
    >>> init_gpt2(config, np.random.default_rng(0)).positions.shape
    (6, 4)
    """
    if config.n_encoder_layers or not config.learned_positions or config.norm != "pre" or not config.tied:
        raise ValueError(
            "init_gpt2: config must have no encoder layers, learned positions, norm pre and tied tables"
        )
    return Gpt2Weights(
        init_embedding(config.vocabulary, config, rng),
        init_embedding(config.learned_positions, config, rng),
        tuple(init_encoder_layer(config, rng) for _ in range(config.n_decoder_layers)),
        init_norm(config),
    )


# ---------------------------------------------------------------- what came after


class ModernConfig(NamedTuple):
    """The sizes of a current decoder; the defaults are those of a small one."""

    vocabulary: int = 32_000
    d_model: int = 512
    n_heads: int = 8
    n_kv_heads: int = 2
    d_ff: int = 1365
    n_layers: int = 6


class ModernLayerWeights(NamedTuple):
    """Grouped attention and a gated feed-forward, each with the scale of its RMS norm."""

    attention: AttentionWeights
    gamma_1: Float[Array, "d_model"]
    feed_forward: SwigluWeights
    gamma_2: Float[Array, "d_model"]


class ModernWeights(NamedTuple):
    """All weights of a current decoder. `unembedding` None: the table of tokens serves the output too."""

    embedding: Float[Array, "vocabulary d_model"]
    layers: tuple[ModernLayerWeights, ...]
    gamma: Float[Array, "d_model"]
    unembedding: Float[Array, "vocabulary d_model"] | None = None


def grouped_rotary_attention(
    x: Float[Array, "*batch tokens d_model"],
    weights: AttentionWeights,
    n_heads: int,
    n_kv_heads: int,
    positions: Int[Array, "*#batch tokens"],
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
) -> Float[Array, "*batch tokens d_out"]:
    r"""Grouped-query self-attention in which queries and keys know their positions.

    head_j = Attention(R(X W_Q^j), R(X W_K^g), X W_V^g),  g = j // (n_heads / n_kv_heads),  R = rotary

    >>> weights = AttentionWeights(np.eye(8), np.ones((8, 4)), np.ones((8, 4)), np.eye(8))
    >>> grouped_rotary_attention(np.ones((3, 8)), weights, 4, 2, np.arange(3)).shape
    (3, 8)
    """
    if n_kv_heads < 1 or n_heads % n_kv_heads:
        raise ValueError(
            f"grouped_rotary_attention: n_kv_heads must divide n_heads = {n_heads}, got {n_kv_heads}"
        )
    # turned after projection, each head by itself
    q = rotary(split_heads(x @ weights.w_q, n_heads), positions)
    # keys turn with queries: only then does their product depend on distance alone
    k = rotary(split_heads(x @ weights.w_k, n_kv_heads), positions)
    # values say what, not where: they stay as they are
    v = split_heads(x @ weights.w_v, n_kv_heads)
    # neighbouring query heads share a head of keys and values
    group = n_heads // n_kv_heads
    shared_k = np.repeat(k, group, axis=-3)
    shared_v = np.repeat(v, group, axis=-3)
    # from here on it is multi-head attention
    heads, _ = scaled_dot_product_attention(q, shared_k, shared_v, mask)
    output: Array = merge_heads(heads) @ weights.w_o
    return output


def modern_decoder_layer(
    x: Float[Array, "*batch tokens d_model"],
    weights: ModernLayerWeights,
    n_heads: int,
    n_kv_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
    positions: Int[Array, "*#batch tokens"] | None = None,
) -> Float[Array, "*batch tokens d_model"]:
    r"""The layer of most current language models: RMS norm, rotary, grouped queries, SwiGLU.

    y = x + GroupedAttention(RMSNorm(x)),  output = y + SwiGLU(RMSNorm(y))

    Always causal; `mask` can only forbid more. Positions count from 0 unless given.
    Source: [T] section 2.2, [A].

    >>> config = ModernConfig(5, 8, 4, 2, 6, 1)
    >>> layer = init_modern_decoder(config, np.random.default_rng(0)).layers[0]
    >>> modern_decoder_layer(np.ones((3, 8)), layer, n_heads=4, n_kv_heads=2).shape
    (3, 8)
    """
    # where the tokens stand, for the rotation
    positions = np.arange(x.shape[-2]) if positions is None else positions
    # nobody sees what comes later
    allowed = combine_masks(causal_mask(x.shape[-2]), mask)
    # only the sub-layer sees normalised vectors
    normalised = rms_norm(x, weights.gamma_1)
    # every token gathers from those before it; the raw x goes through
    attended = x + grouped_rotary_attention(
        normalised, weights.attention, n_heads, n_kv_heads, positions, allowed
    )
    # the same for the feed-forward sub-layer
    normalised_again = rms_norm(attended, weights.gamma_2)
    output: Array = attended + swiglu(normalised_again, *weights.feed_forward)
    return output


def modern_decoder(
    ids: Int[Array, "*batch tokens"],
    weights: ModernWeights,
    n_heads: int,
    n_kv_heads: int,
    mask: Bool[Array, "*#batch #heads #tokens #tokens"] | None = None,
) -> Float[Array, "*batch tokens vocabulary"]:
    r"""From token ids to logits for the next token at each place.

    logits = RMSNorm(layers(E[ids])) U^T

    No positions are added: each layer turns its queries and keys. Source: [T] section 2.2.

    >>> weights = init_modern_decoder(ModernConfig(5, 8, 4, 2, 6, 1), np.random.default_rng(0))
    >>> modern_decoder(np.array([1, 2, 3]), weights, n_heads=4, n_kv_heads=2).shape
    (3, 5)
    """
    # who the tokens are
    hidden = lookup(ids, weights.embedding)
    # what one layer says, the next one reads
    for layer in weights.layers:
        hidden = modern_decoder_layer(hidden, layer, n_heads, n_kv_heads, mask)
    # nothing has normalised the sum yet
    normalised = rms_norm(hidden, weights.gamma)
    # how well each place matches each token's vector
    unembedding = weights.embedding if weights.unembedding is None else weights.unembedding
    logits: Array = normalised @ unembedding.T
    return logits


def init_modern_decoder(config: ModernConfig, rng: np.random.Generator) -> ModernWeights:
    """The weights of an untrained current decoder, tied, in float64.

    >>> init_modern_decoder(ModernConfig(5, 8, 4, 2, 6, 1), np.random.default_rng(0)).gamma
    array([1., 1., 1., 1., 1., 1., 1., 1.])
    """
    d_model, d_ff = config.d_model, config.d_ff
    if d_model % config.n_heads or config.n_heads % config.n_kv_heads:
        raise ValueError(
            f"init_modern_decoder: n_heads must divide d_model, and n_kv_heads n_heads, got {config}"
        )
    d_kv = d_model // config.n_heads * config.n_kv_heads
    attention_shapes = ((d_model, d_model), (d_model, d_kv), (d_model, d_kv), (d_model, d_model))
    ffn_shapes = ((d_model, d_ff), (d_model, d_ff), (d_ff, d_model))
    layers = tuple(
        ModernLayerWeights(
            AttentionWeights(*[init_matrix(*shape, rng) for shape in attention_shapes]),
            np.ones(d_model),
            SwigluWeights(*[init_matrix(*shape, rng) for shape in ffn_shapes]),
            np.ones(d_model),
        )
        for _ in range(config.n_layers)
    )
    embedding = rng.normal(0, 1 / np.sqrt(d_model), size=(config.vocabulary, d_model))
    return ModernWeights(embedding, layers, np.ones(d_model))
