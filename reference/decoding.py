"""From a model to a text: which token comes next, and how not to compute the past again.

`step(prefix)` stands for a model here: given the tokens so far, bos first, it returns the log-probability
of every next token. What comes back are the tokens after bos, eos included if it was reached.

Papers: [V] Vaswani et al. 2017, [W] Wu et al. 2016 (length penalty), [H] Holtzman et al. 2020 (nucleus).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from reference.attention import causal_mask, merge_heads, scaled_dot_product_attention, softmax, split_heads
from reference.layers import feed_forward, layer_norm
from reference.positions import rotary
from reference.shapes import Array, Float
from reference.weights import EncoderLayerWeights

Model = Callable[[list[int]], Array]

# ---------------------------------------------------------------- the most likely text


def greedy_decode(step: Model, bos: int, eos: int, max_len: int) -> list[int]:
    r"""Take the most likely token, append it, ask again.

    token_t = argmax step(bos, token_1 .. token_{t-1})

    Stops after eos, or after max_len tokens. Of equally likely tokens the one with the lower id is taken.
    Not the most likely text: see beam_search. Source: common practice.

    >>> counts_up = lambda prefix: -np.abs(np.arange(5.0) - prefix[-1] - 1)
    >>> greedy_decode(counts_up, bos=0, eos=3, max_len=10)
    [1, 2, 3]
    """
    if max_len < 1:
        raise ValueError(f"greedy_decode: max_len must be at least 1, got {max_len}")
    # what the model is asked to continue
    prefix = [bos]
    for _ in range(max_len):
        # the model always sees everything said so far
        log_probabilities = step(prefix)
        # softmax would not change the order, so the largest is the most likely
        token = int(np.argmax(log_probabilities))
        # what was said becomes part of the next question
        prefix = [*prefix, token]
        # eos is said, but nothing after it
        if token == eos:
            break
    # bos was the question, not the answer
    tokens = prefix[1:]
    return tokens


def beam_search(step: Model, bos: int, eos: int, beam: int, max_len: int, alpha: float = 0.6) -> list[int]:
    r"""Keep the `beam` most likely beginnings, and choose among whole texts at the end.

    score(text) = log p(text) / ((5 + L) / 6)^alpha,  L tokens, eos included

    At each step all continuations of all live hypotheses compete. One that ends in eos leaves the beam, which
    gets narrower. It is over when none is live, or after max_len tokens; unfinished hypotheses compete too.
    A beam of 1 is greedy. Source: [W] section 7 (length penalty), [V] section 6.1 (beam 4, alpha 0.6).

    >>> after = {0: [0, 0.6, 0.4, 0], 1: [0, 0.3, 0.3, 0.4], 2: [0, 0, 0.1, 0.9]}
    >>> model = lambda prefix: np.log(np.maximum(after[prefix[-1]], 1e-300))
    >>> [beam_search(model, bos=0, eos=3, beam=beam, max_len=2) for beam in (1, 2)]
    [[1, 3], [2, 3]]
    """
    if beam < 1 or max_len < 1:
        raise ValueError(f"beam_search: beam and max_len must be at least 1, got {beam} and {max_len}")
    # one beginning, and it is certain
    live = [([bos], 0.0)]
    # nothing has ended yet
    finished: list[tuple[list[int], float]] = []
    for _ in range(max_len):
        # logarithms of probabilities add up: hypotheses down, next tokens across
        totals = np.stack([log_p + step(prefix) for prefix, log_p in live])
        # all compete with all, whoever they continue; of equals the earlier comes first
        ranking = np.argsort(-totals, axis=None, kind="stable")
        # finished hypotheses do not give their place away
        places = beam - len(finished)
        # whom each winner continues, and with which token
        parents, tokens = np.unravel_index(ranking[:places], totals.shape)
        # a new list for each, because one parent may have several children
        grown = [
            ([*live[parent][0], int(token)], float(totals[parent, token]))
            for parent, token in zip(parents, tokens, strict=True)
        ]
        # who has said eos has finished
        finished = finished + [(prefix, log_p) for prefix, log_p in grown if prefix[-1] == eos]
        # the others go on
        live = [(prefix, log_p) for prefix, log_p in grown if prefix[-1] != eos]
        if not live:
            break
    # the finished first: of equal scores they win
    hypotheses = finished + live
    # every token makes a text less likely, so long texts get a discount; bos does not count
    scores = [log_p / ((5 + len(prefix) - 1) / 6) ** alpha for prefix, log_p in hypotheses]
    # the best text, without the question
    best = hypotheses[int(np.argmax(scores))][0][1:]
    return best


# ---------------------------------------------------------------- a likely text


def next_token_probabilities(
    logits: Float[Array, "*batch vocabulary"],
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
) -> Float[Array, "*batch vocabulary"]:
    r"""The distribution to draw the next token from: sharpened, and cut to the likely tokens.

    p = softmax(logits / temperature), then only the top_k likeliest, renormalised, then the smallest set of
    likeliest tokens whose mass reaches top_p, renormalised

    Temperature 0 means argmax. The token that crosses top_p is kept, so at least one always is. Of equally
    likely tokens the lower id counts as likelier. Source: [H] section 3.

    >>> next_token_probabilities(np.log([0.15, 0.5, 0.05, 0.3]), top_p=0.6).round(3)
    array([0.   , 0.625, 0.   , 0.375])
    """
    if not temperature >= 0:
        raise ValueError(f"next_token_probabilities: temperature must be at least 0, got {temperature}")
    if top_k is not None and top_k < 1:
        raise ValueError(f"next_token_probabilities: top_k must be at least 1, got {top_k}")
    if top_p is not None and not 0 < top_p <= 1:
        raise ValueError(f"next_token_probabilities: top_p must be above 0 and at most 1, got {top_p}")
    # token ids, the likeliest first
    order = np.argsort(-logits, axis=-1, kind="stable")
    # and the other way round: the place of each token in that order, 0 for the likeliest
    rank = np.argsort(order, axis=-1)
    # as the temperature falls to 0, the likeliest token takes everything
    greedy: Array = (rank == 0).astype(logits.dtype)
    if temperature == 0:
        return greedy
    # differences of logits grow as the temperature falls
    scaled = (logits - np.max(logits, axis=-1, keepdims=True)) / temperature
    # without top_k every token is among the likeliest
    limit = logits.shape[-1] if top_k is None else top_k
    # softmax shares all the mass among those that stay
    probabilities = softmax(np.where(rank < limit, scaled, -np.inf))
    # without top_p, or with all of it, nothing is cut
    enough = np.inf if top_p is None or top_p == 1 else top_p
    # from the likeliest to the least likely
    descending = np.take_along_axis(probabilities, order, axis=-1)
    # what all likelier tokens have together: the token that crosses top_p is the last to start below it
    mass_before = np.cumsum(descending, axis=-1) - descending
    # back to the order of ids
    kept = np.take_along_axis(mass_before, rank, axis=-1) < enough
    # the others get nothing
    nucleus = np.where(kept, probabilities, 0)
    # a distribution again
    renormalised: Array = nucleus / np.sum(nucleus, axis=-1, keepdims=True)
    return renormalised


# ---------------------------------------------------------------- without computing the past again


class KVCache(NamedTuple):
    """What one layer keeps of the past: keys and values, head by head. Queries are never asked again."""

    k: Float[Array, "*batch heads past d_head"]
    v: Float[Array, "*batch heads past d_head"]


class DecoderCache(NamedTuple):
    """What a stack of layers keeps of the past, and how long that is: the position of the next token."""

    layers: list[KVCache]
    offset: int


def empty_cache(
    n_layers: int, n_heads: int, d_head: int, batch: tuple[int, ...] = (), dtype: Any = np.float64
) -> DecoderCache:
    """The cache before the first token: no keys, no values, position 0.

    >>> empty_cache(n_layers=2, n_heads=3, d_head=4).layers[0].k.shape
    (3, 0, 4)
    """
    if min(n_layers, n_heads, d_head, *batch) < 0:
        raise ValueError(
            f"empty_cache: n_layers, n_heads, d_head and batch must not be negative, "
            f"got {n_layers}, {n_heads}, {d_head} and {batch}"
        )
    # no token yet, so the axis of tokens is empty
    nothing = np.zeros((*batch, n_heads, 0, d_head), dtype=dtype)
    # every layer has keys and values of its own
    layers = [KVCache(nothing, nothing) for _ in range(n_layers)]
    return DecoderCache(layers, 0)


def decode_step(
    x: Float[Array, "*batch new d_model"],
    layers: Sequence[EncoderLayerWeights],
    cache: DecoderCache,
    n_heads: int,
) -> tuple[Float[Array, "*batch new d_model"], DecoderCache]:
    r"""A decoder-only stack reads some new tokens, and takes the past from the cache.

    every layer: y = x + Attention(LN(x)), then y + FFN(LN(y)); causal, rotary, without cross-attention

    `x` holds the embedded new tokens only: a whole prompt, one token, or any chunk. The result is what the
    stack would say at their places if it had read everything at once. Returns (output, new cache); the old
    cache stays as it was, since another hypothesis may go on from it. Source: common practice.

    >>> x, cache = np.ones((1, 3, 4)), empty_cache(n_layers=0, n_heads=2, d_head=2, batch=(1,))
    >>> output, cache = decode_step(x, [], cache, n_heads=2)
    >>> output.shape, cache.offset
    ((1, 3, 4), 3)
    """
    if len(layers) != len(cache.layers):
        raise ValueError(
            f"decode_step: cache must have one entry a layer, {len(layers)}, got {len(cache.layers)}"
        )
    # a list of our own: whoever else holds the old one must not see it change
    caches = list(cache.layers)
    # the first new token stands right behind the past, in every layer
    positions = cache.offset + np.arange(x.shape[-2])
    # what goes up through the layers: new tokens only
    hidden = x
    for i, weights in enumerate(layers):
        # pre-norm: the sub-layer sees normalised vectors
        normalised = layer_norm(hidden, *weights.norm_1)
        # queries, keys and values of the new tokens only, head by head
        q = split_heads(normalised @ weights.attention.w_q, n_heads)
        new_k = split_heads(normalised @ weights.attention.w_k, n_heads)
        new_v = split_heads(normalised @ weights.attention.w_v, n_heads)
        # keys are turned once and for all, before they are stored
        turned_q = rotary(q, positions)
        turned_k = rotary(new_k, positions)
        # past first, along the axis of tokens; before attending, because a token may look at itself
        k = np.concatenate([caches[i].k, turned_k], axis=-2)
        v = np.concatenate([caches[i].v, new_v], axis=-2)
        caches[i] = KVCache(k, v)
        # as many rows as new tokens, as many columns as tokens so far
        mask = causal_mask(x.shape[-2], k.shape[-2])
        # the new tokens look at the past and at what is new before them
        heads, _ = scaled_dot_product_attention(turned_q, k, v, mask)
        attended = hidden + merge_heads(heads) @ weights.attention.w_o
        # the rest of the layer treats every token by itself, and needs no cache
        hidden = attended + feed_forward(layer_norm(attended, *weights.norm_2), *weights.feed_forward)
    return hidden, DecoderCache(caches, cache.offset + x.shape[-2])
