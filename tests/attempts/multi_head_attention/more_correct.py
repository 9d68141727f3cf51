# expect: passed
import numpy as np
from reference import masked_softmax


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    W = {n: getattr(weights, "w_" + n) for n in "qkvo"}

    def heads(x, w):
        d = w.shape[1] // n_heads
        return np.stack([x @ w[:, i * d : (i + 1) * d] for i in range(n_heads)], axis=-3)

    q, k, v = heads(x_q, W["q"]), heads(x_kv, W["k"]), heads(x_kv, W["v"])
    a = masked_softmax(np.einsum("...hid,...hjd->...hij", q, k) * q.shape[-1] ** -0.5, mask)
    c = np.einsum("...hij,...hjd->...ihd", a, v)
    return c.reshape(c.shape[:-2] + (-1,)) @ W["o"]


# expect: passed
# w_q w_k^T folded: no keys made
import numpy as np
from reference import masked_softmax


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    wq, wk, wv = (w.reshape(w.shape[0], n_heads, -1) for w in weights[:3])
    d = wq.shape[-1]
    both = np.einsum("ahd,bhd->hab", wq, wk) / np.sqrt(d)
    s = np.einsum("...ia,hab,...jb->...hij", x_q, both, x_kv, optimize=True)
    a = masked_softmax(s, mask)
    wo = weights.w_o.reshape(n_heads, -1, weights.w_o.shape[1])
    vo = np.einsum("bhd,hdo->hbo", wv, wo)
    return np.einsum("...hij,...jb,hbo->...io", a, x_kv, vo, optimize=True)


# expect: passed
# loop over heads with accumulations, mask broadcast in full
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    shape = x_q.shape[:-2] + (n_heads, x_q.shape[-2], x_kv.shape[-2])
    m = np.ones(shape, bool) if mask is None else np.broadcast_to(mask, shape)
    out = np.zeros(x_q.shape[:-1] + (weights.w_o.shape[1],))
    dk, dv = weights.w_q.shape[1] // n_heads, weights.w_v.shape[1] // n_heads
    for h in range(n_heads):
        ck, cv = slice(h * dk, h * dk + dk), slice(h * dv, h * dv + dv)
        o, _ = scaled_dot_product_attention(
            x_q @ weights.w_q[:, ck], x_kv @ weights.w_k[:, ck], x_kv @ weights.w_v[:, cv], m[..., h, :, :]
        )
        out += o @ weights.w_o[cv]
    return out


# expect: passed
# torch nn.Linear fake
import numpy as np
from reference import masked_softmax


class Linear:
    def __init__(self, w):
        self.weight = w.T

    def __call__(self, x):
        return x @ self.weight.T


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    fc_q, fc_k, fc_v, fc_o = map(Linear, weights)

    def view(t):
        return t.reshape(*t.shape[:-1], n_heads, t.shape[-1] // n_heads).swapaxes(-3, -2)

    Q, K, V = view(fc_q(x_q)), view(fc_k(x_kv)), view(fc_v(x_kv))
    energy = Q @ K.swapaxes(-2, -1)
    attention = masked_softmax(energy / np.sqrt(Q.shape[-1]), mask)
    x = (attention @ V).swapaxes(-3, -2)
    return fc_o(x.reshape(*x.shape[:-2], x.shape[-2] * x.shape[-1]))


# expect: passed
# all matrices per head stacked, matmul broadcasting
import numpy as np
from reference import merge_heads, scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    per = lambda w: np.moveaxis(w.reshape(len(w), n_heads, -1), 1, 0)
    e = np.expand_dims
    o = scaled_dot_product_attention(
        e(x_q, -3) @ per(weights.w_q), e(x_kv, -3) @ per(weights.w_k), e(x_kv, -3) @ per(weights.w_v), mask
    )[0]
    return merge_heads(o) @ weights.w_o


# expect: passed
# project_qkv reused
from reference import merge_heads, project_qkv, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q = project_qkv(x_q, weights.w_q, weights.w_q, weights.w_q)[0]
    k, _, v = project_qkv(x_kv, weights.w_k, weights.w_k, weights.w_v)
    heads = [split_heads(each, n_heads) for each in (q, k, v)]
    attended = scaled_dot_product_attention(*heads, mask=mask)[0]
    return merge_heads(attended) @ weights.w_o


# expect: passed
# batch axes flattened
import numpy as np
from reference import masked_softmax


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    lead = x_q.shape[:-2]
    tq, tk = x_q.shape[-2], x_kv.shape[-2]
    xq, xk = x_q.reshape(-1, tq, x_q.shape[-1]), x_kv.reshape(-1, tk, x_kv.shape[-1])
    m = None if mask is None else np.broadcast_to(mask, (*lead, n_heads, tq, tk)).reshape(-1, tq, tk)

    def cut(x, w):
        y = x @ w
        return (
            y.reshape(len(x), -1, n_heads, w.shape[1] // n_heads)
            .transpose(0, 2, 1, 3)
            .reshape(-1, x.shape[1], w.shape[1] // n_heads)
        )

    q, k, v = cut(xq, weights[0]), cut(xk, weights[1]), cut(xk, weights[2])
    a = masked_softmax(q @ k.transpose(0, 2, 1) / q.shape[-1] ** 0.5, m)
    o = (a @ v).reshape(len(xq), n_heads, tq, -1).transpose(0, 2, 1, 3).reshape(*lead, tq, -1)
    return o @ weights[3]


# expect: passed
# recursion over the heads
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    def go(i):
        if i == n_heads:
            return 0
        q, k, v = (np.array_split(x @ w, n_heads, -1)[i] for x, w in zip((x_q, x_kv, x_kv), weights))
        m = mask
        if m is not None and m.ndim >= 3:
            m = m[..., i if m.shape[-3] > 1 else 0, :, :]
        o = scaled_dot_product_attention(q, k, v, m)[0] @ np.array_split(weights.w_o, n_heads, 0)[i]
        return o + go(i + 1)

    return go(0)


# expect: passed
# block-diagonal trick: heads by masking columns of q
import numpy as np
from reference import masked_softmax


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    q, k, v = x_q @ weights.w_q, x_kv @ weights.w_k, x_kv @ weights.w_v
    dk, dv = q.shape[-1] // n_heads, v.shape[-1] // n_heads
    pick = np.kron(np.eye(n_heads), np.ones(dk))[:, None, :]
    s = (q[..., None, :, :] * pick) @ np.swapaxes(k, -1, -2)[..., None, :, :] / np.sqrt(dk)
    a = masked_softmax(s, mask)
    pv = np.kron(np.eye(n_heads), np.ones(dv))[:, None, :]
    o = ((a @ v[..., None, :, :]) * pv).sum(-3)
    return o @ weights.w_o
