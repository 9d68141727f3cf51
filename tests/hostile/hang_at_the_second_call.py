# expect: timeout
import numpy as np
calls = []
def softmax(x, axis=-1):
    calls.append(1)
    while len(calls) == 2:
        pass
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
