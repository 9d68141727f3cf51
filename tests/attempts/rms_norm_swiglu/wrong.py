# expect: failed rms-eps-outside-root
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x / (np.linalg.norm(x, axis=-1, keepdims=True) / x.shape[-1] ** 0.5 + eps)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed sum-not-mean-square
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x / np.sqrt(np.einsum("...d,...d->...", x, x)[..., None] + eps)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed swiglu-gates-swapped
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x * (np.mean(x**2, -1, keepdims=True) + eps) ** -0.5


def swiglu(x, w_gate, w_up, w_down):
    g, u = x @ w_gate, x @ w_up
    return (g * u / (1 + np.exp(-u))) @ w_down


# expect: failed mean-subtracted silu-forgotten
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    x = x - x.mean(-1, keepdims=True)
    return gamma * x / np.sqrt(np.square(x).mean(-1, keepdims=True) + eps)


def swiglu(x, w_gate, w_up, w_down):
    return np.einsum("...i,if,...j,jf,fo->...o", x, w_gate, x, w_up, w_down)


# expect: failed other-gate
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x * (np.mean(x**2, -1, keepdims=True) + eps) ** -0.5


def swiglu(x, w_gate, w_up, w_down):
    return (0.5 * (1 + np.tanh(x @ w_gate / 2)) * (x @ w_up)) @ w_down


# expect: failed
# the mean of the absolute values
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x / (np.abs(x).mean(-1, keepdims=True) + eps)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed other-gate
# silu with a slope of 1.702, as in an approximation of gelu
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    return gamma * x * (np.mean(x**2, -1, keepdims=True) + eps) ** -0.5


def swiglu(x, w_gate, w_up, w_down):
    g = x @ w_gate
    return (g / (1 + np.exp(-1.702 * g)) * (x @ w_up)) @ w_down


# expect: failed eps-after-max-rescale
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    m = np.abs(x).max(-1, keepdims=True)
    m = np.where(m == 0, 1, m)
    y = x / m
    return gamma * y / np.sqrt((y * y).mean(-1, keepdims=True) + eps)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed eps-after-max-rescale
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    m = np.max(np.abs(x))
    y = x / m
    return gamma * y / np.sqrt((y * y).mean(-1, keepdims=True) + eps)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed eps-after-max-rescale
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    m = np.maximum(np.abs(x).max(-1, keepdims=True), 1)
    y = x / m
    return gamma * y / np.sqrt((y * y).mean(-1, keepdims=True) + eps)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed mean-subtracted rms-eps-outside-root
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return gamma * (x - x.mean(-1, keepdims=True)) / (x.std(-1, keepdims=True) + eps)


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed in-place-rms-norm rms-eps-outside-root
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    x /= np.sqrt(np.mean(x**2, -1, keepdims=True)) + eps
    return gamma * x


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed in-place-rms-norm mean-subtracted
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    x -= x.mean(-1, keepdims=True)
    x /= np.sqrt(np.mean(x**2, -1, keepdims=True) + eps)
    return gamma * x


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed in-place-rms-norm multiply-by-rms
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    x *= np.sqrt(np.mean(x**2, -1, keepdims=True) + eps)
    return gamma * x


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: error rms-over-tokens
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return gamma * (x / np.sqrt(np.mean(x**2, axis=1, keepdims=True) + eps))


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed
# a sigmoid that overflows
import numpy as np


def rms_norm(x, gamma, eps=1e-6):
    return gamma * (x / np.sqrt(np.mean(x**2, axis=-1, keepdims=True) + eps))


def swiglu(x, w_gate, w_up, w_down):
    g = x @ w_gate
    return (np.exp(g) / (1 + np.exp(g)) * g * (x @ w_up)) @ w_down
