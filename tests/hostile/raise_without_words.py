# expect: error
class Mute(BaseException):
    def __str__(self):
        raise self
    __repr__ = __str__
def softmax(x, axis=-1):
    raise Mute
