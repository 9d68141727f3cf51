# expect: failed
def softmax(x, axis=-1):
    return 0.25
