"""Views: what of a result is judged, where correct programs give different numbers.

A view takes the arguments of a call (portable, see probes.py) and its result, and gives something in which
all correct work agrees. Reference, mistakes and attempt all go through it. What is not even of the right
form comes back as it is, so that the judge can say so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

__all__ = ["VIEWS", "View"]

View = Callable[[Mapping[str, Any], Any], Any]
DEVIATIONS = 6  # a fair coin is further off once in 500 million


def dropout_laws(arguments: Mapping[str, Any], result: Any) -> Any:
    """Which laws of dropout a result obeys; who is dropped is up to the draw.

    Kept numbers all have the same factor, the share of dropped ones fits p, and along no axis are all
    dropped together. Without training, or with p = 0, the result is the input.
    """
    x, p = arguments["x"], arguments["p"]
    if not isinstance(result, np.ndarray) or result.shape != x.shape or result.dtype.kind != "f":
        return result
    if not arguments.get("training", True) or p == 0:
        return {"identity": result}
    asked = x != 0
    kept = asked & (result != 0)
    factors = np.unique(np.round(np.divide(result, x, where=kept, out=np.ones_like(x, float))[kept], 5))
    dropped = ~kept & asked
    shared = [bool(np.all(dropped == np.take(dropped, [0], axis))) for axis in range(x.ndim)]
    return {
        "shared": shared,
        # numbers that share a draw are few draws, whose share says little
        "share": "" if any(shared) else _share(int(dropped.sum()), int(asked.sum()), p),
        "factor": float(factors[0]) if len(factors) == 1 else -1.0,
    }


def _share(dropped: int, total: int, p: float) -> str:
    """Which probability of being dropped the number of dropped ones fits."""
    for name, probability in (("p", p), ("1 - p", 1 - p)):
        allowed = DEVIATIONS * (total * probability * (1 - probability)) ** 0.5
        if abs(dropped - total * probability) <= allowed:
            return name
    return "none" if not dropped else "all" if dropped == total else "other"


VIEWS: Mapping[str, View] = {"dropout_laws": dropout_laws}
