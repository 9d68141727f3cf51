# expect: failed
import numpy as np
class Meta(type):
    def __instancecheck__(cls, other):
        return True
    def __eq__(cls, other):
        return True
    def __hash__(cls):
        return hash(np.ndarray)
    __name__ = "ndarray"
class Liar(metaclass=Meta):
    __class__ = np.ndarray
    shape, dtype, nbytes, ndim = (3, 4), np.dtype("f8"), 96, 2
def softmax(x, axis=-1):
    return Liar()
