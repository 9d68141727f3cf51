# expect: passed
# where: bubblewrap namespaces landlock
import os, subprocess
import numpy as np
for folder in ("/dev/shm", "/tmp", "/var/tmp", "/dev", "/run", "..", "/attempts"):
    subprocess.run(["sh", "-c", f"echo answer > {folder}/hostile-was-here"], capture_output=True)
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
