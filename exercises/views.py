"""Views: what of a result is judged, where correct programs give different numbers.

A view takes the arguments of a call (portable, see probes.py) and its result, and gives the laws that the
result obeys; in them all correct work agrees. Reference, mistakes and attempt all go through it. What is not
even of the right form comes back as it is, so that the judge can say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

__all__ = ["VIEWS", "Laws", "View"]

View = Callable[[Mapping[str, Any], Any], Any]
DEVIATIONS = 6  # a fair coin is further off once in 500 million


class Laws(dict[str, Any]):
    """What holds of a result, law by law, the most telling first; `form` is the result that it holds of."""

    def __init__(self, laws: Mapping[str, Any], form: Any) -> None:
        super().__init__(laws)
        self.form = form


def dropout_laws(arguments: Mapping[str, Any], result: Any) -> Any:
    """Which laws of dropout a result obeys; who is dropped is up to the draw.

    Kept numbers all have the same factor, the share of dropped ones fits p, and each is dropped by itself.
    Without training, or with p = 0, the result is the input; where it is not, its laws say how it differs.
    """
    x, p = arguments["x"], arguments["p"]
    if not isinstance(result, np.ndarray) or result.shape != x.shape or result.dtype.kind != "f":
        return result
    laws = _laws_of_draw(x, result, p)
    if not arguments.get("training", True) or p == 0:
        is_input = bool(np.allclose(result, x, rtol=1e-9, atol=0))
        laws = {"identity": is_input, **({} if is_input else laws)}
    return Laws(laws, result)


def _laws_of_draw(x: Any, result: Any, p: float) -> dict[str, Any]:
    asked = x != 0
    kept = asked & (result != 0)
    dropped = asked & ~kept
    factors = np.unique(np.round(np.divide(result, x, where=kept, out=np.ones_like(x, float))[kept], 5))
    together = _together(dropped)
    return {
        "factor": float(factors[0]) if len(factors) == 1 else -1.0 if len(factors) else 0.0,
        "together": together,
        # numbers that share a draw are few draws, whose share says little
        "share": "" if together else _share(int(dropped.sum()), int(asked.sum()), p),
    }


def _together(dropped: Any) -> bool:
    """Do neighbours along an axis have the same fate more often than draws of their own would give them?"""
    share = float(dropped.mean())
    chance = share**2 + (1 - share) ** 2
    for here, there in _neighbours(dropped):
        allowed = DEVIATIONS * (chance * (1 - chance) / here.size) ** 0.5
        if float(np.mean(here == there)) > chance + allowed:
            return True
    return False


def _neighbours(array: Any) -> Iterator[tuple[Any, Any]]:
    """Along each axis the pairs 0 1, 2 3 ... and the pairs 1 2, 3 4 ...: no number is in two of them."""
    for axis in range(array.ndim):
        line = np.moveaxis(array, axis, 0)
        for first in range(min(2, len(line) - 1)):
            there = line[first + 1 :: 2]
            yield line[first::2][: len(there)], there


def _share(dropped: int, total: int, p: float) -> str:
    """Which probability of being dropped the number of dropped ones fits."""
    for name, probability in (("p", p), ("1 - p", 1 - p)):
        allowed = DEVIATIONS * (total * probability * (1 - probability)) ** 0.5
        if abs(dropped - total * probability) <= allowed:
            return name
    return "none" if not dropped else "all" if dropped == total else "other"


VIEWS: Mapping[str, View] = {"dropout_laws": dropout_laws}
