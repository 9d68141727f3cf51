# expect: crashed
# detail: exited 0
import os
os._exit(0)
