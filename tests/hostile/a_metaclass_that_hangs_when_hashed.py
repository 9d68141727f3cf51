# expect: failed
class Meta(type):
    def __hash__(cls):
        while True:
            pass
class Thing(metaclass=Meta):
    pass
def softmax(x, axis=-1):
    return Thing()
