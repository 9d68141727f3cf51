# expect: forged
import pathlib, sys
sys.modules.pop("reference")
sys.meta_path[:] = sys.meta_path[-1:]
sys.path.insert(0, str(pathlib.Path(__file__).parents[2]))
from reference import softmax
