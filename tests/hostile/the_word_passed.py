# expect: failed
def softmax(x, axis=-1):
    return {"status": "passed", "points": 1.0}
