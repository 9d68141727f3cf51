# expect: failed
# the average is added
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    o, p = scaled_dot_product_attention(q, k, v, mask)
    delta = (o * d_output).sum(axis=-1, keepdims=True)
    scale = 1 / np.sqrt(q.shape[-1])
    ds = p * (d_output @ v.swapaxes(-1, -2) + delta)
    return scale * (ds @ k), scale * (ds.swapaxes(-1, -2) @ q), p.swapaxes(-1, -2) @ d_output


# expect: failed backward-scale-missing
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    o, p = scaled_dot_product_attention(q, k, v, mask)
    delta = (o * d_output).sum(axis=-1, keepdims=True)
    scale = 1 / np.sqrt(q.shape[-1])
    ds = p * (d_output @ v.swapaxes(-1, -2) - delta)
    return scale * (ds @ k), ds.swapaxes(-1, -2) @ q, p.swapaxes(-1, -2) @ d_output


# expect: failed backward-scale-wrong
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    n, d = q.shape[-2:]
    m, e = v.shape[-2:]
    S = np.einsum("...id,...jd->...ij", q, k) / d**0.5
    P = masked_softmax(S, mask)
    dV = np.einsum("...ij,...ie->...je", P, d_output)
    dP = np.einsum("...ie,...je->...ij", d_output, v)
    dot = np.einsum("...ij,...ij->...i", P, dP)
    dS = (P * dP - P * dot[..., None]) / e**0.5
    dQ = np.einsum("...ij,...jd->...id", dS, k)
    dK = np.einsum("...ij,...id->...jd", dS, q)
    return dQ, dK, dV


# expect: failed backward-scale-wrong
# by the number of queries
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    n, d = q.shape[-2:]
    m, e = v.shape[-2:]
    S = np.einsum("...id,...jd->...ij", q, k) / d**0.5
    P = masked_softmax(S, mask)
    dV = np.einsum("...ij,...ie->...je", P, d_output)
    dP = np.einsum("...ie,...je->...ij", d_output, v)
    dot = np.einsum("...ij,...ij->...i", P, dP)
    dS = (P * dP - P * dot[..., None]) / n**0.5
    dQ = np.einsum("...ij,...jd->...id", dS, k)
    dK = np.einsum("...ij,...id->...jd", dS, q)
    return dQ, dK, dV


# expect: failed backward-scale-wrong
# by the number of keys
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    n, d = q.shape[-2:]
    m, e = v.shape[-2:]
    S = np.einsum("...id,...jd->...ij", q, k) / d**0.5
    P = masked_softmax(S, mask)
    dV = np.einsum("...ij,...ie->...je", P, d_output)
    dP = np.einsum("...ie,...je->...ij", d_output, v)
    dot = np.einsum("...ij,...ij->...i", P, dP)
    dS = (P * dP - P * dot[..., None]) / m**0.5
    dQ = np.einsum("...ij,...jd->...id", dS, k)
    dK = np.einsum("...ij,...id->...jd", dS, q)
    return dQ, dK, dV


# expect: failed backward-weights-unscaled
# forward without scaling
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    n, d = q.shape[-2:]
    m, e = v.shape[-2:]
    S = np.einsum("...id,...jd->...ij", q, k)
    P = masked_softmax(S, mask)
    dV = np.einsum("...ij,...ie->...je", P, d_output)
    dP = np.einsum("...ie,...je->...ij", d_output, v)
    dot = np.einsum("...ij,...ij->...i", P, dP)
    dS = (P * dP - P * dot[..., None]) / d**0.5
    dQ = np.einsum("...ij,...jd->...id", dS, k)
    dK = np.einsum("...ij,...id->...jd", dS, q)
    return dQ, dK, dV


# expect: failed backward-scale-missing backward-weights-unscaled
# no scaling at all
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    n, d = q.shape[-2:]
    m, e = v.shape[-2:]
    S = np.einsum("...id,...jd->...ij", q, k) 
    P = masked_softmax(S, mask)
    dV = np.einsum("...ij,...ie->...je", P, d_output)
    dP = np.einsum("...ie,...je->...ij", d_output, v)
    dot = np.einsum("...ij,...ij->...i", P, dP)
    dS = (P * dP - P * dot[..., None]) 
    dQ = np.einsum("...ij,...jd->...id", dS, k)
    dK = np.einsum("...ij,...id->...jd", dS, q)
    return dQ, dK, dV


# expect: failed
# the mask inverted
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    n, d = q.shape[-2:]
    m, e = v.shape[-2:]
    S = np.einsum("...id,...jd->...ij", q, k) / d**0.5
    P = masked_softmax(S, None if mask is None else ~mask)
    dV = np.einsum("...ij,...ie->...je", P, d_output)
    dP = np.einsum("...ie,...je->...ij", d_output, v)
    dot = np.einsum("...ij,...ij->...i", P, dP)
    dS = (P * dP - P * dot[..., None]) / d**0.5
    dQ = np.einsum("...ij,...jd->...id", dS, k)
    dK = np.einsum("...ij,...id->...jd", dS, q)
    return dQ, dK, dV


# expect: failed backward-empty-row-uniform
# -1e9, and queries without keys average
import math

