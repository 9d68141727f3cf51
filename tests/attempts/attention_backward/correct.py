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


# expect: passed
# the Jacobian of softmax, row by row
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, A = scaled_dot_product_attention(q, k, v, mask)
    dA = d_output @ np.swapaxes(v, -1, -2)
    J = A[..., :, None] * np.eye(A.shape[-1]) - A[..., :, None] * A[..., None, :]
    dS = np.squeeze(dA[..., None, :] @ J, -2)
    dS = dS / np.sqrt(q.shape[-1])
    return dS @ k, np.swapaxes(dS, -1, -2) @ q, np.swapaxes(A, -1, -2) @ d_output


# expect: passed
# a tape
import math
import numpy as np
from reference import softmax


class Tape:
    def __init__(self):
        self.back = []

    def mm(self, a, b):
        out = Var(a.x @ b.x)

        def f():
            a.g = a.g + out.g @ np.swapaxes(b.x, -1, -2)
            b.g = b.g + np.swapaxes(a.x, -1, -2) @ out.g

        self.back.append(f)
        return out

    def T(self, a):
        out = Var(np.swapaxes(a.x, -1, -2))

        def f():
            a.g = a.g + np.swapaxes(out.g, -1, -2)

        self.back.append(f)
        return out

    def scale(self, a, c):
        out = Var(a.x * c)

        def f():
            a.g = a.g + out.g * c

        self.back.append(f)
        return out

    def softmax(self, a, mask):
        x = a.x if mask is None else np.where(mask, a.x, -np.inf)
        mx = np.max(x, -1, keepdims=True)
        mx = np.where(np.isfinite(mx), mx, 0)
        e = np.exp(x - mx)
        s = e.sum(-1, keepdims=True)
        out = Var(e / np.where(s == 0, 1, s))

        def f():
            a.g = a.g + out.x * (out.g - (out.g * out.x).sum(-1, keepdims=True))

        self.back.append(f)
        return out


class Var:
    def __init__(self, x):
        self.x = x
        self.g = np.zeros_like(x)


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    t = Tape()
    Q, K, V = Var(q), Var(k), Var(v)
    o = t.mm(t.softmax(t.scale(t.mm(Q, t.T(K)), 1 / math.sqrt(q.shape[-1])), mask), V)
    o.g = d_output
    for f in reversed(t.back):
        f()
    return Q.g, K.g, V.g


# expect: passed
# a few keys at a time
import math
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None, block=2):
    o, w = scaled_dot_product_attention(q, k, v, mask)
    D = (o * d_output).sum(-1, keepdims=True)
    dq = np.zeros(np.broadcast_shapes(q.shape), q.dtype)
    dk, dv = np.zeros_like(k), np.zeros_like(v)
    for s in range(0, k.shape[-2], block):
        sl = slice(s, s + block)
        p = w[..., sl]
        dv[..., sl, :] = np.swapaxes(p, -1, -2) @ d_output
        ds = p * (d_output @ np.swapaxes(v[..., sl, :], -1, -2) - D) / math.sqrt(q.shape[-1])
        dq += ds @ k[..., sl, :]
        dk[..., sl, :] = np.swapaxes(ds, -1, -2) @ q
    return dq, dk, dv


# expect: passed
# recursion over batch axes
import math
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    if q.ndim > 2:
        m = (
            [None] * len(q)
            if mask is None
            else np.broadcast_to(mask, q.shape[:-1] + (k.shape[-2],))
        )
        parts = [scaled_dot_product_attention_backward(*a) for a in zip(d_output, q, k, v, m)]
        return tuple(np.stack(p) for p in zip(*parts))
    w = masked_softmax(q @ k.T / math.sqrt(q.shape[1]), mask)
    dw = d_output @ v.T
    ds = w * (dw - (w * dw).sum(1, keepdims=True)) / math.sqrt(q.shape[1])
    return ds @ k, ds.T @ q, w.T @ d_output
