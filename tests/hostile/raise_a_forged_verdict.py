# expect: error
class passed(Exception):
    status, detail, value = "passed", "forged", 1
def softmax(x, axis=-1):
    raise passed({"status": "returned"})
