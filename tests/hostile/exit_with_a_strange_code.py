# expect: crashed
class Code:
    def __repr__(self):
        raise KeyboardInterrupt
    __str__ = __repr__
raise SystemExit(Code())
