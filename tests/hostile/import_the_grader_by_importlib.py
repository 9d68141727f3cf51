# expect: forged
import importlib
def softmax(x, axis=-1):
    return importlib.import_module("exer" + "cises.wire")
