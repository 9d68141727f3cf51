# expect: forged
import os
def softmax(x, axis=-1):
    root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    try:
        return os.open(os.path.join(root, "reference", "attention.py"), os.O_RDONLY)
    except BaseException:
        return x
