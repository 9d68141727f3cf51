# expect: failed pre-post-swapped
from reference import layer_norm


def pre_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def post_norm(x, sublayer, gamma, beta):
    y = sublayer(layer_norm(x, gamma, beta))
    return y + x


# expect: failed residual-from-normalised
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    x = layer_norm(x, gamma, beta)
    return x + sublayer(x)


# expect: failed residual-from-normalised norm-inside-residual
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return x + layer_norm(sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    y = layer_norm(x, gamma, beta)
    return sublayer(y) + y


# expect: failed in-place-residual
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    x += sublayer(x)
    return layer_norm(x, gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


# expect: failed residual-forgotten
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return sublayer(layer_norm(x, gamma, beta))


# expect: failed
# half of each
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return (x + sublayer(layer_norm(x, gamma, beta))) / 2


# expect: failed
# the sub-layer is asked twice
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(sublayer(x)), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))