import numpy as np


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    T = lambda a: np.swapaxes(a, -1, -2)
    scores = q @ T(k) / math.sqrt(q.shape[-1])
    if mask is not None:
        scores = np.where(mask, scores, -1e9)
    w = np.exp(scores - scores.max(-1, keepdims=True))
    w = w / w.sum(-1, keepdims=True)
    dv = T(w) @ d_output
    dw = d_output @ T(v)
    ds = w * (dw - (w * dw).sum(-1, keepdims=True)) / math.sqrt(q.shape[-1])
    return ds @ k, T(ds) @ q, dv


# expect: failed
# in another order
import numpy as np
from reference import masked_softmax


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    n, d = q.shape[-2:]
    m, e = v.shape[-2:]
    S = np.einsum("...id,...jd->...ij", q, k) / d**0.5
    P = masked_softmax(S, mask)
    dV = np.einsum("...ij,...ie->...je", P, d_output)
    dP = np.einsum("...ie,...je->...ij", d_output, v)
    dot = np.einsum("...ij,...ij->...i", P, dP)
    dS = (P * dP - P * dot[..., None]) / d**0.5
    dQ = np.einsum("...ij,...jd->...id", dS, k)
    dK = np.einsum("...ij,...id->...jd", dS, q)
    return dV, dK, dQ


# expect: failed
# the output in place of the gradient
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    o, p = scaled_dot_product_attention(q, k, v, mask)
    delta = (o * d_output).sum(axis=-1, keepdims=True)
    scale = 1 / np.sqrt(q.shape[-1])
    ds = p * (d_output @ v.swapaxes(-1, -2) - delta)
    return scale * (ds @ k), scale * (ds.swapaxes(-1, -2) @ q), p.swapaxes(-1, -2) @ o


# expect: failed average-not-subtracted
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, w = scaled_dot_product_attention(q, k, v, mask)
    gw = np.matmul(d_output, np.moveaxis(v, -1, -2))
    jac = np.eye(w.shape[-1]) * w[..., None]
    gs = np.matmul(gw[..., None, :], jac)[..., 0, :]
    gs = gs * q.shape[-1] ** -0.5
    gq = np.matmul(gs, k)
    gk = np.matmul(np.moveaxis(gs, -1, -2), q)
    gv = np.matmul(np.moveaxis(w, -1, -2), d_output)
    return gq, gk, gv


# expect: failed
# the outer product is added
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, w = scaled_dot_product_attention(q, k, v, mask)
    gw = np.matmul(d_output, np.moveaxis(v, -1, -2))
    jac = np.eye(w.shape[-1]) * w[..., None] + w[..., :, None] * w[..., None, :]
    gs = np.matmul(gw[..., None, :], jac)[..., 0, :]
    gs = gs * q.shape[-1] ** -0.5
    gq = np.matmul(gs, k)
    gk = np.matmul(np.moveaxis(gs, -1, -2), q)
    gv = np.matmul(np.moveaxis(w, -1, -2), d_output)
    return gq, gk, gv


# expect: failed
# averaged over queries
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, w = scaled_dot_product_attention(q, k, v, mask)
    gw = np.matmul(d_output, np.moveaxis(v, -1, -2))
    jac = np.eye(w.shape[-1]) * w[..., None] - w[..., :, None] * w.mean(-2)[..., None, None, :]
    gs = np.matmul(gw[..., None, :], jac)[..., 0, :]
    gs = gs * q.shape[-1] ** -0.5
    gq = np.matmul(gs, k)
    gk = np.matmul(np.moveaxis(gs, -1, -2), q)
    gv = np.matmul(np.moveaxis(w, -1, -2), d_output)
    return gq, gk, gv


# expect: error
# for two axes only
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    o, p = scaled_dot_product_attention(q, k, v, mask)
    delta = (o * d_output).sum(axis=-1, keepdims=True)
    scale = 1 / np.sqrt(q.shape[-1])
    ds = p * (d_output @ v.T - delta)
    return scale * (ds @ k), scale * (ds.T @ q), p.T @ d_output


# expect: failed plain-average-subtracted
# a mean for a sum
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    o, p = scaled_dot_product_attention(q, k, v, mask)
    delta = (o * d_output).mean(axis=-1, keepdims=True)
    scale = 1 / np.sqrt(q.shape[-1])
    ds = p * (d_output @ v.swapaxes(-1, -2) - delta)
    return scale * (ds @ k), scale * (ds.swapaxes(-1, -2) @ q), p.swapaxes(-1, -2) @ d_output


# expect: failed
# the maximum over forbidden scores too
import numpy as np


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    s = q @ k.swapaxes(-1, -2) / np.sqrt(q.shape[-1])
    e = np.exp(s - s.max(-1, keepdims=True)) * (True if mask is None else mask)
    z = e.sum(-1, keepdims=True)
    p = e / np.where(z == 0, 1, z)
    dp = d_output @ v.swapaxes(-1, -2)
    ds = p * (dp - (p * dp).sum(-1, keepdims=True)) / np.sqrt(q.shape[-1])
    return ds @ k, ds.swapaxes(-1, -2) @ q, p.swapaxes(-1, -2) @ d_output
