# expect: failed negative-ids-accepted
import numpy as np


def embed(ids, embedding, positions=None):
    out = embedding[ids] * np.sqrt(embedding.shape[-1])
    return out if positions is None else out + positions[: ids.shape[-1]]


# expect: failed embedding-scale-forgotten
import numpy as np


def embed(ids, embedding, positions=None):
    if not np.isin(ids, np.arange(len(embedding))).all():
        raise IndexError
    x = np.stack([embedding[i] for i in ids.flat]).reshape(*ids.shape, -1)
    return x if positions is None else x + positions[: x.shape[-2]]


# expect: failed scale-after-positions
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding)
    if positions is not None:
        x = x + positions[: ids.shape[-1]]
    return x * embedding.shape[-1] ** 0.5


# expect: failed embedding-scale-wrong-size
from reference import lookup


def embed(ids, embedding, positions=None):
    vocab, _ = embedding.shape
    x = vocab**0.5 * lookup(ids, embedding)
    return x if positions is None else x + positions[: ids.shape[-1]]


# expect: failed embedding-scale-forgotten positions-ignored
from reference import lookup


def embed(ids, embedding, positions=None):
    return lookup(ids, embedding)


# expect: failed embedding-scale-forgotten positions-shifted
import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding)
    if positions is not None:
        x = np.add(x, positions[1 : ids.shape[-1] + 1])
    return x


# expect: failed
# positions subtracted
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * embedding.shape[-1] ** 0.5
    return x if positions is None else x - positions[: ids.shape[-1]]


# expect: failed
# the last rows of the positions
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * embedding.shape[-1] ** 0.5
    return x if positions is None else x + positions[::-1][: ids.shape[-1]]
