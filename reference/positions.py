"""Where a token stands: attention alone cannot tell one order from another.

Three ways to say it: a vector added to the embedding (sinusoids, or a learned table), a rotation of queries
and keys (rotary), and a penalty on scores that grows with distance (ALiBi).

Papers: [V] Vaswani et al. 2017, [S] Su et al. 2021 (rotary), [P] Press et al. 2022 (ALiBi).
"""

from __future__ import annotations

import numpy as np

from reference.shapes import Array, Float, Int


def sinusoidal_positions(n: int, d_model: int, base: float = 10000.0) -> Float[Array, "tokens d_model"]:
    r"""A code for positions 0 .. n - 1: each pair of columns is a clock hand that turns at its own speed.

    PE(pos, 2i) = sin(pos / base^(2i / d_model)),  PE(pos, 2i + 1) = cos(pos / base^(2i / d_model))

    The first pair turns fastest. Nothing is learned. Source: [V] section 3.5.

    >>> sinusoidal_positions(2, 4).round(4)
    array([[0.    , 1.    , 0.    , 1.    ],
           [0.8415, 0.5403, 0.01  , 1.    ]])
    """
    if n < 0:
        raise ValueError(f"sinusoidal_positions: n must not be negative, got {n}")
    if d_model < 2 or d_model % 2:
        raise ValueError(
            f"sinusoidal_positions: d_model must be even (sines and cosines come in pairs), got {d_model}"
        )
    # the first position is 0; a column, so that it meets every frequency
    positions = np.arange(n)[:, None]
    # 0, 2, 4 ...: a sine and its cosine share one exponent
    even_columns = np.arange(0, d_model, 2)
    # from 1 radian a token down to almost 1/base
    frequencies = base ** (-even_columns / d_model)
    # how far each hand has turned
    angles = positions * frequencies
    # sine and cosine of one angle side by side: (n, pairs, 2)
    pairs = np.stack([np.sin(angles), np.cos(angles)], axis=-1)
    # (n, d_model): sin, cos, sin, cos ...
    encoding = pairs.reshape(n, d_model)
    return encoding


def rotary(
    x: Float[Array, "*batch tokens d_head"],
    positions: Int[Array, "*#batch tokens"],
    base: float = 10000.0,
    layout: str = "pairs",
) -> Float[Array, "*batch tokens d_head"]:
    r"""Turn each pair of coordinates by an angle that grows with the position.

    (a, b) -> (a cos t - b sin t, a sin t + b cos t),  t = position / base^(2i / d_head) for pair i

    Applied to queries and keys of each head, after projection; never to values. Lengths stay, and q . k then
    depends on the distance only. `layout` says what a pair is: neighbours ("pairs", the paper) or the same
    place in the two halves ("half", most released weights). Source: [S] section 3.4.2.

    >>> rotary(np.array([[1.0, 0.0]]), np.array([1])).round(4)
    array([[0.5403, 0.8415]])
    """
    if x.shape[-1] % 2:
        raise ValueError(f"rotary: d_head must be even (coordinates turn in pairs), got {x.shape[-1]}")
    if layout not in ("pairs", "half"):
        raise ValueError(f'rotary: layout must be "pairs" or "half", got {layout!r}')
    # each pair turns at its own speed, the first fastest
    n_pairs = x.shape[-1] // 2
    frequencies = base ** (-np.arange(n_pairs) / n_pairs)
    # one angle a token and pair; in float64, since positions can be large
    angles = positions[..., None] * frequencies
    # rounded to the precision of x only now
    cos = np.cos(angles).astype(x.dtype)
    sin = np.sin(angles).astype(x.dtype)
    # first and second coordinate of every pair
    first = x[..., 0::2] if layout == "pairs" else x[..., :n_pairs]
    second = x[..., 1::2] if layout == "pairs" else x[..., n_pairs:]
    # the rotation, written out
    turned_first = first * cos - second * sin
    turned_second = first * sin + second * cos
    # neighbours: a last axis of size 2 is flattened away; halves: one after the other
    pairs_axis = -1 if layout == "pairs" else -2
    turned: Array = np.stack([turned_first, turned_second], axis=pairs_axis).reshape(x.shape)
    return turned


def alibi_bias(n_heads: int, n_queries: int, n_keys: int) -> Float[Array, "heads queries keys"]:
    r"""A penalty on scores in proportion to distance: no vectors for positions at all.

    bias(head, i, j) = -slope |i - j|,  slope of head h = 2^(-8 h / n_heads), h = 1 .. n_heads

    With more keys than queries the queries are the last positions, as in `causal_mask`. It goes to
    `biased_attention`. (For numbers of heads that are no power of 2 the paper's code picks other slopes; this
    is its formula.) Source: [P] section 3.

    >>> alibi_bias(2, 1, 3)
    array([[[-0.125     , -0.0625    ,  0.        ]],
    <BLANKLINE>
           [[-0.0078125 , -0.00390625,  0.        ]]])
    """
    if n_heads < 1:
        raise ValueError(f"alibi_bias: n_heads must be at least 1, got {n_heads}")
    if n_queries < 0 or n_keys < 0:
        raise ValueError(
            f"alibi_bias: n_queries and n_keys must not be negative, got {n_queries} and {n_keys}"
        )
    # steep heads look nearby, flat ones far away
    slopes = 2.0 ** (-8.0 * np.arange(1, n_heads + 1) / n_heads)
    # the queries are the last positions
    query_positions = np.arange(n_keys - n_queries, n_keys)[:, None]
    # how far each key is from each query
    distances = np.abs(query_positions - np.arange(n_keys))
    # one matrix of penalties a head
    bias: Array = slopes[:, None, None] * -distances
    return bias
