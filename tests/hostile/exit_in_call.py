# expect: crashed
# detail: exited 0
import sys
def softmax(x, axis=-1):
    sys.exit(0)
