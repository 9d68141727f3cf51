# expect: passed
# a module that keeps its attention; masks of any rank
import numpy as np
from reference import masked_softmax


class MultiHeadAttention:
    def __init__(self, w_q, w_k, w_v, w_o, n_heads):
        self.w, self.w_o, self.n = (w_q, w_k, w_v), w_o, n_heads
        self.attention = None

    def transpose_for_scores(self, x):
        return x.reshape(*x.shape[:-1], self.n, -1).swapaxes(-2, -3)

    def forward(self, query, key, value, mask):
        q, k, v = (self.transpose_for_scores(x @ w) for x, w in zip((query, key, value), self.w))
        self.attention = masked_softmax((q * q.shape[-1] ** -0.5) @ np.swapaxes(k, -2, -1), mask)
        context = (self.attention @ v).swapaxes(-2, -3)
        return context.reshape(context.shape[:-2] + (-1,)) @ self.w_o


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    return MultiHeadAttention(*weights, n_heads=n_heads).forward(x_q, x_kv, x_kv, mask)


# expect: passed
# the output is a sum over heads; recursion over batch axes
import numpy as np
from reference import *


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    if x_q.ndim > 2:
        shape = (*x_q.shape[:-2], n_heads, x_q.shape[-2], x_kv.shape[-2])
        masks = [None] * len(x_q) if mask is None else np.broadcast_to(mask, shape)
        return np.stack([multi_head_attention(*each, weights, n_heads, m) for *each, m in zip(x_q, x_kv, masks)])
    masks = [None] * n_heads if mask is None else np.broadcast_to(mask, (n_heads, len(x_q), len(x_kv)))
    slices = zip(*(np.split(w, n_heads, axis=1) for w in weights[:3]), np.split(weights.w_o, n_heads), masks)
    return sum(scaled_dot_product_attention(x_q @ a, x_kv @ b, x_kv @ c, m)[0] @ o for a, b, c, o, m in slices)


# expect: passed
# each head through its own rows of w_o, added up
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    w_q, w_k, w_v, w_o = weights
    q = np.stack(np.split(x_q @ w_q, n_heads, -1), -3)
    k = np.stack(np.split(x_kv @ w_k, n_heads, -1), -3)
    v = np.stack(np.split(x_kv @ w_v, n_heads, -1), -3)
    o, _ = scaled_dot_product_attention(q, k, v, mask)
    parts = np.split(w_o, n_heads, axis=0)
    return sum(o[..., i, :, :] @ parts[i] for i in range(n_heads))


# expect: passed
# the weights are split, not the projections
from reference import merge_heads, scaled_dot_product_attention, split_heads


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    wq = split_heads(weights.w_q, n_heads)
    wk = split_heads(weights.w_k, n_heads)
    wv = split_heads(weights.w_v, n_heads)
    q = x_q[..., None, :, :] @ wq
    k = x_kv[..., None, :, :] @ wk
    v = x_kv[..., None, :, :] @ wv
    attended = scaled_dot_product_attention(q, k, v, mask=mask).__getitem__(0) if True else None
    return merge_heads(attended) @ weights.w_o


# expect: passed
# sequence by sequence, head by head
import numpy as np
from reference import scaled_dot_product_attention


def multi_head_attention(x_q, x_kv, weights, n_heads, mask=None):
    if x_q.ndim > 2:
        full = (
            None
            if mask is None
            else np.broadcast_to(mask, x_q.shape[:-2] + (n_heads, x_q.shape[-2], x_kv.shape[-2]))
        )
        return np.stack(
            [
                multi_head_attention(x_q[i], x_kv[i], weights, n_heads, None if full is None else full[i])
                for i in range(x_q.shape[0])
            ]
        )
    w_q, w_k, w_v, w_o = weights
    hs = [
        scaled_dot_product_attention(
            a, b, c, mask if mask is None or mask.ndim < 3 else mask[i % mask.shape[0]]
        )[0]
        for i, (a, b, c) in enumerate(
            zip(
                np.split(x_q @ w_q, n_heads, 1),
                np.split(x_kv @ w_k, n_heads, 1),
                np.split(x_kv @ w_v, n_heads, 1),
            )
        )
    ]
    return np.concatenate(hs, 1) @ w_o
