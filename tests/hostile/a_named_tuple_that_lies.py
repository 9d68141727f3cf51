# expect: failed error
class Liar(tuple):
    _fields = ("status",) * 1000
    def __iter__(self):
        while True:
            yield "passed"
def softmax(x, axis=-1):
    return Liar((1, 2))
