"""What a query may not see is as if it were not there, whatever it holds.

Attention is written down as `weights @ v`, with weight 0 where a query may not look. That leaves out every
number, but neither nan nor inf: 0 * nan is nan, and one broken token would break all the others. So
`@forbidden.left_out` stands above such functions. It lets them be what is written down, unless a mask comes
together with something that is no number: then it asks query by query, with zeros in place of all that the
query may not see.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np

from reference.shapes import Array

_Attention = TypeVar("_Attention", bound=Callable[..., Any])


def left_out(attention: _Attention) -> _Attention:
    """attention(q, k, v, mask, ...) in which no forbidden value is felt. What it returns has one row a query.

    (Of forbidden keys only the scores are felt, and these the mask replaces anyway.)

    >>> average = left_out(lambda q, k, v, mask: mask / np.sum(mask, axis=-1, keepdims=True) @ v)
    >>> v, mask = np.array([[1.0], [np.nan]]), np.array([[True, False], [True, True]])
    >>> average(np.ones((2, 1)), v, v, mask)
    array([[ 1.],
           [nan]])
    """

    @functools.wraps(attention)
    def careful(q: Array, k: Array, v: Array, mask: Array | None = None, *more: Any, **named: Any) -> Any:
        if mask is None or np.all(np.isfinite(v)):
            return attention(q, k, v, mask, *more, **named)
        answers = [
            attention(q[..., one, :], k, np.where(seen, v, 0), row, *more, **named)
            for one, row, seen in one_by_one(mask, q.shape[-2], k.shape[-2])
        ]
        if isinstance(answers[0], tuple):
            return tuple(np.concatenate(parts, axis=-2) for parts in zip(*answers, strict=True))
        return np.concatenate(answers, axis=-2)

    return careful  # type: ignore[return-value]


def product(weights: Array, x: Array, allowed: Array | None) -> Array:
    """weights @ x, in which what is not allowed does not count.

    >>> product(np.array([[1.0, 0.0]]), np.array([[2.0], [np.inf]]), np.array([[True, False]]))
    array([[2.]])
    """
    summed: Array = _product(weights, x, x, allowed)
    return summed


@left_out
def _product(weights: Array, _: Array, x: Array, allowed: Array | None = None) -> Array:
    return np.asarray(weights @ x)


def one_by_one(mask: Array, n_queries: int, n_keys: int) -> Iterator[tuple[slice, Array, Array]]:
    """For each query: where it stands, its row of the mask, and the same as a column beside the keys.

    >>> [(one, row.shape, seen.shape) for one, row, seen in one_by_one(np.ones((1, 3), bool), 2, 3)]
    [(slice(0, 1, None), (1, 3), (3, 1)), (slice(1, 2, None), (1, 3), (3, 1))]
    """
    # a mask may have one row for all queries
    full = np.broadcast_to(mask, (*mask.shape[:-2], n_queries, n_keys))
    for query in range(n_queries):
        one = slice(query, query + 1)
        yield one, full[..., one, :], np.swapaxes(full[..., one, :], -1, -2)
