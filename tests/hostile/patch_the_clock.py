# expect: timeout
import time
time.monotonic = time.time = time.perf_counter = lambda: 0.0
def softmax(x, axis=-1):
    while time.monotonic() < 1:
        pass
