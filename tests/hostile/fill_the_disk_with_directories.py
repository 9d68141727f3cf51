# expect: passed
import os, subprocess
import numpy as np
os.mkdir("d")
subprocess.run(["/usr/bin/env", "perl", "-e", "for (1..400) { mkdir 'd'; chdir 'd' }"])
os.mkdir("locked")
os.chmod("locked", 0)
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
