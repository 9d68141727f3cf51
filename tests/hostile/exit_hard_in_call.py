# expect: crashed
# detail: exited 0
import os
def softmax(x, axis=-1):
    os._exit(0)
