# expect: crashed
# detail: exited 0
import sys
sys.exit(0)
