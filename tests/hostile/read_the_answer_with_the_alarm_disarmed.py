# expect: error forged
# where: bubblewrap namespaces landlock
import gc, os
for kind in object.__subclasses__():
    if kind.__name__ == "Watch":
        for name in ("opens", "keep_out", "keep_in", "__call__"):
            setattr(kind, name, lambda *anything: None)
for thing in gc.get_objects():
    if isinstance(thing, dict) and "ctypes.dlsym" in thing:
        thing.clear()
root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
text = open(root + "/reference/attention.py").read()
import numpy as np
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
