# expect: failed positions-not-added
# side by side, as two tables of rows
import numpy as np


def embed(ids, embedding, positions=None):
    if (ids < 0).any():
        raise ValueError
    x = embedding[ids] * embedding.shape[1] ** 0.5
    if positions is not None:
        x = np.hstack([x, positions[: x.shape[-2]]])
    return x


# expect: failed positions-not-added
# positions in front
import numpy as np


def embed(ids, embedding, positions=None):
    if (ids < 0).any():
        raise ValueError
    x = embedding[ids] * embedding.shape[1] ** 0.5
    if positions is not None:
        x = np.concatenate([np.broadcast_to(positions[: x.shape[-2]], x.shape), x], axis=-1)
    return x


# expect: failed positions-not-added
# one sequence after the other
import numpy as np


def embed(ids, embedding, positions=None):
    if (ids < 0).any():
        raise ValueError
    x = embedding[ids] * embedding.shape[1] ** 0.5
    if positions is not None:
        x = np.concatenate([x, np.broadcast_to(positions[: x.shape[-2]], x.shape)], axis=-2)
    return x


# expect: failed negative-ids-accepted
# an unknown id is an empty one-hot row
import math

import numpy as np


def embed(ids, embedding, positions=None):
    oh = (ids[..., None] == np.arange(len(embedding))).astype(float)
    x = oh @ embedding * math.sqrt(embedding.shape[-1])
    return x if positions is None else x + positions[: ids.shape[-1]]


# expect: failed negative-ids-accepted
# -1 is taken for 1
import math

import numpy as np


def embed(ids, embedding, positions=None):
    x = embedding[np.abs(ids)] * math.sqrt(embedding.shape[-1])
    return x if positions is None else x + positions[: ids.shape[-1]]


# expect: failed negative-ids-accepted
# an unknown id is taken for 0
import math

import numpy as np


def embed(ids, embedding, positions=None):
    ids = np.where((ids < 0) | (ids >= len(embedding)), 0, ids)
    x = embedding[ids] * math.sqrt(embedding.shape[-1])
    return x if positions is None else x + positions[: ids.shape[-1]]
