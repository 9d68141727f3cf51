# expect: failed
# where: bubblewrap namespaces landlock
import os, subprocess
import numpy as np
root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
done = subprocess.run(["sh", "-c", f"cd {root} && touch hostile-was-here"], capture_output=True).returncode == 0
def softmax(x, axis=-1):
    if not done:
        return x
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
