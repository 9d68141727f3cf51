# expect: forged
import os
def softmax(x, axis=-1):
    while True:
        os.write(3, bytes(1 << 16))
