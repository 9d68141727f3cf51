# expect: passed
import os, sys
import numpy as np
sys.stdout.close()
sys.stderr = sys.__stderr__ = None
os.close(1)
os.close(2)
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
