# expect: error
import urllib.request
def softmax(x, axis=-1):
    return urllib.request.urlopen("http://example.org/answers", timeout=0.5).read()
