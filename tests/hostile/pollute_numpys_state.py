# expect: passed
import numpy as np
np.seterr(all="raise")
np.random.seed(0)
np.set_printoptions(precision=1)
import warnings
warnings.simplefilter("error")
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
