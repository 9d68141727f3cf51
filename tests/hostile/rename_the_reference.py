# expect: forged
import os
os.rename(os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "reference"), "stolen")
