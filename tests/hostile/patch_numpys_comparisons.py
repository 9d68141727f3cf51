# expect: failed
import numpy as np
import numpy.testing
for module in (np, np.testing):
    for name in ("allclose", "isclose", "array_equal", "assert_allclose", "assert_array_equal", "array_equiv"):
        if hasattr(module, name):
            setattr(module, name, lambda *anything, **more: True)
def softmax(x, axis=-1):
    return x
