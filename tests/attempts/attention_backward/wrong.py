# expect: failed softmax-backward-diagonal
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, a = scaled_dot_product_attention(q, k, v, mask)
    d_s = (d_output @ v.swapaxes(-1, -2)) * a * (1 - a) / np.sqrt(q.shape[-1])
    return d_s @ k, d_s.swapaxes(-1, -2) @ q, a.swapaxes(-1, -2) @ d_output


# expect: failed backward-scale-missing
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, a = scaled_dot_product_attention(q, k, v, mask)
    d_a = d_output @ v.swapaxes(-1, -2)
    d_s = a * (d_a - (a * d_a).sum(-1)[..., None])
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), a.swapaxes(-1, -2) @ d_output
