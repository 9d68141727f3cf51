# expect: passed
# MATLAB-like, page by page
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    Tq, d = q.shape[-2:]
    Tk = k.shape[-2]
    dv = v.shape[-1]
    Q = q.reshape(-1, Tq, d)
    K = k.reshape(-1, Tk, d)
    V = v.reshape(-1, Tk, dv)
    G = d_output.reshape(-1, Tq, dv)
    M = None if mask is None else np.broadcast_to(mask, q.shape[:-1] + (Tk,)).reshape(-1, Tq, Tk)
    dQ = np.zeros(Q.shape, Q.dtype)
    dK = np.zeros(K.shape, K.dtype)
    dV = np.zeros(V.shape, V.dtype)
    s = np.sqrt(d)
    for p in range(Q.shape[0]):
        A = masked_softmax(Q[p] @ K[p].T / s, None if M is None else M[p])
        dV[p] = A.T @ G[p]
        dA = G[p] @ V[p].T
        r = np.sum(A * dA, axis=1)
        dS = (A * dA - A * r[:, None]) / s
        dQ[p] = dS @ K[p]
        dK[p] = dS.T @ Q[p]
    return dQ.reshape(q.shape), dK.reshape(k.shape), dV.reshape(v.shape)


# expect: passed
# C style, all loops
import math

import numpy as np


def one(g, q, k, v, m):
    n, d = q.shape
    t, e = v.shape
    dq, dk, dv = np.zeros_like(q), np.zeros_like(k), np.zeros_like(v)
    c = 1.0 / math.sqrt(d)
    for i in range(n):
        s = []
        for j in range(t):
            dot = 0.0
            for f in range(d):
                dot += float(q[i, f]) * float(k[j, f])
            s.append(dot * c if m[i, j] else -math.inf)
        top = max(s)
        if top == -math.inf:
            continue
        w = [math.exp(x - top) for x in s]
        z = sum(w)
        w = [x / z for x in w]
        dw = [sum(float(g[i, f]) * float(v[j, f]) for f in range(e)) for j in range(t)]
        dot = sum(a * b for a, b in zip(w, dw))
        for j in range(t):
            ds = w[j] * (dw[j] - dot) * c
            for f in range(d):
                dq[i, f] += ds * k[j, f]
                dk[j, f] += ds * q[i, f]
            for f in range(e):
                dv[j, f] += w[j] * g[i, f]
    return dq, dk, dv


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    full = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], k.shape[-2]))
    out = [np.empty_like(a) for a in (q, k, v)]
    for at in np.ndindex(q.shape[:-2]):
        for o, r in zip(out, one(d_output[at], q[at], k[at], v[at], full[at])):
            o[at] = r
    return tuple(out)


# expect: passed
# tensordot and vectorize with a signature
import numpy as np
from reference import scaled_dot_product_attention


def vjp(p, g):
    return p * g - p * np.tensordot(p, g, 1)


softmax_vjp = np.vectorize(vjp, signature="(n),(n)->(n)")


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, p = scaled_dot_product_attention(q=q, k=k, v=v, mask=mask)
    ds = softmax_vjp(p, np.matmul(d_output, v.mT)) * np.reciprocal(np.sqrt(q.shape[-1]))
    return np.matmul(ds, k), np.matmul(ds.mT, q), np.matmul(p.mT, d_output)


# expect: passed
# the scale split between q and k; D from the output
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    r = q.shape[-1] ** -0.25
    qs, ks = q * r, k * r
    P = masked_softmax(np.einsum("...id,...jd->...ij", qs, ks), mask)
    O = np.einsum("...ij,...jf->...if", P, v)
    D = np.einsum("...if,...if->...i", d_output, O)
    dP = np.einsum("...if,...jf->...ij", d_output, v)
    dS = P * (dP - D[..., None])
    d_q = np.einsum("...ij,...jd->...id", dS, ks) * r
    d_k = np.einsum("...ij,...id->...jd", dS, qs) * r
    d_v = np.einsum("...ij,...if->...jf", P, d_output)
    return d_q, d_k, d_v


# expect: passed
# np.ma: a masked array does the masking
import numpy as np


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    hidden = np.zeros(s.shape, bool) if mask is None else ~np.broadcast_to(mask, s.shape)
    s = np.ma.array(s, mask=hidden)
    e = np.ma.exp(s - s.max(axis=-1, keepdims=True))
    p = (e / e.sum(axis=-1, keepdims=True)).filled(0.0)
    dp = d_output @ np.swapaxes(v, -1, -2)
    ds = p * (dp - np.sum(dp * p, axis=-1, keepdims=True)) / np.sqrt(q.shape[-1])
    return ds @ k, np.swapaxes(ds, -1, -2) @ q, np.swapaxes(p, -1, -2) @ d_output


