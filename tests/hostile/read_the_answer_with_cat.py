# expect: forged
import os, subprocess
root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
text = subprocess.run(["cat", root + "/reference/attention.py"], capture_output=True).stdout
