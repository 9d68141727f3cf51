# expect: timeout
import threading
def softmax(x, axis=-1):
    lock = threading.Lock()
    lock.acquire()
    lock.acquire()
