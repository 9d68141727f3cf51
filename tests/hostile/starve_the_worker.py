# expect: passed
import os, subprocess
import numpy as np
worker = str(os.getppid())
for command in (
    ["prlimit", "--pid", worker, "--as=50000000"],
    ["prlimit", "--pid", worker, "--nofile=4"],
    ["prlimit", "--pid", worker, "--cpu=1"],
    ["renice", "-n", "19", "-p", worker],
    ["chrt", "--idle", "--pid", "0", worker],
):
    try:
        subprocess.run(command, capture_output=True)
    except OSError:
        pass
def softmax(x, axis=-1):
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)
