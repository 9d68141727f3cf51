# expect: error
# where: bubblewrap namespaces
import os
def softmax(x, axis=-1):
    os.setuid(0)
    return x
