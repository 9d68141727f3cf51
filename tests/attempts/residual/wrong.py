# expect: failed norm-inside-residual
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return x + layer_norm(sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


# expect: failed residual-from-normalised
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    x = layer_norm(x, gamma, beta)
    return x + sublayer(x)


# expect: failed in-place-residual
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    x += sublayer(x)
    return layer_norm(x, gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    x += sublayer(layer_norm(x, gamma, beta))
    return x
