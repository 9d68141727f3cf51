# expect: failed
import numpy as np
class Equal(np.ndarray):
    def __eq__(self, other):
        return np.True_
    def __array_function__(self, function, types, args, kwargs):
        return True
    def __array_ufunc__(self, *anything, **more):
        return np.zeros(())
def softmax(x, axis=-1):
    return x.view(Equal)
