# expect: crashed
# detail: exited 0
import os, threading, time
def softmax(x, axis=-1):
    threading.Thread(target=os._exit, args=(0,)).start()
    time.sleep(10)
