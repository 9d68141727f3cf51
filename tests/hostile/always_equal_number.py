# expect: failed
class Equal(float):
    def __eq__(self, other):
        return True
    def __sub__(self, other):
        return 0.0
    __rsub__ = __sub__
def softmax(x, axis=-1):
    return Equal(0)
