# expect: forged
import os
for number in range(20):
    try:
        os.write(os.open(f"/proc/{os.getppid()}/fd/{number}", os.O_RDWR), b"S" * 16)
    except OSError:
        pass
