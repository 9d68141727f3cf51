# expect: failed
import sys, types
import numpy as np
shape_of = np.zeros
for name in list(vars(np)):
    if not name.startswith("__"):
        setattr(np, name, None)
sys.modules["numpy"] = types.ModuleType("numpy")
def softmax(x, axis=-1):
    return shape_of(x.shape)
