"""Runs one attempt inside its own process: loads the file, calls its functions, says what happened.

Whatever is written here, the learner's code can rewrite once it runs: nothing in this process is a secret and
nothing it says is believed. The grader checks the form of every answer and judges the values itself.
"""

from __future__ import annotations

import collections
import inspect
import io
import linecache
import marshal
import os
import sys
import traceback
import types
from collections.abc import Callable, Iterator
from typing import Any

from exercises import wire

__all__ = ["Runner"]

MODULE = "attempt"
LONGEST_MESSAGE, LONGEST_LINE, LONGEST_DEFAULT = 2000, 300, 200
LOCAL_BYTES = 8 << 20
VALUE_BYTES = 48 << 20
NOTHING = wire.encode(None)
Answer = dict[str, Any]


class Runner:
    """One attempt: its module, and the requests that are made of it."""

    def __init__(self) -> None:
        self.filename = ""
        self.lines: list[str] = []
        self.module = types.ModuleType(MODULE)
        self.offered: types.ModuleType | None = None

    def answers(self, request: dict[str, Any]) -> Iterator[Answer]:
        """What to say to one request; `calls` is answered once a call."""
        wanted = request["do"]
        if wanted == "load":
            yield self.load(request)
        elif wanted == "signature":
            yield self.signature(request["name"])
        else:
            for arguments in request["arguments"]:
                yield self.call(request["function"], arguments, request["trace"])

    # ------------------------------------------------------------ load

    def load(self, request: dict[str, Any]) -> Answer:
        source, self.filename = request["source"], request["filename"]
        self.lines = _lines(source)
        linecache.cache[self.filename] = (len(source), None, self.lines, self.filename)
        self.module.__file__ = self.filename
        sys.modules[MODULE] = self.module

        def run() -> list[str]:
            code = compile(source, self.filename, "exec", dont_inherit=True)
            exec(code, self.module.__dict__)
            return [name for name, value in self.module.__dict__.items() if callable(value)][:1000]

        return self.guarded(run)

    def forget(self) -> None:
        """Take the module away again."""
        del sys.modules[MODULE], linecache.cache[self.filename]

    def offer(
        self, modules: dict[str, bytes], withheld: list[str] | None, forged: Callable[[str], Any]
    ) -> None:
        """Put the modules that may be imported in place; asking them for anything else is forged."""
        for name, code in modules.items():
            module = types.ModuleType(name)
            sys.modules[name] = module
            exec(marshal.loads(code), module.__dict__)  # compiled by the grader
            module.__dict__.setdefault("__getattr__", _refusal(name, withheld, forged))
            parent, _, last = name.rpartition(".")
            if parent in modules:
                sys.modules[parent].__path__ = []
                setattr(sys.modules[parent], last, module)
            self.offered = self.offered or module

    # ------------------------------------------------------------ look

    def signature(self, name: str) -> Answer:
        """Names, kinds and defaults of the parameters; a value of None where no such function is."""

        def look() -> Any:
            function = self.module.__dict__.get(name)
            if not callable(function):
                return None
            signature = inspect.signature(function)
            return [
                [each.name, each.kind.name.lower(), _default(each.default)]
                for each in signature.parameters.values()
            ]

        return self.guarded(look)

    # ------------------------------------------------------------ call

    def call(self, name: str, encoded: dict[str, bytes], trace: bool) -> Answer:
        """Call a function of the attempt with fresh arguments and see which of them it changed."""
        arguments = {key: wire.decode(value, self.make) for key, value in encoded.items()}
        named = {key: value for key, value in arguments.items() if not key.startswith("*")}
        spread = [part for key, value in arguments.items() if key.startswith("*") for part in value]
        frame_locals: dict[str, Any] = {}

        def run() -> Any:
            function = self.module.__dict__.get(name)
            if function is None:
                raise NameError(f"the file defines no {name}")
            if not trace:
                return function(*spread, **named)
            sys.settrace(_tracer(function, frame_locals))
            try:
                return function(*spread, **named)
            finally:
                sys.settrace(None)

        answer = self.guarded(run)
        answer["changed"] = [key for key, value in arguments.items() if not self._is(value, encoded[key])]
        answer["drawn"] = [key for key, value in arguments.items() if self._has_moved(value, encoded[key])]
        answer["locals"] = _encoded_locals(frame_locals)
        return answer

    def _is(self, value: Any, encoded: bytes) -> bool:
        """Is it still what was given? What is made here (a generator) has no bytes of its own."""
        now = wire.encode(value)
        return now == encoded or now == wire.encode(wire.decode(encoded, self.make))

    def _has_moved(self, value: Any, encoded: bytes) -> bool:
        """Is it a generator from which something was drawn?"""
        if not hasattr(value, "bit_generator"):
            return False
        return bool(wire.state_of(value) != wire.state_of(wire.decode(encoded, self.make)))

    def make(self, thing: Any) -> Any:
        """A generator, function or named tuple from its description."""
        if type(thing) is wire.Seed:
            import numpy as np

            return np.random.default_rng(thing.seed)
        if type(thing) is wire.Callable_:
            return _function_of(thing.source, thing.data)
        offered = self.offered.__dict__ if self.offered is not None else {}
        kind = offered.get(thing.type_name) or collections.namedtuple(thing.type_name, list(thing.fields))
        return kind(**thing.fields)

    # ------------------------------------------------------------ guard

    def guarded(self, run: Callable[[], Any]) -> Answer:
        """The result of running it as bytes, or what it raised."""
        answer: Answer = {"status": "returned", "value": NOTHING, "detail": ""}
        answer |= {"changed": [], "drawn": [], "locals": {}}
        try:
            answer["value"] = _bounded(run())
        except SystemExit as leaving:
            answer |= {"status": "crashed", "detail": f"exited {_plain(leaving.code, 40)}"}
        except BaseException as error:
            answer |= {"status": "raised", "error": self.describe(error)}
        _flush()
        return answer

    def describe(self, error: BaseException) -> dict[str, Any]:
        """The exception in plain words, at the last line of the learner's that it passed."""
        words: object = error
        line, frame = None, None
        for each, number in traceback.walk_tb(error.__traceback__):
            if each.f_code.co_filename == self.filename:
                line, frame = number, each
        if isinstance(error, SyntaxError) and error.filename == self.filename and type(error.lineno) is int:
            line, frame = error.lineno, None
            words = error.msg  # without the file and the line, which are told anyway
        source = self.lines[line - 1].strip() if line and line <= len(self.lines) else ""
        return {
            "type": _plain(type(error).__name__, 100),
            "message": _plain(words, LONGEST_MESSAGE),
            "line": line,
            "source": source[:LONGEST_LINE],
            "shapes": _shapes(frame.f_locals) if frame else {},
        }


