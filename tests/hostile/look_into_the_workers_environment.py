# expect: forged
import os
text = open(f"/proc/{os.getppid()}/environ", "rb").read()
