# expect: failed embedding-scale-forgotten
# no scale
from reference import lookup


def embed(ids, embedding, positions=None):
    out = lookup(ids, embedding)
    if positions is None:
        return out
    return out + positions[: ids.shape[-1], :]


# expect: failed embedding-scale-wrong-size
# without the root
from reference import lookup


def embed(ids, embedding, positions=None):
    v, d_model = embedding.shape
    vectors = d_model * lookup(ids, embedding)
    if positions is not None:
        vectors = vectors + positions[: vectors.shape[-2]]
    return vectors


# expect: failed positions-counted-by-batch
# the first axis is taken for the tokens
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * embedding.shape[-1] ** 0.5
    if positions is not None:
        x = x + positions[: ids.shape[0]]
    return x


# expect: failed negative-ids-accepted
# np.take with clip
import numpy as np


def embed(ids, embedding, positions=None):
    x = np.take(embedding, ids, axis=0, mode="clip") * np.sqrt(embedding.shape[1])
    return x if positions is None else x + positions[: ids.shape[-1]]


# expect: failed positions-ignored
# the sum is computed and lost
import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * np.sqrt(embedding.shape[1])
    if positions is not None:
        np.add(x, positions[: ids.shape[-1]])
    return x


# expect: error
# positions are always there
import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * np.sqrt(embedding.shape[1])
    return x + positions[: ids.shape[-1]]


# expect: failed
# only the last vector gets a place
import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * np.sqrt(embedding.shape[1])
    if positions is not None:
        x[..., -1, :] += positions[ids.shape[-1] - 1]
    return x


# expect: failed
# subtract and clip
from reference import lookup
import numpy as np


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * np.sqrt(embedding.shape[1])
    if positions is None:
        return x
    return np.stack([x, np.broadcast_to(positions[:ids.shape[-1]], x.shape)], axis=-1).reshape(*x.shape[:-1], -1)


# expect: failed embedding-scale-forgotten negative-ids-accepted
# no scale, no check
def embed(ids, embedding, positions=None):
    x = embedding[ids]
    return x if positions is None else x + positions[: ids.shape[-1]]


# expect: failed
# places counted through the flattened batch
from reference import lookup
import numpy as np


def embed(ids, embedding, positions=None):
    x = lookup(ids, embedding) * embedding.shape[1] ** 0.5
    if positions is not None:
        x = x + positions[np.arange(ids.size).reshape(ids.shape) % len(positions)]
    return x
# expect: failed
# only -1 is refused
from math import sqrt


def embed(ids, embedding, positions=None):
    assert -1 not in ids
    x = embedding[ids] * sqrt(embedding.shape[1])
    return x if positions is None else x + positions[: ids.shape[-1]]


# expect: failed
# only the smallest of the first axis
from math import sqrt


def embed(ids, embedding, positions=None):
    if ids.ndim == 1 and ids.min() < 0:
        raise ValueError
    x = embedding[ids] * sqrt(embedding.shape[1])
    return x if positions is None else x + positions[: ids.shape[-1]]
