# expect: failed passed
import threading, time
import numpy as np
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    threading.Thread(target=lambda: x.fill(7)).start()
    return e / e.sum(axis, keepdims=True)
