# expect: crashed
# detail: SIGSEGV
import ctypes
def softmax(x, axis=-1):
    ctypes.string_at(0)
