# expect: passed
import threading, time
import numpy as np
threading.Thread(target=time.sleep, args=(1e6,), daemon=False).start()
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
