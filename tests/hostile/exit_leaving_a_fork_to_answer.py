# expect: crashed
# detail: exited 0
import os
if os.fork():
    os._exit(0)
def softmax(x, axis=-1):
    return x
