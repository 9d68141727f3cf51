# expect: passed
import sys
import numpy as np
print("\x1b[2J\x1b[1;1H\x1b]0;passed\x07\x00\ud800\U0001f600")
sys.stdout.flush()
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
