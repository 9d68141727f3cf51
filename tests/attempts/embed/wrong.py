# expect: failed embedding-scale-forgotten
from reference import lookup


def embed(ids, embedding, positions=None):
    out = lookup(ids, embedding)
    return out if positions is None else out + positions[: ids.shape[-1]]


# expect: failed negative-ids-accepted
def embed(ids, embedding, positions=None):
    out = embedding[ids] * embedding.shape[-1] ** 0.5
    return out if positions is None else out + positions[: ids.shape[-1]]


# expect: failed scale-after-positions
from reference import lookup


def embed(ids, embedding, positions=None):
    out = lookup(ids, embedding)
    if positions is not None:
        out = out + positions[: ids.shape[-1]]
    return out * embedding.shape[-1] ** 0.5


# expect: failed positions-ignored
from reference import lookup


def embed(ids, embedding, positions=None):
    return lookup(ids, embedding) * embedding.shape[-1] ** 0.5


# expect: failed embedding-scale-forgotten positions-ignored
from reference import lookup


def embed(ids, embedding, positions=None):
    return lookup(ids, embedding)
