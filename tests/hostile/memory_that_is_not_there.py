# expect: failed
import numpy as np
def softmax(x, axis=-1):
    return np.broadcast_to(np.float64(0), (1 << 20, 1 << 20))
