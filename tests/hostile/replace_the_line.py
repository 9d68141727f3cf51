# expect: crashed timeout forged
import os
def softmax(x, axis=-1):
    os.dup2(os.open(os.devnull, os.O_RDWR), 3)
    return x
