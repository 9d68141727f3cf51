# expect: passed
import subprocess
import numpy as np
subprocess.Popen(["sleep", "4242"])
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
