# expect: failed mean-subtracted
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return (x - x.mean(-1, keepdims=True)) / np.sqrt(x.var(-1, keepdims=True) + eps) * gamma


def swiglu(x, w_gate, w_up, w_down):
    return (silu(x @ w_gate) * (x @ w_up)) @ w_down


# expect: failed rms-eps-outside-root swiglu-gates-swapped
import numpy as np
from reference import silu


def rms_norm(x, gamma, eps=1e-6):
    return x / (np.sqrt((x**2).mean(-1, keepdims=True)) + eps) * gamma


def swiglu(x, w_gate, w_up, w_down):
    return ((x @ w_gate) * silu(x @ w_up)) @ w_down
