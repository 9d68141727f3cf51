# expect: failed norm-forgotten
# only the sum
def post_norm(x, sublayer, gamma, beta):
    y = sublayer(x)
    return x + y


def pre_norm(x, sublayer, gamma, beta):
    y = sublayer(x)
    return y + x


# expect: failed norm-inside-residual
# the norm of what the sub-layer says
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    y = layer_norm(sublayer(x), gamma, beta)
    return x + y


def pre_norm(x, sublayer, gamma, beta):
    y = layer_norm(x, gamma, beta)
    return x + sublayer(y)


# expect: failed
# gamma and beta exchanged
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), beta, gamma)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, beta, gamma))


# expect: failed
# the sub-layer is asked again about its own answer, in pre-norm
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    y = sublayer(layer_norm(x, gamma, beta))
    return x + sublayer(y)


# expect: failed
# x is added twice
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + (x + sublayer(x)), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + (x + sublayer(layer_norm(x, gamma, beta)))


# expect: error
# the sub-layer is not called
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer, gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


# expect: failed normalised-twice
# pre-norm with a norm after it all
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + sublayer(x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    y = x + sublayer(layer_norm(x, gamma, beta))
    return layer_norm(y, gamma, beta)


# expect: failed residual-from-normalised in-place-residual
# in place and from normalised
from reference import layer_norm


def post_norm(x, sublayer, gamma, beta):
    x += sublayer(x)
    return layer_norm(x, gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    n = layer_norm(x, gamma, beta)
    return n + sublayer(n)


# expect: failed norm-forgotten
# post-norm without the norm
from reference import layer_norm


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


def post_norm(x, sublayer, gamma, beta):
    return x + sublayer(x)


# expect: failed
# post-norm: LN(x) + f(x)
from reference import layer_norm


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x, gamma, beta) + sublayer(x)


# expect: failed
# the batch is flattened before the sub-layer sees it
from reference import layer_norm


def flat(f, x):
    return f(x.reshape(-1, x.shape[-1])).reshape(x.shape)


def post_norm(x, sublayer, gamma, beta):
    return layer_norm(x + flat(sublayer, x), gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + flat(sublayer, layer_norm(x, gamma, beta))
