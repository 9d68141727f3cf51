# expect: passed
# a product with one-hot rows; an assertion refuses what is not in the table
import numpy as np


def embed(ids, embedding, positions=None):
    one_hot = ids[..., np.newaxis] == np.arange(embedding.shape[0])
    assert one_hot.any(axis=-1).all(), "unknown token"
    out = one_hot.astype(embedding.dtype) @ embedding
    out *= embedding.shape[1] ** 0.5
    if positions is not None:
        out += positions[: ids.shape[-1]]
    return out


# expect: passed
# a dictionary refuses by itself
import numpy as np


def embed(ids, embedding, positions=None):
    vocabulary = dict(enumerate(embedding))
    d_model = len(vocabulary[0])
    rows = []
    for place, token in enumerate(ids.ravel().tolist()):
        vector = vocabulary[token] * d_model**0.5
        if positions is not None:
            vector = vector + positions[place % ids.shape[-1]]
        rows.append(vector)
    return np.reshape(rows, (*ids.shape, d_model))


# expect: passed
# lookup from the package, scaled by a NumPy scalar (float64)
from reference import *
import numpy as np


def embed(ids, embedding, positions=None):
    return np.sqrt(np.float64(embedding.shape[-1])) * lookup(ids, embedding) + (0 if positions is None else positions[np.arange(ids.shape[-1])])


# expect: passed
# a class, as in a framework
import math

import numpy as np


class Embedding:
    def __init__(self, table):
        self.table = np.asarray(table)

    def __call__(self, ids):
        if ids.min() < 0:
            raise IndexError("negative id")
        return np.take(self.table, ids, axis=0)


class PositionalEncoding:
    def __init__(self, pe):
        self.pe = pe

    def forward(self, x):
        return x if self.pe is None else np.add(x, self.pe[: x.shape[-2], :])


def embed(ids, embedding, positions=None):
    module = PositionalEncoding(positions)
    return module.forward(Embedding(embedding)(ids) * math.sqrt(embedding.shape[-1]))
