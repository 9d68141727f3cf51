# expect: failed mean-subtracted
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = x.var(-1, keepdims=True, ddof=1)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed
# the larger of the two
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(np.maximum(ms, eps))
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed rms-eps-hard-coded
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + 1e-6)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed rms-eps-hard-coded
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + 1e-5)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed
# the square of the mean
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x.mean(axis=-1, keepdims=True))
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: error rms-over-tokens
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=(-2, -1), keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed
# one is added to gamma
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * (1 + gamma)


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed
# gamma first
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    x = x * gamma
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed sum-not-mean-square rms-eps-outside-root
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1 / (np.linalg.norm(x, axis=-1, keepdims=True) + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return h @ w_down


# expect: failed other-gate
from math import erf

import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = a * (1 + np.vectorize(erf)(a / 2**0.5)) / 2 * b
    return h @ w_down


# expect: failed other-gate
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = np.tanh(a) * b
    return h @ w_down


# expect: failed silu-in-wrong-place
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = a * b
    return silu(h @ w_down)


# expect: failed silu-in-wrong-place
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = silu(a) * b
    return silu(h @ w_down)


# expect: failed
# silu of x itself
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / np.sqrt(ms + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = silu(x) @ w_gate
    b = x @ w_up
    h = a * b
    return h @ w_down


# expect: failed rms-eps-outside-root other-gate
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    ms = np.square(x).mean(axis=-1, keepdims=True)
    inv = 1.0 / (np.sqrt(ms) + eps)
    return x * inv * gamma


def swiglu(x, w_gate, w_up, w_down):
    a = x @ w_gate
    b = x @ w_up
    h = b / (1 + np.exp(-a))
    return h @ w_down
