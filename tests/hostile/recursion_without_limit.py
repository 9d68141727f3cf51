# expect: crashed error timeout
import sys
sys.setrecursionlimit(2**31 - 1)
class Deep:
    def __getattr__(self, name):
        return getattr(self, name + "x")
def softmax(x, axis=-1):
    return eval("[" * 5000 + "]" * 5000) or Deep().a
