# expect: forged
import reference
def softmax(x, axis=-1):
    return getattr(reference, "soft" + "max")(x, axis)
