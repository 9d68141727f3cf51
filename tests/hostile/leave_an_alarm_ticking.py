# expect: passed crashed
import signal
import numpy as np
signal.setitimer(signal.ITIMER_REAL, 30)
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
