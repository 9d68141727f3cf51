# expect: passed
# group by group, a batch of query heads against one key head
import numpy as np
from reference import masked_softmax


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    per = n_heads // n_kv_heads
    dk = weights.w_q.shape[1] // n_heads
    dv = weights.w_v.shape[1] // n_kv_heads
    out = 0
    shape = (*x_q.shape[:-2], n_heads, x_q.shape[-2], x_kv.shape[-2])
    m = np.broadcast_to(True if mask is None else mask, shape)
    for g in range(n_kv_heads):
        k = x_kv @ weights.w_k[:, g * dk : (g + 1) * dk]
        v = x_kv @ weights.w_v[:, g * dv : (g + 1) * dv]
        for j in range(g * per, (g + 1) * per):
            q = x_q @ weights.w_q[:, j * dk : (j + 1) * dk]
            p = masked_softmax(q @ np.swapaxes(k, -1, -2) / np.sqrt(dk), m[..., j, :, :])
            out = out + p @ v @ weights.w_o[j * dv : (j + 1) * dv]
    return out


# expect: passed
# fancy indexing: heads chosen by number
import numpy as np
from reference import merge_heads, scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    which = np.arange(n_heads) * n_kv_heads // n_heads
    q = split_heads(x_q @ weights.w_q, n_heads)
    k = split_heads(x_kv @ weights.w_k, n_kv_heads)[..., which, :, :]
    v = split_heads(x_kv @ weights.w_v, n_kv_heads).take(which, axis=-3)
    context = scaled_dot_product_attention(q, k, v, mask=mask)[0]
    return merge_heads(context) @ weights.w_o


# expect: passed
# everything by einsum with named axes
import numpy as np


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    G, R = n_kv_heads, n_heads // n_kv_heads
    wq = weights.w_q.reshape(x_q.shape[-1], G, R, -1)
    wk = weights.w_k.reshape(x_kv.shape[-1], G, -1)
    wv = weights.w_v.reshape(x_kv.shape[-1], G, -1)
    q = np.einsum("...tm,mgrd->...grtd", x_q, wq)
    k = np.einsum("...sm,mgd->...gsd", x_kv, wk)
    v = np.einsum("...sm,mgd->...gsd", x_kv, wv)
    s = np.einsum("...grtd,...gsd->...grts", q, k) / q.shape[-1] ** 0.5
    flat = s.reshape(*s.shape[:-4], G * R, *s.shape[-2:])
    if mask is not None:
        flat = np.where(mask, flat, -1e300)
    e = np.exp(flat - flat.max(axis=-1, keepdims=True))
    if mask is not None:
        e = e * mask
    z = e.sum(axis=-1, keepdims=True)
    p = np.divide(e, z, out=np.zeros_like(e), where=z > 0).reshape(s.shape)
    o = np.einsum("...grts,...gsd->...tgrd", p, v)
    return o.reshape(*o.shape[:-3], -1) @ weights.w_o


# expect: passed
# recursion over batch axes; a list of heads
import numpy as np
from reference import scaled_dot_product_attention


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    if x_q.ndim > 2:
        n = x_q.shape[0]
        masks = [None] * n
        if mask is not None:
            full = np.broadcast_to(mask, (*x_q.shape[:-2], n_heads, x_q.shape[-2], x_kv.shape[-2]))
            masks = list(full)
        return np.stack([
            grouped_query_attention(a, b, weights, n_heads, n_kv_heads, m) for a, b, m in zip(x_q, x_kv, masks)
        ])
    q = np.array_split(x_q @ weights.w_q, n_heads, axis=1)
    kv = list(zip(np.array_split(x_kv @ weights.w_k, n_kv_heads, axis=1), np.array_split(x_kv @ weights.w_v, n_kv_heads, axis=1)))
    shared = [pair for pair in kv for _ in range(n_heads // n_kv_heads)]
    full = None if mask is None else np.broadcast_to(mask, (n_heads, len(x_q), len(x_kv)))
    heads = [
        scaled_dot_product_attention(q[i], *shared[i], None if full is None else full[i])[0] for i in range(n_heads)
    ]
    return np.hstack(heads) @ weights.w_o


# expect: passed
# queries of a group stacked along the tokens
import numpy as np
from reference import scaled_dot_product_attention, split_heads


def grouped_query_attention(x_q, x_kv, weights, n_heads, n_kv_heads, mask=None):
    r = n_heads // n_kv_heads
    q = split_heads(x_q @ weights.w_q, n_heads)
    *batch, h, t, d = q.shape
    k, v = split_heads(x_kv @ weights.w_k, n_kv_heads), split_heads(x_kv @ weights.w_v, n_kv_heads)
    tall = q.reshape(*batch, n_kv_heads, r * t, d)
    m = None
    if mask is not None:
        m = np.broadcast_to(mask, (*batch, h, t, k.shape[-2])).reshape(*batch, n_kv_heads, r * t, -1)
    out = scaled_dot_product_attention(tall, k, v, m)[0].reshape(*batch, h, t, -1)
    return np.moveaxis(out, -3, -2).reshape(*batch, t, -1) @ weights.w_o


# expect: passed
# tile and transpose, which is repeat; keyword-only
import numpy as np
import reference as R


def grouped_query_attention(x_q, x_kv, *, weights, n_heads, n_kv_heads, mask=None):
    g = n_heads // n_kv_heads

    def expand(t):
        tiled = np.stack([t] * g, axis=-3)
        return tiled.reshape(*t.shape[:-3], -1, *t.shape[-2:])

    q, k, v = R.project_qkv(x_q, *weights[:1] * 3) if False else (x_q @ weights.w_q, x_kv @ weights.w_k, x_kv @ weights.w_v)
    q = R.split_heads(q, n_heads)
    k, v = (expand(R.split_heads(t, n_kv_heads)) for t in (k, v))
    return np.matmul(R.merge_heads(R.scaled_dot_product_attention(q, k, v, mask)[0]), weights.w_o)
