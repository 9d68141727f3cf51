# expect: forged
import os, struct
def softmax(x, axis=-1):
    os.write(3, struct.pack("<Q", 1 << 62))
    while True:
        os.write(3, bytes(1 << 16))
