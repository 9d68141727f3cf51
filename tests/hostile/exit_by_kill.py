# expect: crashed
# detail: SIGKILL
import os, signal
def softmax(x, axis=-1):
    os.kill(os.getpid(), signal.SIGKILL)
