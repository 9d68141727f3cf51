# expect: failed
# where: bubblewrap namespaces landlock
import os, subprocess
import numpy as np
root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
command = f"cd {root}; cd ref*; cat atten*"
text = subprocess.run(["sh", "-c", command], capture_output=True, text=True).stdout
def softmax(x, axis=-1):
    if "exponentials" not in text:
        return x
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
