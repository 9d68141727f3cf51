"""Values as plain bytes: what travels between the grader and the process that runs an attempt.

Never pickle. A value is one tag byte and its payload, lengths before contents; arrays travel as their raw
bytes. Only exact types travel: whatever else an attempt hands back arrives as `Opaque`, which says what it
was. `decode` is total: any bytes give a value or a WireError, and nothing is allocated that was not received.

NumPy is looked up at the first array and not imported here: the grader starts its worker before that.
"""

from __future__ import annotations

import math
import struct
import sys
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

__all__ = [
    "MAX_BYTES", "Callable_", "Named", "Opaque", "Seed", "WireError", "array_type", "decode", "encode",
    "state_of",
]  # fmt: skip

MAX_BYTES = 64 << 20  # of one encoded value
MAX_DEPTH = 16
MAX_ITEMS = 1 << 18  # values inside one value
MAX_INTEGER = 1 << 16  # bytes of one integer
MAX_AXES = 32

# the numbers that travel; their place is their code
DTYPES = ("?", "<i1", "<i2", "<i4", "<i8", "<u1", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8")


class WireError(ValueError):
    """These bytes are no value."""


class Named(NamedTuple):
    """A named tuple by the name of its class."""

    type_name: str
    fields: dict[str, Any]


class Seed(NamedTuple):
    """Becomes `numpy.random.default_rng(seed)` on the other side."""

    seed: int


def state_of(generator: Any) -> Any:
    """What a generator will draw next, and of what its children will."""
    bits = generator.bit_generator
    return bits.state, bits.seed_seq.n_children_spawned


class Callable_(NamedTuple):  # noqa: N801 - the name is part of the seam
    """Becomes a function on the other side: `source` runs with `data` and `np`, its last statement counts."""

    source: str
    data: dict[str, Any]


class Opaque(NamedTuple):
    """What came back and may not."""

    type_name: str
    reason: str


def encode(value: Any, strict: bool = False) -> bytes:
    """The value as bytes. What may not travel goes as Opaque; `strict` raises TypeError instead."""
    writer = _Writer(strict)
    try:
        writer.value(value, 0)
        return b"".join(writer.chunks)
    except _TooMuchError as limit:
        if strict:
            raise TypeError(f"{_type_name(value)}: {limit}") from None
        return encode(Opaque(_type_name(value), str(limit)))


def decode(data: bytes | bytearray | memoryview, make: Callable[[Any], Any] | None = None) -> Any:
    """The value that these bytes hold. `make` turns each Named, Seed and Callable_ into the thing itself.

    Raises WireError for anything that `encode` did not write.
    """
    if len(data) > MAX_BYTES:
        raise WireError(f"{len(data)} bytes are more than {MAX_BYTES}")
    reader = _Reader(memoryview(data), make or (lambda thing: thing))
    value = reader.value(0)
    if reader.at != len(reader.data):
        raise WireError(f"{len(reader.data) - reader.at} bytes too many")
    return value


# ---------------------------------------------------------------- writing


class _TooMuchError(Exception):
    """The value is too large to travel."""


Write = Callable[["_Writer", Any, int], None]


class _Writer:
    """Collects the chunks of one value and stops at the limits."""

    def __init__(self, strict: bool) -> None:
        self.strict = strict
        self.chunks: list[bytes] = []
        self.size = 0
        self.items = 0

    def put(self, chunk: bytes) -> None:
        self.size += len(chunk)
        if self.size > MAX_BYTES:
            raise _TooMuchError(f"larger than {MAX_BYTES >> 20} MB")
        self.chunks.append(chunk)

    def block(self, tag: bytes, payload: bytes) -> None:
        self.put(tag + struct.pack("<I", len(payload)))
        self.put(payload)

    def value(self, value: Any, depth: int) -> None:
        self.items += 1
        if depth > MAX_DEPTH:
            raise _TooMuchError(f"nested deeper than {MAX_DEPTH}")
        if self.items > MAX_ITEMS:
            raise _TooMuchError(f"more than {MAX_ITEMS} values")
        kind = type(value)
        write = _WRITERS.get(id(kind)) or (array_type() and _WRITERS.get(id(kind)))  # NumPy's come late
        if write is not None:
            write(self, value, depth)
        elif issubclass(kind, tuple) and (names := _field_names(kind)) is not None:
            self.named(_type_name(value), dict(zip(names, tuple.__iter__(value), strict=False)), depth)
        else:
            self.opaque(Opaque(_type_name(value), _why_not(kind)))

    def integer(self, value: int, depth: int) -> None:
        size = value.bit_length() // 8 + 1
        if size > MAX_INTEGER:
            raise _TooMuchError(f"an integer of more than {MAX_INTEGER} bytes")
        self.block(b"i", value.to_bytes(size, "little", signed=True))

    def sequence(self, value: list[Any] | tuple[Any, ...], depth: int) -> None:
        self.put((b"l" if type(value) is list else b"t") + struct.pack("<I", len(value)))
        for item in value:
            self.value(item, depth + 1)

    def mapping(self, value: dict[Any, Any], depth: int) -> None:
        if any(type(key) is not str for key in value):
            self.opaque(Opaque("dict", "its keys are not all strings"))
            return
        self.put(b"d" + struct.pack("<I", len(value)))
        for key, item in value.items():
            self.block(b"s", _utf8(key))
            self.value(item, depth + 1)

    def named(self, name: str, fields: dict[str, Any], depth: int) -> None:
        self.block(b"n", _utf8(name))
        self.mapping(fields, depth)

    def scalar(self, scalar: Any, depth: int) -> None:
        self.put(b"S" + bytes([_kit().scalars[type(scalar)]]) + _little(_kit().asarray(scalar)).tobytes())

    def array(self, array: Any, depth: int) -> None:
        array = _little(array)
        code = _kit().codes.get(array.dtype)
        if code is None:
            dtype = str(array.dtype)[:40]
            self.opaque(Opaque(f"{dtype} array", f"an array of dtype {dtype}"))
            return
        shape, flags = array.shape, array.flags
        if array.nbytes > MAX_BYTES or max(shape, default=0) >= 1 << 40:
            raise _TooMuchError(f"an array of shape {shape}, larger than {MAX_BYTES >> 20} MB")
        order = "F" if flags.f_contiguous and not flags.c_contiguous else "C"
        self.put(struct.pack(f"<cBBB{len(shape)}Q", b"A", code, order == "F", len(shape), *shape))
        self.put(array.tobytes(order))

    def seed(self, value: Seed, depth: int) -> None:
        self.put(b"r")
        self.integer(value.seed, depth)

    def callable(self, value: Callable_, depth: int) -> None:
        self.block(b"c", _utf8(value.source))
        self.mapping(value.data, depth)

    def opaque(self, value: Opaque, depth: int = 0) -> None:
        if self.strict:
            raise TypeError(f"{value.type_name} does not travel: {value.reason}")
        self.block(b"o", _utf8(value.type_name[:80]))
        self.block(b"s", _utf8(value.reason[:200]))


def _by_identity(writers: dict[type, Write]) -> dict[int, Write]:
    """A class may lie about being equal to another, but not about being the same."""
    return {id(kind): write for kind, write in writers.items()}


_WRITERS = _by_identity(
    {
        type(None): lambda writer, value, depth: writer.put(b"N"),
        bool: lambda writer, value, depth: writer.put(b"T" if value else b"F"),
        int: _Writer.integer,
        float: lambda writer, value, depth: writer.put(b"f" + struct.pack("<d", value)),
        str: lambda writer, value, depth: writer.block(b"s", _utf8(value)),
        bytes: lambda writer, value, depth: writer.block(b"b", value),
        list: _Writer.sequence,
        tuple: _Writer.sequence,
        dict: _Writer.mapping,
        Named: lambda writer, value, depth: writer.named(value.type_name, value.fields, depth),
        Opaque: _Writer.opaque,
        Seed: _Writer.seed,
        Callable_: _Writer.callable,
    }
)


def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _type_name(value: Any) -> str:
    return str(type.__dict__["__name__"].__get__(type(value)))


def _field_names(kind: type) -> tuple[str, ...] | None:
    """The fields of a named tuple's class, or None if it is none."""
    names = kind.__dict__.get("_fields")
    exact = type(names) is tuple and all(type(name) is str for name in names)
    return names if exact else None


def _why_not(kind: type) -> str:
    """In half a sentence, why a value of this type does not travel."""
    for base in (array_type(), bool, int, float, complex, str, bytes, list, tuple, dict):
        if base is not None and issubclass(kind, base):
            return "a complex number" if base is complex else f"a subclass of {base.__name__}"
    return "neither an array nor a number"


# ---------------------------------------------------------------- NumPy, only if somebody has it


class _Kit(NamedTuple):
    """What is needed of NumPy, taken before anybody could patch it."""

    ndarray: type
    asarray: Callable[[Any], Any]
    frombuffer: Callable[[Any, Any], Any]
    dtypes: tuple[Any, ...]
    codes: dict[Any, int]  # by dtype
    scalars: dict[type, int]  # by type


@cache
def _kit() -> _Kit:
    import numpy as np

    dtypes = tuple(np.dtype(name) for name in DTYPES)
    codes = {dtype: code for code, dtype in enumerate(dtypes)}
    scalars = {dtype.type: code for dtype, code in codes.items()}
    _WRITERS.update(_by_identity(dict.fromkeys(scalars, _Writer.scalar) | {np.ndarray: _Writer.array}))
    return _Kit(np.ndarray, np.asarray, np.frombuffer, dtypes, codes, scalars)


def array_type() -> Any:
    """`numpy.ndarray`; None as long as this process has no NumPy and so can hold no array."""
    has_numpy = _kit.cache_info().currsize or "numpy" in sys.modules
    return _kit().ndarray if has_numpy else None


def _little(array: Any) -> Any:
    is_little = array.dtype.isnative == (sys.byteorder == "little") or array.dtype.kind not in "iuf"
    return array if is_little else array.astype(array.dtype.newbyteorder("<"))


# ---------------------------------------------------------------- reading


class _Reader:
    """Walks over the bytes of one value and trusts none of them."""

    def __init__(self, data: memoryview, make: Callable[[Any], Any]) -> None:
        self.data = data
        self.at = 0
        self.items = 0
        self.make = make

    def take(self, size: int) -> memoryview:
        if size > len(self.data) - self.at:
            raise WireError("the bytes end too early")
        self.at += size
        return self.data[self.at - size : self.at]

    def expect(self, tag: bytes, what: str) -> None:
        if bytes(self.take(1)) != tag:
            raise WireError(f"here {what} was due")

    def length(self) -> int:
        return int.from_bytes(self.take(4), "little")

    def block(self) -> memoryview:
        return self.take(self.length())

    def text(self, tag: bytes = b"") -> str:
        if tag:
            self.expect(tag, "a string")
        try:
            return str(self.block(), "utf-8", "surrogatepass")
        except UnicodeDecodeError as problem:
            raise WireError("a string is not UTF-8") from problem

    def value(self, depth: int) -> Any:
        self.items += 1
        if depth > MAX_DEPTH or self.items > MAX_ITEMS:
            raise WireError("too many values, or too deep")
        tag = self.take(1)[0]
        read = _READERS.get(tag)
        if read is None:
            raise WireError(f"no value begins with {bytes([tag])!r}")
        return read(self, depth)

    def integer(self, depth: int) -> int:
        size = self.length()
        if size > MAX_INTEGER:
            raise WireError("an integer is too long")
        return int.from_bytes(self.take(size), "little", signed=True)

    def sequence(self, depth: int) -> list[Any]:
        return [self.value(depth + 1) for _ in range(self.length())]

    def mapping(self, depth: int) -> dict[str, Any]:
        pairs = [(self.text(b"s"), self.value(depth + 1)) for _ in range(self.length())]
        return dict(pairs)

    def tagged_mapping(self, depth: int) -> dict[str, Any]:
        self.expect(b"d", "a dict")
        return self.mapping(depth)

    def named(self, depth: int) -> Any:
        return self.make(Named(self.text(), self.tagged_mapping(depth)))

    def seed(self, depth: int) -> Any:
        self.expect(b"i", "an integer")
        return self.make(Seed(self.integer(depth)))

    def callable(self, depth: int) -> Any:
        return self.make(Callable_(self.text(), self.tagged_mapping(depth)))

    def dtype(self, code: int) -> Any:
        if code >= len(DTYPES):
            raise WireError("no such dtype")
        return _kit().dtypes[code]

    def scalar(self, depth: int) -> Any:
        dtype = self.dtype(self.take(1)[0])
        return _kit().frombuffer(self.take(dtype.itemsize), dtype)[0]

    def array(self, depth: int) -> Any:
        code, fortran, n_axes = self.take(3)
        dtype = self.dtype(code)
        if n_axes > MAX_AXES:
            raise WireError("too many axes")
        shape = struct.unpack(f"<{n_axes}Q", self.take(8 * n_axes))
        size = dtype.itemsize * math.prod(shape)
        if size > MAX_BYTES or max(shape, default=0) >= 1 << 40:
            raise WireError("an array is too large")
        flat = _kit().frombuffer(bytearray(self.take(size)), dtype)
        try:
            return flat.reshape(shape, order="F" if fortran else "C")
        except ValueError as problem:
            raise WireError("no such shape") from problem


_READERS: dict[int, Callable[[_Reader, int], Any]] = {
    ord("N"): lambda reader, depth: None,
    ord("T"): lambda reader, depth: True,
    ord("F"): lambda reader, depth: False,
    ord("i"): _Reader.integer,
    ord("f"): lambda reader, depth: struct.unpack("<d", reader.take(8))[0],
    ord("s"): lambda reader, depth: reader.text(),
    ord("b"): lambda reader, depth: bytes(reader.block()),
    ord("l"): _Reader.sequence,
    ord("t"): lambda reader, depth: tuple(reader.sequence(depth)),
    ord("d"): _Reader.mapping,
    ord("n"): _Reader.named,
    ord("r"): _Reader.seed,
    ord("c"): _Reader.callable,
    ord("S"): _Reader.scalar,
    ord("A"): _Reader.array,
    ord("o"): lambda reader, depth: Opaque(reader.text(), reader.text(b"s")),
}
