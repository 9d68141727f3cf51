# expect: forged error
import os
root = os.open(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), os.O_RDONLY)
text = os.read(os.open("reference/attention.py", os.O_RDONLY, dir_fd=root), 1 << 20)
