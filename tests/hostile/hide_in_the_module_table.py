# expect: passed failed crashed
import sys
import numpy as np
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    sys.modules.clear()
    return e / e.sum(axis, keepdims=True)
