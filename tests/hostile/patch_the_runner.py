# expect: failed crashed forged
import sys
frame = sys._getframe()
while frame is not None:
    for name in list(frame.f_globals):
        if name in ("wire", "traceback", "inspect", "marshal"):
            frame.f_globals[name] = None
    frame = frame.f_back
def softmax(x, axis=-1):
    return x
