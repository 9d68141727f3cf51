# expect: forged
import os
os.remove(os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "reference", "attention.py"))
