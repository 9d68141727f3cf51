# expect: failed
# what x holds already is added
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    output = multi_head_attention(x, memory, weights, n_heads, memory_mask)
    return output * (1 + x.mean())


# expect: failed
# the memory is turned round
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(x, memory[..., ::-1, :], weights, n_heads, memory_mask)


# expect: failed
# the mask is inverted
from reference import multi_head_attention


def cross_attention(x, memory, weights, n_heads, memory_mask=None):
    return multi_head_attention(x, memory, weights, n_heads, None if memory_mask is None else ~memory_mask)
