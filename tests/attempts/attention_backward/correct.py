# expect: passed
# everything in einsum
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    output, a = scaled_dot_product_attention(q, k, v, mask)
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = a * (d_a - np.einsum("...qv,...qv->...q", d_output, output)[..., None]) / np.sqrt(q.shape[-1])
    return (
        np.einsum("...qk,...kd->...qd", d_s, k),
        np.einsum("...qk,...qd->...kd", d_s, q),
        np.einsum("...qk,...qv->...kv", a, d_output),
    )


# expect: passed
# the whole Jacobian of softmax, row by row
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    c = 1 / q.shape[-1] ** 0.5
    a = masked_softmax(c * (q @ k.swapaxes(-1, -2)), mask)
    d_a = d_output @ v.swapaxes(-1, -2)
    d_s = np.zeros_like(a)
    for at in np.ndindex(a.shape[:-1]):
        jacobian = np.diag(a[at]) - np.outer(a[at], a[at])
        d_s[at] = jacobian @ d_a[at]
    d_s = c * d_s
    return d_s @ k, d_s.swapaxes(-1, -2) @ q, a.swapaxes(-1, -2) @ d_output


# expect: passed
# a small tape
from collections import namedtuple

import numpy as np
import reference

Gradients = namedtuple("Gradients", "d_q d_k d_v")
T = lambda x: np.moveaxis(x, -1, -2)


class MatMul:
    def __init__(self, a, b):
        self.a, self.b = a, b

    def backward(self, d):
        return d @ T(self.b), T(self.a) @ d


class Softmax:
    def __init__(self, y):
        self.y = y

    def backward(self, d):
        return self.y * d - self.y * np.sum(self.y * d, axis=-1, keepdims=True)


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, y = reference.scaled_dot_product_attention(q, k, v, mask)
    d_y, d_v = MatMul(y, v).backward(d_output)
    d_scores = Softmax(y).backward(d_y) * k.shape[-1] ** -0.5
    d_q, d_kt = MatMul(q, T(k)).backward(d_scores)
    return Gradients(d_q, T(d_kt), d_v)


# expect: passed
# queries and keys scaled beforehand; sums key by key
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    output, weights = scaled_dot_product_attention(q, k, v, mask)
    root = float(q.shape[-1]) ** 0.25
    along = (d_output * output).sum(axis=-1)
    d_q, d_k, d_v = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    for j in range(k.shape[-2]):
        w = weights[..., j]
        d_s = w * ((d_output * v[..., None, j, :]).sum(-1) - along)
        d_q += d_s[..., None] * (k[..., None, j, :] / root) / root
        d_k[..., j, :] = (d_s[..., None] * (q / root)).sum(-2) / root
        d_v[..., j, :] = (w[..., None] * d_output).sum(-2)
    return d_q, d_k, d_v
