# expect: failed norm-inside-residual
# in pre-norm
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + layer_norm(sublayer(x), gamma, beta)


# expect: failed in-place-residual
# x is where the result is written; with f = 0 nothing else would show it
from reference import layer_norm


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


def post_norm(x, sublayer, gamma, beta):
    x[...] = layer_norm(x + sublayer(x), gamma, beta)
    return x


# expect: failed normalised-twice
# the sub-layer between two norms
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + layer_norm(sublayer(layer_norm(x, gamma, beta)), gamma, beta)


# expect: failed residual-from-normalised
# in both
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    n = layer_norm(x, gamma, beta)
    return n + sublayer(n)


def pre_norm(x, sublayer, gamma, beta):
    n = layer_norm(x, gamma, beta)
    return n + sublayer(n)
