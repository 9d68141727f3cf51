# expect: forged
import ctypes, os
root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
text = ctypes.CDLL(None).open(f"{root}/reference/attention.py".encode(), 0)
