"""The same attention in little memory: tile by tile, without ever storing all the weights.

Papers: [M] Milakov and Gimelshein 2018 (online softmax), [D] Dao et al. 2022 (FlashAttention).
"""

from __future__ import annotations

import math

import numpy as np

from reference import forbidden
from reference.shapes import Array, Bool, Float


@forbidden.left_out
def tiled_attention(
    q: Float[Array, "*batch queries d_k"],
    k: Float[Array, "*batch keys d_k"],
    v: Float[Array, "*batch keys d_v"],
    mask: Bool[Array, "*#batch #queries #keys"] | None = None,
    block: int = 128,
) -> Float[Array, "*batch queries d_v"]:
    r"""The output of scaled_dot_product_attention, from `block` keys at a time (online softmax).

    For each block with scores s and values V, where m is the largest score before it:
    m' = max(m, max s),  total' = exp(m - m') total + sum exp(s - m'),
    gathered' = exp(m - m') gathered + exp(s - m') V;  at the end  output = gathered / total

    Exact. The memory is linear in tokens; the arithmetic is still quadratic.
    Source: [M] section 3, [D] section 3.1.

    >>> q, k, v = np.random.default_rng(0).normal(size=(3, 5, 4))
    >>> tiled = tiled_attention(q, k, v, block=2)
    >>> scores = q @ k.T / 2
    >>> bool(np.allclose(tiled, np.exp(scores) / np.exp(scores).sum(axis=-1, keepdims=True) @ v))
    True
    """
    if block < 1:
        raise ValueError(f"tiled_attention: block must be at least 1, got {block}")
    n_queries, n_keys = q.shape[-2], k.shape[-2]
    # scaling the queries scales all their scores
    scaled_q = q / math.sqrt(q.shape[-1])
    # what is still to be filled, head by head
    batch = np.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    output = np.zeros((*batch, n_queries, v.shape[-1]), dtype=np.result_type(scaled_q, k, v))
    for head in np.ndindex(batch):
        # views, not copies: plain matrices of one head
        head_q = np.broadcast_to(scaled_q, (*batch, *q.shape[-2:]))[head]
        head_k = np.broadcast_to(k, (*batch, *k.shape[-2:]))[head]
        head_v = np.broadcast_to(v, (*batch, *v.shape[-2:]))[head]
        head_mask = None if mask is None else np.broadcast_to(mask, (*batch, n_queries, n_keys))[head]
        # nothing seen so far: no largest score, nothing to divide by, nothing gathered
        largest = np.full((n_queries, 1), -np.inf, dtype=output.dtype)
        total = np.zeros((n_queries, 1), dtype=output.dtype)
        gathered = output[head]
        for start in range(0, n_keys, block):
            # the last block may be shorter
            keys = slice(start, start + block)
            # queries before the first that may see any of these keys need not ask: half the work, if causal
            # (argmax finds the first True, row by row)
            allowed = None if head_mask is None else head_mask[:, keys]
            first = 0 if allowed is None else int(allowed.argmax()) // allowed.shape[-1]
            rows = slice(first, None)
            # the only scores in memory; forbidden ones become -inf
            scores = head_q[rows] @ head_k[keys].T
            if allowed is not None:
                np.copyto(scores, -np.inf, where=~allowed[rows])
            # the largest score up to this block; 0 where nothing was allowed yet, since -inf - (-inf) is nan
            new_largest = np.maximum(largest[rows], np.max(scores, axis=-1, keepdims=True))
            shift = np.where(np.isneginf(new_largest), 0, new_largest)
            # what was gathered under a smaller maximum weighs less under the new one
            shrink = np.exp(largest[rows] - shift)
            # weights that are not divided yet, in the place of the scores
            exponentials = np.exp(np.subtract(scores, shift, out=scores), out=scores)
            # a product with ones is the quickest sum
            block_total = exponentials @ np.ones((exponentials.shape[-1], 1), dtype=exponentials.dtype)
            total[rows] *= shrink
            total[rows] += block_total
            gathered[rows] *= shrink
            gathered[rows] += exponentials @ head_v[keys]
            largest[rows] = new_largest
        # divided once, at the end; a query that saw nothing keeps its zeros
        gathered /= np.where(total == 0, 1, total)
    return output
