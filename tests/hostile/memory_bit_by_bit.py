# expect: error crashed
hoard = []
def softmax(x, axis=-1):
    while True:
        hoard.append(bytearray(1 << 24))
