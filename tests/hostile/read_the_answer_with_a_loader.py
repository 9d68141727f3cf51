# expect: forged
import importlib.machinery, os
path = os.path.join(os.path.dirname(os.path.dirname(os.path.dirname(__file__))), "reference", "attention.py")
module = importlib.machinery.SourceFileLoader("harmless", path).load_module()
