# expect: forged crashed failed
import os, struct
if os.fork() == 0:
    while True:
        data = os.read(3, 1 << 16)
        os.write(3, struct.pack("<Q", 5) + b"hello")
def softmax(x, axis=-1):
    return x
