# expect: timeout
import re
def softmax(x, axis=-1):
    return re.match(r"(a+)+$", "a" * 60 + "b")