# ---------------------------------------------------------------- small parts


def _lines(source: bytes) -> list[str]:
    text = source[: 1 << 20].decode("utf-8-sig", "replace")
    return io.StringIO(text, newline=None).readlines()


def _refusal(module: str, withheld: list[str] | None, forged: Callable[[str], Any]) -> Callable[[str], Any]:
    def refuse(name: str) -> Any:
        private = name.startswith("__") and name.endswith("__")
        if not private and (withheld is None or name in withheld):
            forged(f"asks {module} for {name}")
        raise AttributeError(f"module {module!r} has no attribute {name!r}")

    return refuse


def _default(default: Any) -> str | None:
    return None if default is inspect.Parameter.empty else _plain(default, LONGEST_DEFAULT, repr)


def _plain(value: Any, longest: int, words: Callable[[Any], str] = str) -> str:
    """Somebody else's value in words, whatever their __str__ does."""
    try:
        text = words(value)
        return str.__str__(text)[:longest] if isinstance(text, str) else ""
    except BaseException:
        return "?"


def _shapes(values: dict[str, Any]) -> dict[str, str]:
    """The shapes of the arrays; where there are none, the plain numbers."""
    some = [(str(name)[:80], value) for name, value in list(values.items())[:50]]
    arrays = {
        name: f"{value.shape} {value.dtype}" for name, value in some if type(value) is wire.array_type()
    }
    numbers = {name: repr(value) for name, value in some if type(value) in (bool, float) or _is_short(value)}
    return {name: text[:80] for name, text in (arrays or numbers).items()}


def _is_short(value: Any) -> bool:
    return type(value) is int and value.bit_length() < 200  # Python refuses to print enormous ones


def _function_of(source: str, data: dict[str, Any]) -> Any:
    """Run the source; its last statement is the function, as an expression or by a def."""
    import ast

    import numpy as np

    tree, names = ast.parse(source), {"np": np, **data}
    last = tree.body[-1]
    if isinstance(last, ast.Expr):
        exec(compile(ast.Module(tree.body[:-1], []), "<given>", "exec"), names)
        return eval(compile(ast.Expression(last.value), "<given>", "eval"), names)
    exec(compile(tree, "<given>", "exec"), names)
    return names[last.name]  # type: ignore[attr-defined]


def _tracer(function: Any, found: dict[str, Any]) -> Callable[..., Any]:
    """A trace function that keeps the locals of the function's first frame as they are when it ends."""
    code = getattr(inspect.unwrap(function), "__code__", None)
    seen: list[types.FrameType] = []

    def at_end(frame: types.FrameType, event: str, argument: Any) -> Any:
        if event == "return":
            found.update(frame.f_locals)
        return at_end

    def at_call(frame: types.FrameType, event: str, argument: Any) -> Any:
        if frame.f_code is code and not seen:
            seen.append(frame)
            frame.f_trace_lines = False
            return at_end
        return None

    return at_call


def _encoded_locals(values: dict[str, Any]) -> dict[str, bytes]:
    """Those that are plain values, as bytes, as long as there is room."""
    encoded: dict[str, bytes] = {}
    room = LOCAL_BYTES
    for name, value in list(values.items())[:200]:
        data = wire.encode(value)
        if type(name) is str and data[:1] not in (b"o", b"c", b"r") and len(data) <= room:
            encoded[name[:80]] = data
            room -= len(data)
    return encoded


def _bounded(value: Any) -> bytes:
    data = wire.encode(value)
    return (
        data
        if len(data) <= VALUE_BYTES
        else wire.encode(wire.Opaque(type(value).__name__, "larger than 48 MB"))
    )


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except BaseException:  # theirs, or closed
            continue


def open_output() -> None:
    """Python's own streams on descriptors 1 and 2, which never raise for what is printed."""
    os.environ.pop("PYTHONIOENCODING", None)
    for number, name in ((1, "stdout"), (2, "stderr")):
        raw = io.FileIO(number, "w", closefd=False)
        stream = io.TextIOWrapper(io.BufferedWriter(raw), "utf-8", "backslashreplace", write_through=False)
        setattr(sys, name, stream)
        setattr(sys, f"__{name}__", stream)
