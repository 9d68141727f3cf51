# expect: error
import os
import numpy as np
with open(os.path.join(os.path.dirname(np.__file__), "hostile_was_here.py"), "w") as file:
    file.write("x = 1\n")
