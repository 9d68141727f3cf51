# expect: forged
import ctypes, os
result = ctypes.CDLL(None).ptrace(16, os.getppid(), 0, 0)
