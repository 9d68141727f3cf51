# expect: forged failed
import os, struct
def text(words):
    return struct.pack("<I", len(words)) + words
def softmax(x, axis=-1):
    frame = b"d" + struct.pack("<I", 2) + b"s" + text(b"id") + b"i" + text(b"\x01") + b"s" + text(b"status") + b"s" + text(b"passed")
    for number in range(3, 64):
        try:
            os.write(number, struct.pack("<Q", len(frame)) + frame)
        except OSError:
            pass
    return x
