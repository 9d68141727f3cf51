# expect: error
# mask transposed to fit
import numpy as np
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    m = None if memory_mask is None else np.swapaxes(memory_mask, -1, -2)
    return multi_head_attention(memory, x, weights, n_heads, m)


# expect: error causal-mask-in-cross
# a causal mask as wide as it is high
import numpy as np
from reference import multi_head_attention, causal_mask, combine_masks


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    m = combine_masks(memory_mask, causal_mask(x.shape[-2]))
    return multi_head_attention(x, memory, weights, n_heads, m)


# expect: failed memory-mask-inverted
# mask inverted
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(
        x, memory, weights, n_heads, memory_mask if memory_mask is None else ~memory_mask
    )


# expect: failed
# the mask is taken for (batch, keys)
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    if memory_mask is not None:
        memory_mask = memory_mask[:, None, None, :]
    return multi_head_attention(x, memory, weights, n_heads, memory_mask)


# expect: failed
# memory and x side by side
import numpy as np
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    if x.shape[-1] == memory.shape[-1]:
        both = np.concatenate([memory, x], -2)
        return multi_head_attention(x, both, weights, n_heads)
    return multi_head_attention(x, memory, weights, n_heads, memory_mask)


# expect: failed
# one key only: the last state (seq2seq without attention)
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(x, memory[..., -1:, :], weights, n_heads)


# expect: failed causal-mask-in-cross memory-mask-inverted
from reference import multi_head_attention, causal_mask, combine_masks


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    m = None if memory_mask is None else ~memory_mask
    return multi_head_attention(
        x, memory, weights, n_heads, combine_masks(m, causal_mask(x.shape[-2], memory.shape[-2]))
    )
