# expect: timeout
import os, time
def softmax(x, axis=-1):
    child = os.fork()
    if child == 0:
        os.setsid()
        time.sleep(1e6)
    os.waitpid(child, 0)
