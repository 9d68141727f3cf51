# expect: forged
import os
with open(os.path.join(os.path.dirname(os.path.dirname(__file__)), "conftest.py"), "a") as file:
    file.write("# passed\n")
