# expect: forged
import os
for number in range(3, 256):
    try:
        os.write(number, b'{"status": "passed"}\n' * 100)
    except OSError:
        pass
os._exit(0)
