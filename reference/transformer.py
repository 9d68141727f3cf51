"""The transformer of the paper: encoder and decoder layers, their stacks, the whole model, its size.

Every layer takes

- `n_heads`, how many heads its attention has;
- `norm`, "post" (the paper: normalise after adding) or "pre" (before the sub-layer);
- `drop`, what training does to the output of each sub-layer before it is added (dropout); None in inference.

Papers: [V] Vaswani et al. 2017, [X] Xiong et al. 2020 (pre-norm), [W] Press and Wolf 2017 (tied weights).
"""

from __future__ import annotations

from reference.attention import causal_mask, combine_masks, cross_attention, multi_head_attention
from reference.layers import Drop, add_and_norm, dropped, embed, feed_forward, layer_norm
from reference.positions import sinusoidal_positions
from reference.shapes import Array, Bool, Float, Int
from reference.weights import (
    DecoderLayerWeights,
    DecoderWeights,
    EncoderLayerWeights,
    EncoderWeights,
    TransformerConfig,
    TransformerWeights,
)

# ---------------------------------------------------------------- encoder


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

    >>> import numpy as np
    >>> from reference.weights import init_encoder_layer
    >>> weights = init_encoder_layer(TransformerConfig(5, 4, 2, 8), np.random.default_rng(0))
    >>> encoder_layer(np.ones((3, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # every token gathers what it needs from the others
    attended = add_and_norm(
        x, lambda y: multi_head_attention(y, y, weights.attention, n_heads, mask), weights.norm_1, norm, drop
    )
    # every token digests what it has gathered
    output = add_and_norm(
        attended, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_2, norm, drop
    )
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

    >>> import numpy as np
    >>> from reference.weights import init_transformer
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

    Always causal: `mask` (padding of the target, say) can only forbid more.
    Source: [V] sections 3.1 and 3.2.3.

    >>> import numpy as np
    >>> from reference.weights import init_decoder_layer
    >>> weights = init_decoder_layer(TransformerConfig(5, 4, 2, 8), np.random.default_rng(0))
    >>> decoder_layer(np.ones((3, 4)), np.ones((6, 4)), weights, n_heads=2).shape
    (3, 4)
    """
    # nobody sees what comes later: it is what has to be predicted
    allowed = combine_masks(causal_mask(x.shape[-2]), mask)
    # every token gathers from those before it
    attended = add_and_norm(
        x,
        lambda y: multi_head_attention(y, y, weights.self_attention, n_heads, allowed),
        weights.norm_1,
        norm,
        drop,
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
    output = add_and_norm(
        informed, lambda y: feed_forward(y, *weights.feed_forward), weights.norm_3, norm, drop
    )
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

    >>> import numpy as np
    >>> from reference.weights import init_transformer
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

    Positions are sinusoids. `source_mask` is for whoever looks at the source, `target_mask` for whoever looks
    at the target (`padding_mask` makes both); causality comes on top by itself. No softmax: losses and
    decoders take logits. Source: [V] sections 3.1, 3.4 and 3.5; [W].

    >>> import numpy as np
    >>> from reference.weights import init_transformer
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


# ---------------------------------------------------------------- its size


def count_parameters(config: TransformerConfig) -> int:
    r"""How many numbers training has to find.

    attention 4 d^2 (+ 4 d),  feed-forward 2 d d_ff + d_ff + d,  norm 2 d,  tables V d

    An encoder layer has one attention and two norms, a decoder layer two and three (one and two without an
    encoder). The paper says 65 million for its base model and does not say what it counts; with one shared
    table of 37,000 tokens it is 63.0 million, with biases in attention 63.1 million.

    >>> from reference.weights import GPT2_SMALL, PAPER_BASE
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
