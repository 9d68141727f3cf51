# expect: error
def softmax(x, axis=-1):
    raise ValueError("\x1b[2J\x1b]0;passed\x07\ud800" + "passed " * 1_000_000)
