"""All weights as one long vector: what an optimiser sees, and what a gradient check moves."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from reference.shapes import Array, Float


def flatten(weights: Any) -> Float[Array, "parameters"]:
    """All numbers of some weights one after the other, so that the optimiser sees a single parameter.

    >>> flatten((np.ones((1, 2)), None, (np.zeros(1),)))
    array([1., 1., 0.])
    """
    vector: Array = np.concatenate([leaf.ravel() for leaf in _leaves(weights)])
    return vector


def unflatten(vector: Float[Array, "parameters"], like: Any) -> Any:
    """The same numbers in the form of `like`; the arrays are views of the vector.

    >>> unflatten(np.array([1.0, 2, 3]), like=(np.ones((1, 2)), None, (np.zeros(1),)))
    (array([[1., 2.]]), None, (array([3.]),))
    """
    shapes = [leaf.shape for leaf in _leaves(like)]
    ends = np.cumsum([int(np.prod(shape)) for shape in shapes])
    pieces = np.split(vector, ends[:-1])
    leaves = [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]
    return _rebuilt(like, iter(leaves))


def _leaves(weights: Any) -> list[Array]:
    if isinstance(weights, tuple):
        return [leaf for part in weights for leaf in _leaves(part)]
    return [] if weights is None else [weights]


def _rebuilt(like: Any, leaves: Iterator[Array]) -> Any:
    if like is None:
        return None
    if not isinstance(like, tuple):
        return next(leaves)
    parts = [_rebuilt(part, leaves) for part in like]
    return type(like)(*parts) if hasattr(like, "_fields") else tuple(parts)
