# expect: error
import socket
def softmax(x, axis=-1):
    socket.create_connection(("192.0.2.1", 80), timeout=0.5)
    return x
