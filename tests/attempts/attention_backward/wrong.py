# expect: failed softmax-backward-diagonal
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v, mask)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = d_a * (a - a**2) / np.sqrt(q.shape[-1])
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed average-not-subtracted
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v, mask)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = np.multiply(a, d_a) * q.shape[-1] ** -0.5
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed backward-scale-missing
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v, mask)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = a * d_a - a * (a * d_a).sum(-1)[..., None]
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed mask-forgotten-backward
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = a * (d_a - np.sum(a * d_a, -1, keepdims=True)) * q.shape[-1] ** -0.5
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed softmax-skipped-backward
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v, mask)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = d_a / np.sqrt(q.shape[-1])
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed plain-average-subtracted
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v, mask)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = a * (d_a - d_a.mean(-1, keepdims=True)) * q.shape[-1] ** -0.5
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed average-not-subtracted mask-forgotten-backward
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = a * d_a / q.shape[-1] ** 0.5
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed
# the sign of d_v
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v, mask)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = a * (d_a - np.sum(a * d_a, -1, keepdims=True)) * q.shape[-1] ** -0.5
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), -np.einsum("...qk,...qv->...kv", a, d_output)


# expect: failed
# the gradient of softmax at the mean weight
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    a = scaled_dot_product_attention(q, k, v, mask)[1]
    d_a = np.einsum("...qv,...kv->...qk", d_output, v)
    d_s = a.mean(-1, keepdims=True) * (d_a - np.sum(a * d_a, -1, keepdims=True)) * q.shape[-1] ** -0.5
    return d_s @ k, np.einsum("...qk,...qd->...kd", d_s, q), np.einsum("...qk,...qv->...kv", a, d_output)


# expect: error key-gradient-wrong-order
import math
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    T = lambda a: np.swapaxes(a, -1, -2)
    _, A = scaled_dot_product_attention(q, k, v, mask)
    dA = d_output @ T(v)
    dS = A * (dA - (A * dA).sum(-1, keepdims=True)) / math.sqrt(q.shape[-1])
    return np.matmul(dS, k), np.matmul(q, dS), np.matmul(T(A), d_output)


# expect: error key-gradient-wrong-order
import math
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    T = lambda a: np.swapaxes(a, -1, -2)
    _, A = scaled_dot_product_attention(q, k, v, mask)
    dA = d_output @ T(v)
    dS = A * (dA - (A * dA).sum(-1, keepdims=True)) / math.sqrt(q.shape[-1])
    return np.matmul(dS, k), np.matmul(T(q), T(dS)), np.matmul(T(A), d_output)


# expect: failed key-gradient-wrong-order
# made to fit
import math
import numpy as np
from reference import scaled_dot_product_attention


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    T = lambda a: np.swapaxes(a, -1, -2)
    _, A = scaled_dot_product_attention(q, k, v, mask)
    dA = d_output @ T(v)
    dS = A * (dA - (A * dA).sum(-1, keepdims=True)) / math.sqrt(q.shape[-1])
    return np.matmul(dS, k), (T(q) @ dS).reshape(k.shape), np.matmul(T(A), d_output)


# expect: failed
# an unstable softmax of one's own
import math
import numpy as np


def scaled_dot_product_attention_backward(d_output, q, k, v, mask=None):
    T = lambda a: np.swapaxes(a, -1, -2)
    S = q @ T(k) / math.sqrt(q.shape[-1])
    A = np.exp(S)
    if mask is not None:
        A = A * mask
    z = A.sum(-1, keepdims=True)
    A /= np.where(z == 0, 1, z)
    dA = d_output @ T(v)
    dS = A * (dA - (A * dA).sum(-1, keepdims=True)) / math.sqrt(q.shape[-1])
    return dS @ k, T(dS) @ q, T(A) @ d_output
