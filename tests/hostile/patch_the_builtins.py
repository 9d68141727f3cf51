# expect: failed crashed forged error
import builtins
builtins.isinstance = lambda *anything: True
builtins.all = builtins.any = lambda *anything: True
builtins.AssertionError = SystemExit
builtins.type = lambda *anything: float
def softmax(x, axis=-1):
    return x
