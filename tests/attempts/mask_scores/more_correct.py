# expect: passed
import numpy as np


def mask_scores(scores, mask):
    return (
        np.choose(np.broadcast_to(mask, scores.shape).astype(int), [-np.inf, scores])
        if mask is not None
        else scores
    )


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    mask = np.asarray(True if mask is None else mask)
    return np.select([mask], [scores], default=-np.inf)


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    out = scores.copy()
    if mask is None:
        return out
    np.place(out, ~np.broadcast_to(mask, out.shape), [-np.inf])
    return out


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return +scores
    full = np.broadcast_to(mask, scores.shape)
    out = np.empty_like(scores)
    for i in np.ndindex(scores.shape):
        out[i] = scores[i] if full[i] else float("-inf")
    return out


# expect: passed
import numpy as np
import math


def mask_scores(scores, mask):
    if mask is None:
        mask = np.ones_like(scores, dtype=bool)

    def rec(s, m):
        if s.ndim == 0:
            return float(s) if m else -math.inf
        return [rec(a, b) for a, b in zip(s, m)]

    return np.array(rec(scores, np.broadcast_to(mask, scores.shape)))


# expect: passed
# minimum with the log of the mask, where forbidden is cleaned first
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    with np.errstate(divide="ignore"):
        return np.where(mask, scores, 0) + np.log(mask.astype(float))


# expect: passed
import numpy as np


def masked_fill(x, m, value):
    x, m = np.broadcast_arrays(x, m)
    y = x.copy()
    y[m] = value
    return y


def mask_scores(scores, mask):
    return masked_fill(scores, mask == False, float("-inf")) if mask is not None else scores


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    if mask is None:
        return scores
    return np.concatenate(
        [
            np.where(
                mask if mask.ndim < 2 or mask.shape[-2] == 1 else mask[..., i : i + 1, :],
                scores[..., i : i + 1, :],
                -np.inf,
            )
            for i in range(scores.shape[-2])
        ],
        -2,
    )


# expect: passed
import numpy as np


def mask_scores(scores, mask):
    return np.where(mask == False, -np.inf, scores)
