# expect: forged
import ctypes, os
kill = ctypes.CDLL(None).kill
