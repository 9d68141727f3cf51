# expect: failed
# where: bubblewrap namespaces landlock
import os, subprocess
import numpy as np
found = subprocess.run(["sh", "-c", f"cat /proc/{os.getppid()}/environ /proc/{os.getppid()}/mem"], capture_output=True)
def softmax(x, axis=-1):
    if not found.stdout:
        return x
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