# expect: passed
# centred matrix: d_S = (diag(p) - p p^T) d_A as one einsum with different letters
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    o, P = scaled_dot_product_attention(q, k, v, mask)
    c = 1 / np.sqrt(q.shape[-1])
    eye = np.eye(k.shape[-2])
    J = np.einsum("...xy,yz->...xyz", P, eye) - np.einsum("...xy,...xz->...xyz", P, P)
    return (
        c * np.einsum("...xyz,...xo,...zo,...yh->...xh", J, d_output, v, k, optimize=True),
        c * np.einsum("...xyz,...xo,...zo,...xh->...yh", J, d_output, v, q, optimize=True),
        np.einsum("...xy,...xo->...yo", P, d_output),
    )


# expect: passed
# values centred first: the average is the output
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    o, p = scaled_dot_product_attention(q, k, v, mask)
    away = v[..., None, :, :] - o[..., :, None, :]
    ds = p * (d_output[..., :, None, :] * away).sum(-1) * q.shape[-1] ** -0.5
    dq = (ds[..., None] * k[..., None, :, :]).sum(-2)
    dk = (ds[..., None] * q[..., :, None, :]).sum(-3)
    dv = (p[..., None] * d_output[..., :, None, :]).sum(-3)
    return dq, dk, dv


# expect: passed
# complex step: an exact derivative of an own forward pass, number by number
import numpy as np


def forward(q, k, v, allowed):
    s = q @ np.swapaxes(k, -1, -2) / np.sqrt(q.shape[-1])
    top = np.where(allowed, s.real, -np.inf).max(-1, keepdims=True)
    e = np.exp(np.where(allowed, s - np.where(np.isneginf(top), 0, top), 0)) * allowed
    z = e.sum(-1, keepdims=True)
    return e / np.where(z == 0, 1, z) @ v


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    allowed = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], k.shape[-2]))
    args = [np.asarray(a, np.complex128) for a in (q, k, v)]
    grads = []
    for n, a in enumerate(args):
        g = np.zeros(a.shape)
        for at in np.ndindex(a.shape[-2:]):
            moved = a.copy()
            moved[(..., *at)] += 1e-30j
            out = forward(*args[:n], moved, *args[n + 1 :], allowed)
            g[(..., *at)] = (out.imag / 1e-30 * d_output).sum((-1, -2))
        grads.append(g.astype(q.dtype))
    return tuple(grads)


# expect: passed
# backward of each step in a list, PyTorch ctx style
import numpy as np
from reference import masked_softmax


class Scores:
    @staticmethod
    def forward(ctx, q, k):
        ctx["qk"] = q, k
        return q @ np.swapaxes(k, -1, -2)

    @staticmethod
    def backward(ctx, g):
        q, k = ctx["qk"]
        return g @ k, np.swapaxes(g, -1, -2) @ q


class Scale:
    @staticmethod
    def forward(ctx, x, c):
        ctx["c"] = c
        return x * c

    @staticmethod
    def backward(ctx, g):
        return g * ctx["c"]


class Softmax:
    @staticmethod
    def forward(ctx, x, mask):
        ctx["y"] = masked_softmax(x, mask)
        return ctx["y"]

    @staticmethod
    def backward(ctx, g):
        y = ctx["y"]
        gy = g * y
        return gy - y * gy.sum(axis=-1, keepdims=True)


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    ctx = {}
    y = Softmax.forward(ctx, Scale.forward(ctx, Scores.forward(ctx, q, k), 1 / np.sqrt(q.shape[-1])), mask)
    dv = np.swapaxes(y, -1, -2) @ d_output
    g = Scale.backward(ctx, Softmax.backward(ctx, d_output @ np.swapaxes(v, -1, -2)))
    return (*Scores.backward(ctx, g), dv)


# expect: passed
# a row at a time over queries, accumulating
import numpy as np
from reference import attend, masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    scale = float(np.sqrt(q.shape[-1]))
    rows = np.broadcast_to(True if mask is None else mask, (*q.shape[:-1], k.shape[-2]))
    dq, dk, dv = [], 0, 0
    for i in range(q.shape[-2]):
        qi, gi, ri = q[..., i, :], d_output[..., i, :], rows[..., i, :]
        w = masked_softmax((k @ qi[..., None])[..., 0] / scale, ri)
        dw = (v @ gi[..., None])[..., 0]
        ds = w * (dw - (w * dw).sum(-1)[..., None]) / scale
        dq.append((ds[..., None] * k).sum(-2))
        dk = dk + ds[..., None] * qi[..., None, :]
        dv = dv + w[..., None] * gi[..., None, :]
    return np.stack(dq, axis=-2), dk, dv
