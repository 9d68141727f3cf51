# expect: passed
# an object that can be called
class Embed:
    def __call__(self, ids, embedding, positions=None):
        if not ((0 <= ids) & (ids < embedding.shape[0])).all():
            raise IndexError
        out = embedding[ids].copy()
        out *= embedding.shape[1] ** 0.5
        if positions is not None:
            out += positions[: out.shape[-2]]
        return out


embed = Embed()


# expect: passed
# a partial function with settings of its own
import functools

import numpy as np


def _embed(ids, embedding, positions=None, *, scale=True, dtype=None):
    from reference import lookup

    out = lookup(ids, embedding)
    if scale:
        out = out * np.sqrt(out.shape[-1])
    if positions is not None:
        out = out + positions[: ids.shape[-1]]
    return out.astype(embedding.dtype)


embed = functools.partial(_embed, scale=True)


# expect: passed
# decorated; the result may not be written to
import math


def frozen(f):
    @functools.wraps(f)
    def g(*a, **k):
        r = f(*a, **k)
        r.setflags(write=False)
        return r

    return g


import functools


@frozen
def embed(ids, embedding, positions=None):
    from reference import lookup

    out = lookup(ids, embedding) * math.sqrt(embedding.shape[-1])
    return out if positions is None else out + positions[: ids.shape[-1]]
