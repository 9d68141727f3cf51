# expect: passed
import numpy as np
from reference import masked_softmax


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    wq, wk, wv = (np.moveaxis(w.reshape(len(w), n_heads, -1), 1, 0) for w in weights[:3])
    q = np.einsum("...ta,hab->...htb", x, wq)
    k = np.einsum("...sa,hab->...hsb", memory, wk)
    v = np.einsum("...sa,hab->...hsb", memory, wv)
    p = masked_softmax(np.einsum("...hta,...hsa->...hts", q, k) / np.sqrt(q.shape[-1]), memory_mask)
    wo = weights.w_o.reshape(n_heads, -1, weights.w_o.shape[-1])
    return np.einsum("...hts,...hsb,hbo->...to", p, v, wo)


# expect: passed
import reference


class CrossAttention:
    def __init__(self, weights, n_heads):
        self.args = weights, n_heads

    def __call__(self, decoder_states, encoder_output, src_mask=None):
        return reference.multi_head_attention(decoder_states, encoder_output, *self.args, mask=src_mask)


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return CrossAttention(weights, n_heads)(x, memory, memory_mask)


# expect: passed
import numpy as np
from reference import scaled_dot_product_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    total = np.zeros((*x.shape[:-1], weights.w_o.shape[1]))
    hq, hv = weights.w_q.shape[1] // n_heads, weights.w_v.shape[1] // n_heads
    full = (
        None
        if memory_mask is None
        else np.broadcast_to(memory_mask, (*x.shape[:-2], n_heads, x.shape[-2], memory.shape[-2]))
    )
    for i in range(n_heads):
        a, b = slice(i * hq, (i + 1) * hq), slice(i * hv, (i + 1) * hv)
        o = scaled_dot_product_attention(
            x @ weights.w_q[:, a],
            memory @ weights.w_k[:, a],
            memory @ weights.w_v[:, b],
            None if full is None else full[..., i, :, :],
        )[0]
        total += o @ weights.w_o[b, :]
    return total


# expect: passed
import numpy as np
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    if x.ndim == 2:
        return multi_head_attention(x, memory, weights, n_heads, memory_mask)
    shape = x.shape[:-2] + (n_heads, x.shape[-2], memory.shape[-2])
    m = [None] * len(x) if memory_mask is None else np.broadcast_to(memory_mask, shape)
    return np.array([cross_attention(a, b, weights, n_heads, c) for a, b, c in zip(x, memory, m)])


# expect: passed
# memory sorted backwards with its mask: order does not matter
import numpy as np
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    flipped = None if memory_mask is None else memory_mask[..., ::-1]
    return multi_head_attention(x, memory[..., ::-1, :], weights, n_heads, flipped)


# expect: passed
import numpy as np
from reference import multi_head_attention, combine_masks


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    allowed = combine_masks(memory_mask, np.ones((x.shape[-2], memory.shape[-2]), dtype=bool))
    return multi_head_attention(x, memory, weights, n_heads, allowed)
