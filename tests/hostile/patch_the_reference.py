# expect: failed
import sys, types
fake = types.ModuleType("reference")
fake.softmax = lambda x, axis=-1: x
sys.modules["reference"] = fake
from reference import softmax
