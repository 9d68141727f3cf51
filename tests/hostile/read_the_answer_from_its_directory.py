# expect: forged
import os
os.chdir(os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "reference"))
text = open("attention.py").read()
