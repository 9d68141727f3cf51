# expect: failed
import numpy as np
class Equal:
    def __eq__(self, other):
        return True
def softmax(x, axis=-1):
    return np.full(x.shape, Equal(), dtype=object)
