# expect: passed
# np.take refuses by itself once negatives are refused
import numpy as np


def embed(ids, embedding, positions=None):
    assert ids.min() >= 0
    rows = np.take(embedding, ids, axis=0, mode="raise")
    out = rows * np.sqrt(rows.shape[-1]).astype(rows.dtype)
    if positions is None:
        return out
    n_tokens = ids.shape[-1]
    return out + positions[:n_tokens].astype(rows.dtype)


# expect: passed
# loops over every place
import math

import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    scale = math.sqrt(embedding.shape[1])
    out = np.empty(ids.shape + (embedding.shape[1],))
    for where in np.ndindex(*ids.shape):
        out[where] = scale * lookup(ids[where], embedding)
        if positions is not None:
            out[where] += positions[where[-1]]
    return out


# expect: passed
# the table is scaled first, its rows are taken after
from reference import lookup


def embed(ids, embedding, positions=None):
    d_model = embedding.shape[-1]
    x = lookup(ids, embedding * d_model**0.5)
    if positions is not None:
        x = x + positions[: x.shape[-2]]
    return x


# expect: passed
# positions first, the scaled rows are added into a copy of them
import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    *_, t = ids.shape
    _, d = embedding.shape
    start = np.zeros((t, d)) if positions is None else positions[:t]
    out = np.broadcast_to(start, (*ids.shape, d)).copy()
    out += lookup(ids, embedding) * np.sqrt(d)
    return out


# expect: passed
# a product of one-hot rows by einsum; unknown ids are found by a comparison
import numpy as np


def one_hot(ids, n):
    if np.any(ids >= n) or np.any(ids < 0):
        raise KeyError("not in the vocabulary")
    return np.eye(n)[ids]


def embed(ids, embedding, positions=None):
    n, d = embedding.shape
    x = np.einsum("...tv,vd->...td", one_hot(ids, n), embedding) * d**0.5
    return x if positions is None else x + np.take(positions, range(x.shape[-2]), axis=0)


# expect: passed
# recursion over the batch axes
import numpy as np


def embed(ids, embedding, positions=None):
    if ids.ndim > 1:
        return np.stack([embed(one, embedding, positions) for one in ids])
    table = list(embedding)
    vectors = []
    for place, token in enumerate(ids):
        if not 0 <= token < len(table):
            raise ValueError(f"no token {token}")
        vector = table[token] * np.sqrt(embedding.shape[1])
        vectors.append(vector if positions is None else vector + positions[place])
    return np.array(vectors)


# expect: passed
# tiled positions, flattened batch
import numpy as np
from reference import lookup


def embed(ids: np.ndarray, embedding: np.ndarray, positions: np.ndarray | None = None) -> np.ndarray:
    flat = ids.reshape(-1, ids.shape[-1])
    x = lookup(flat, embedding) * float(embedding.shape[-1]) ** 0.5
    if positions is not None:
        x += np.tile(positions[: flat.shape[1]], (flat.shape[0], 1, 1))
    return x.reshape(ids.shape + (-1,))


# expect: passed
# the places have ids of their own, looked up the same way
import math

import numpy as np
from reference import lookup


def embed(ids, embedding, positions=None):
    token = math.sqrt(embedding.shape[1]) * lookup(ids, embedding)
    if positions is None:
        return token
    place = np.broadcast_to(np.arange(ids.shape[-1]), ids.shape)
    return token + lookup(place, positions)


# expect: passed
# try and except
import numpy as np


def embed(ids, embedding, positions=None):
    vocabulary = embedding.shape[0]
    bad = ids[(ids < 0) | (ids > vocabulary - 1)]
    if bad.size:
        raise IndexError("ids outside the table: " + ", ".join(map(str, bad)))
    scaled = np.multiply(embedding[ids, :], embedding.shape[1] ** (1 / 2))
    try:
        return scaled + positions[0 : ids.shape[-1], :]
    except TypeError:
        return scaled
