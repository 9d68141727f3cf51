# expect: timeout
class Meta(type):
    def __getattribute__(cls, name):
        while True:
            pass
class Thing(tuple, metaclass=Meta):
    pass
def softmax(x, axis=-1):
    return Thing()
