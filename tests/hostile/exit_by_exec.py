# expect: crashed
# detail: exited 0
import os
def softmax(x, axis=-1):
    os.execv("/bin/sh", ["sh", "-c", "echo passed; exit 0"])
