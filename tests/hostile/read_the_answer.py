# expect: forged
import pathlib
source = (pathlib.Path(__file__).parents[2] / "reference" / "attention.py").read_text()
exec(source)
