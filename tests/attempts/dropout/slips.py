# expect: failed scale-one-over-p
# infinite at p = 0
def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = (rng.random(x.shape) >= p).astype(x.dtype)
    return x * mask / p


# expect: failed scale-one-over-p
# no division by 0
def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = (rng.random(x.shape) >= p).astype(x.dtype)
    return x * mask * (1 / p)


# expect: failed p-as-keep-probability
# a binomial draw with p
def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = rng.binomial(1, p, x.shape)
    return x * mask / p


# expect: failed shared-dropout-mask
# one draw for all tokens of a sequence
def dropout(x, p, rng, training=True):
    if not training:
        return x
    mask = rng.random((*x.shape[:-2], 1, x.shape[-1])) >= p
    return x * mask / (1 - p)


# expect: failed same-draw-every-call
# the generator is copied
def dropout(x, p, rng, training=True):
    if not training:
        return x
    import copy

    mask = copy.deepcopy(rng).random(x.shape) >= p
    return x * mask / (1 - p)


# expect: failed same-draw-every-call
# the generator is put back
def dropout(x, p, rng, training=True):
    if not training:
        return x
    s = rng.bit_generator.state
    mask = rng.random(x.shape) >= p
    rng.bit_generator.state = s
    return x * mask / (1 - p)


# expect: failed shared-dropout-mask
# two neighbours share a draw
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x
    n = x.shape[-1]
    mask = np.repeat(rng.random((*x.shape[:-1], (n + 1) // 2)), 2, axis=-1)[..., :n] >= p
    return x * mask / (1 - p)


# expect: failed dropout-not-rescaled dropout-wrong-flag
def dropout(x, p, rng, training=True):
    mask = (rng.random(x.shape) >= p).astype(x.dtype)
    return x * mask


# expect: failed
# drawn, and not used; by chance one draw for everything drops nothing either, with any data
def dropout(x, p, rng, training=True):
    if not training:
        return x
    rng.random(x.shape)
    return x / (1 - p)
