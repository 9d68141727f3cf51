# expect: passed
# in place, on what the sub-layer gave
from reference import layer_norm


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


def post_norm(x, sublayer, gamma, beta):
    z = sublayer(x)
    z += x
    return layer_norm(z, gamma, beta)


# expect: passed
# one function with a setting, twice
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


import functools


def _res(x, sublayer, gamma, beta, *, first):
    norm = functools.partial(layer_norm, gamma=gamma, beta=beta)
    return x + sublayer(norm(x)) if first else norm(x + sublayer(x))


post_norm = functools.partial(_res, first=False)
pre_norm = functools.partial(_res, first=True)
