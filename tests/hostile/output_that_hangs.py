# expect: timeout
import sys
class Stuck:
    def write(self, text):
        return len(text)
    def flush(self):
        while True:
            pass
sys.stdout = Stuck()
def softmax(x, axis=-1):
    return x
