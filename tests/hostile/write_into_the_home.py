# expect: passed
import os
import numpy as np
with open(os.path.expanduser("~/notes.txt"), "w") as file:
    file.write("mine")
assert open("notes.txt").read() == "mine"
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
