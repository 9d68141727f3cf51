# expect: passed
import numpy as np


def norm(x, gamma, beta):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + 1e-5) * gamma + beta


def post_norm(x, sublayer, gamma, beta):
    return norm(sublayer(x) + x, gamma, beta)


def pre_norm(x, sublayer, gamma, beta):
    return sublayer(norm(x, gamma, beta)) + x


# expect: passed
from reference.layers import layer_norm


def post_norm(x, sublayer, gamma, beta):
    y = x.copy()
    y += sublayer(x)
    return layer_norm(y, gamma=gamma, beta=beta)


def pre_norm(x, sublayer, gamma, beta):
    return x + sublayer(layer_norm(x, gamma, beta))
