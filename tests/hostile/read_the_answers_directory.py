# expect: forged
import os
names = os.listdir(os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "reference"))
