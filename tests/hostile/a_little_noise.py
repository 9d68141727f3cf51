# expect: failed
import numpy as np
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True) + np.random.normal(0, 1e-4, x.shape)
