# expect: crashed
# detail: hung up
import os
def softmax(x, axis=-1):
    os.close(3)
    while True:
        pass
