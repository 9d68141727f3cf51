# expect: forged
import os
root = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
os.symlink(os.path.join(root, "reference"), "harmless")
text = open("harmless/attention.py").read()
