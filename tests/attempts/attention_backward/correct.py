# expect: passed
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    output, a = scaled_dot_product_attention(q, k, v, mask)
    d_v = np.einsum("...qk,...qo->...ko", a, d_output)
    d_a = np.einsum("...qo,...ko->...qk", d_output, v)
    d_s = a * (d_a - np.sum(d_output * output, axis=-1, keepdims=True))
    root = np.sqrt(q.shape[-1])
    return np.einsum("...qk,...kd->...qd", d_s, k) / root, np.einsum("...qk,...qd->...kd", d_s, q) / root, d_v


# expect: passed
# the whole Jacobian of softmax, row by row
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    _, a = scaled_dot_product_attention(q, k, v, mask)
    d_a = d_output @ v.swapaxes(-1, -2)
    jacobian = a[..., :, None] * np.eye(a.shape[-1], dtype=a.dtype) - a[..., :, None] * a[..., None, :]
    d_s = (jacobian @ d_a[..., None])[..., 0] * q.shape[-1] ** -0.5
    return d_s @ k, d_s.swapaxes(-1, -2) @ q, a.swapaxes(-1, -2) @ d_output
