# expect: failed
class Equal:
    __array_priority__ = 1e9
    def __eq__(self, other):
        return True
    def __array__(self, *anything, **more):
        raise SystemExit(0)
    def __getattr__(self, name):
        return lambda *anything, **more: True
def softmax(x, axis=-1):
    return Equal()
