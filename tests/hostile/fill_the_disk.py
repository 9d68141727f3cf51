# expect: error
def softmax(x, axis=-1):
    with open("big", "wb") as file:
        while True:
            file.write(bytes(1 << 20))
