# expect: failed error
import numpy as np
def softmax(x, axis=-1):
    return np.zeros(20 << 20)
