# expect: crashed forged
import os
os.closerange(0, 256)
def softmax(x, axis=-1):
    return x
