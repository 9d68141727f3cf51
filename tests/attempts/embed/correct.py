# expect: passed
import numpy as np


def embed(ids, embedding, positions=None):
    if ids.min() < 0:
        raise IndexError("no such token")
    out = embedding[ids] * embedding.shape[1] ** 0.5
    return out if positions is None else out + positions[: ids.shape[-1]]


# expect: passed
# one-hot rows times the table
import numpy as np


def embed(ids, embedding, positions=None):
    onehot = np.zeros((*ids.shape, len(embedding)))
    for at in np.ndindex(*ids.shape):
        assert 0 <= ids[at] < len(embedding)
        onehot[at + (ids[at],)] = 1
    out = onehot @ (embedding * np.sqrt(embedding.shape[-1]))
    if positions is not None:
        for t in range(ids.shape[-1]):
            out[..., t, :] += positions[t]
    return out


# expect: passed
import math

import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    places = np.arange(ids.shape[-1])
    vectors = math.sqrt(embedding.shape[-1]) * lookup(ids, embedding)
    return vectors + (0 if positions is None else np.take(positions, places, axis=0))
