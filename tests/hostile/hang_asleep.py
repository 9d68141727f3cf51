# expect: timeout
import time
def softmax(x, axis=-1):
    time.sleep(1e6)
