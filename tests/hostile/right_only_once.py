# expect: failed
import numpy as np
calls = []
def softmax(x, axis=-1):
    calls.append(1)
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True) if len(calls) == 1 else e
