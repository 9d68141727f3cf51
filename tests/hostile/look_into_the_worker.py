# expect: forged
import os
memory = open(f"/proc/{os.getppid()}/mem", "rb")
