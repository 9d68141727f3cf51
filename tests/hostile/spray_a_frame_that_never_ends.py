# expect: timeout
import os, struct, time
def softmax(x, axis=-1):
    os.write(3, struct.pack("<Q", 1 << 20))
    while True:
        os.write(3, b"l")
        time.sleep(0.01)
