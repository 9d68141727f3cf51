# expect: error
import numpy as np
def softmax(x, axis=-1):
    return np.ones(3 << 27)
