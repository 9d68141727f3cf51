# expect: error
import socket
def softmax(x, axis=-1):
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    return x
