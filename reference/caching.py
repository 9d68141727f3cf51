"""Whole models with a cache: the source is read once, and every target token once.

Whatever is kept is a value and never changed: two hypotheses of a beam go on from one cache. The result is
that of the model on all tokens at once.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np

from reference.attention import (
    AttentionWeights,
    causal_mask,
    log_softmax,
    merge_heads,
    scaled_dot_product_attention,
    split_heads,
)
from reference.decoding import DecoderCache, KVCache, Model
from reference.language_models import ModernWeights
from reference.layers import (
    FeedForwardWeights,
    add_and_norm,
    embed,
    feed_forward,
    layer_norm,
    lookup,
    rms_norm,
    swiglu,
)
from reference.positions import rotary, sinusoidal_positions
from reference.shapes import Array, Bool, Float, Int
from reference.transformer import encoder
from reference.weights import DecoderWeights, TransformerWeights


class DecoderLayerCache(NamedTuple):
    """What one decoder layer keeps: of its own past, which grows, and of the source, which does not."""

    past: KVCache | None
    memory: KVCache


class TransformerCache(NamedTuple):
    """What the decoder of a transformer keeps, and the position of the next token."""

    layers: tuple[DecoderLayerCache, ...]
    offset: int


def extend_cache(
    cache: KVCache | None, x: Float[Array, "*batch new d_memory"], weights: AttentionWeights, n_heads: int
) -> KVCache:
    """The cache with the keys and values of x behind what it holds; of None and x, those of x alone.

    >>> weights = AttentionWeights(*[np.eye(4)] * 4)
    >>> extend_cache(extend_cache(None, np.ones((3, 4)), weights, 2), np.ones((1, 4)), weights, 2).k.shape
    (2, 4, 2)
    """
    # keys and values of the new tokens only
    new = KVCache(split_heads(x @ weights.w_k, n_heads), split_heads(x @ weights.w_v, n_heads))
    if cache is None:
        return new
    # the past comes first, along the axis of tokens
    k = np.concatenate([cache.k, new.k], axis=-2)
    v = np.concatenate([cache.v, new.v], axis=-2)
    return KVCache(k, v)


def attend_to_cache(
    x: Float[Array, "*batch new d_query"],
    cache: KVCache,
    weights: AttentionWeights,
    n_heads: int,
    mask: Bool[Array, "*#batch #heads #new #past"] | None = None,
) -> Float[Array, "*batch new d_out"]:
    """multi_head_attention whose keys and values are there already: only queries are computed.

    >>> weights, x = AttentionWeights(*[np.eye(4)] * 4), np.random.default_rng(0).normal(size=(3, 4))
    >>> attended = attend_to_cache(x, extend_cache(None, x, weights, 2), weights, 2)
    >>> from reference.attention import multi_head_attention
    >>> bool(np.allclose(attended, multi_head_attention(x, x, weights, 2)))
    True
    """
    # what the new tokens ask
    q = split_heads(x @ weights.w_q, n_heads)
    heads, _ = scaled_dot_product_attention(q, cache.k, cache.v, mask)
    output: Array = merge_heads(heads) @ weights.w_o
    return output


def start_decoding(
    memory: Float[Array, "*batch source d_memory"], weights: DecoderWeights, n_heads: int
) -> TransformerCache:
    """The cache before the first target token: every layer's keys and values of the source, computed once.

    >>> from reference.weights import TransformerConfig, init_transformer
    >>> weights = init_transformer(TransformerConfig(5, 4, 2, 8, 1, 1), np.random.default_rng(0))
    >>> cache = start_decoding(np.ones((6, 4)), weights.decoder, n_heads=2)
    >>> cache.layers[0].memory.k.shape, cache.layers[0].past
    ((2, 6, 2), None)
    """
    # each layer reads the same memory with its own matrices, and has no past yet
    layers = tuple(
        DecoderLayerCache(None, extend_cache(None, memory, layer.cross_attention, n_heads))
        for layer in weights.layers
    )
    return TransformerCache(layers, 0)


def decoder_step(
    x: Float[Array, "*batch new d_model"],
    weights: DecoderWeights,
    cache: TransformerCache,
    n_heads: int,
    memory_mask: Bool[Array, "*#batch #heads #new #source"] | None = None,
    norm: str = "post",
) -> tuple[Float[Array, "*batch new d_model"], TransformerCache]:
    """What `decoder` says at the places of some new tokens, with the past and the source from the cache.

    `x` holds the new tokens only, with their positions added already (from cache.offset on). Returns
    (output, new cache); the old cache stays as it was.

    >>> from reference.weights import TransformerConfig, init_transformer
    >>> weights = init_transformer(TransformerConfig(5, 4, 2, 8, 1, 1), np.random.default_rng(0)).decoder
    >>> cache = start_decoding(np.ones((6, 4)), weights, n_heads=2)
    >>> _, cache = decoder_step(np.ones((3, 4)), weights, cache, n_heads=2)
    >>> cache.layers[0].past.k.shape, cache.layers[0].memory.k.shape
    ((2, 3, 2), (2, 6, 2))
    """
    if len(weights.layers) != len(cache.layers):
        raise ValueError(
            f"decoder_step: cache must have one entry a layer, {len(weights.layers)}, got {len(cache.layers)}"
        )
    # the new tokens are the last positions
    mask = causal_mask(x.shape[-2], cache.offset + x.shape[-2])
    hidden = x
    caches = []
    for layer, (past, memory) in zip(weights.layers, cache.layers, strict=True):
        # what the sub-layer will read is what is kept: normalised already in a pre-norm layer
        reading = layer_norm(hidden, *layer.norm_1) if norm == "pre" else hidden
        extended = extend_cache(past, reading, layer.self_attention, n_heads)
        caches.append(DecoderLayerCache(extended, memory))
        # the three sub-layers of decoder_layer
        ask_past = partial(
            attend_to_cache, cache=extended, weights=layer.self_attention, n_heads=n_heads, mask=mask
        )
        ask_source = partial(
            attend_to_cache, cache=memory, weights=layer.cross_attention, n_heads=n_heads, mask=memory_mask
        )
        digest = partial(_feed_forward, weights=layer.feed_forward)
        attended = add_and_norm(hidden, ask_past, layer.norm_1, norm)
        informed = add_and_norm(attended, ask_source, layer.norm_2, norm)
        hidden = add_and_norm(informed, digest, layer.norm_3, norm)
    output = hidden if weights.norm is None else layer_norm(hidden, *weights.norm)
    return output, TransformerCache(tuple(caches), cache.offset + x.shape[-2])


def _feed_forward(x: Array, weights: FeedForwardWeights) -> Array:
    return feed_forward(x, *weights)


def next_token_model(
    source: Int[Array, "source"], weights: TransformerWeights, n_heads: int, norm: str = "post"
) -> Model:
    """The `step` of one source sentence for greedy_decode and beam_search. The encoder runs once, here.

    Asked about a prefix, it reads only what is new after the longest prefix it has been asked about before.

    >>> from reference.weights import TransformerConfig, init_transformer
    >>> weights = init_transformer(TransformerConfig(5, 4, 2, 8, 1, 1), np.random.default_rng(0))
    >>> step = next_token_model(np.array([3, 4]), weights, n_heads=2)
    >>> step([1]).shape, step([1, 3]).shape
    ((5,), (5,))
    """
    # one table may serve source, target and output
    source_table = weights.embedding if weights.source_embedding is None else weights.source_embedding
    output_table = weights.embedding if weights.unembedding is None else weights.unembedding
    d_model = weights.embedding.shape[-1]
    # the source is read once
    source_positions = sinusoidal_positions(len(source), d_model)
    memory = encoder(embed(source, source_table, source_positions), weights.encoder, n_heads, norm=norm)
    # caches are never changed, so that several beams can go on from one
    caches: dict[tuple[int, ...], TransformerCache] = {(): start_decoding(memory, weights.decoder, n_heads)}

    def step(prefix: list[int]) -> Array:
        # the longest beginning that has been read before
        n_known = max(n for n in range(len(prefix)) if tuple(prefix[:n]) in caches)
        known, new = tuple(prefix[:n_known]), np.array(prefix[n_known:])
        # new tokens stand behind the known ones
        positions = sinusoidal_positions(len(prefix), d_model)[n_known:]
        x = embed(new, weights.embedding, positions)
        hidden, caches[tuple(prefix)] = decoder_step(x, weights.decoder, caches[known], n_heads, norm=norm)
        # only the last place says what comes next
        return log_softmax(hidden[-1] @ output_table.T)

    return step


# ---------------------------------------------------------------- a current decoder


def modern_decoder_step(
    ids: Int[Array, "*batch new"], weights: ModernWeights, cache: DecoderCache, n_heads: int, n_kv_heads: int
) -> tuple[Float[Array, "*batch new vocabulary"], DecoderCache]:
    """The logits of `modern_decoder` at the places of some new tokens, with the past from the cache.

    The cache holds n_kv_heads heads only: with grouped queries it is smaller by the size of a group. Begin
    with `empty_cache(n_layers, n_kv_heads, d_head)`. Returns (logits, new cache).

    >>> from reference.decoding import empty_cache
    >>> from reference.language_models import ModernConfig, init_modern_decoder
    >>> weights = init_modern_decoder(ModernConfig(5, 8, 4, 2, 6, 1), np.random.default_rng(0))
    >>> logits, cache = modern_decoder_step(np.array([1, 2, 3]), weights, empty_cache(1, 2, 2), 4, 2)
    >>> logits.shape, cache.layers[0].k.shape
    ((3, 5), (2, 3, 2))
    """
    n_layers, n_cached = len(weights.layers), len(cache.layers)
    if n_layers != n_cached:
        raise ValueError(
            f"modern_decoder_step: cache must have one entry a layer, {n_layers}, got {n_cached}"
        )
    n_new, group = ids.shape[-1], n_heads // n_kv_heads
    # new tokens stand right behind the past
    positions = cache.offset + np.arange(n_new)
    mask = causal_mask(n_new, cache.offset + n_new)
    hidden = lookup(ids, weights.embedding)
    caches = []
    for layer, past in zip(weights.layers, cache.layers, strict=True):
        normalised = rms_norm(hidden, layer.gamma_1)
        q = rotary(split_heads(normalised @ layer.attention.w_q, n_heads), positions)
        # keys are turned once, then stored
        new_k = rotary(split_heads(normalised @ layer.attention.w_k, n_kv_heads), positions)
        new_v = split_heads(normalised @ layer.attention.w_v, n_kv_heads)
        k = np.concatenate([past.k, new_k], axis=-2)
        v = np.concatenate([past.v, new_v], axis=-2)
        caches.append(KVCache(k, v))
        # shared among a group only now, so that the cache stays small
        shared_k, shared_v = np.repeat(k, group, axis=-3), np.repeat(v, group, axis=-3)
        heads, _ = scaled_dot_product_attention(q, shared_k, shared_v, mask)
        attended = hidden + merge_heads(heads) @ layer.attention.w_o
        hidden = attended + swiglu(rms_norm(attended, layer.gamma_2), *layer.feed_forward)
    unembedding = weights.embedding if weights.unembedding is None else weights.unembedding
    logits = rms_norm(hidden, weights.gamma) @ unembedding.T
    return logits, DecoderCache(caches, cache.offset + n_new)
