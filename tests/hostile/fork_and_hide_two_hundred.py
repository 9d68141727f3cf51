# expect: passed
import os, time
import numpy as np
if os.fork() == 0:
    for _ in range(7):
        try:
            os.fork()
        except OSError:
            pass
        os.setsid() if os.getpid() != os.getsid(0) else None
    time.sleep(1e6)
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
