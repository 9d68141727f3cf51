"""The judge: do two results agree? All tolerances of the grader are argued here, and nowhere else.

First type, length, shape and kind of number, then the values.

Values. Two correct programs differ by rounding: they sum in another order, scale before instead of after,
or subtract another maximum. In float64 each step costs about 1e-16 of the numbers it handles, and none of
our functions has more than some hundred steps, so 1e-9 relative to the number itself is generous to
rounding and merciless to mistakes (the subtlest known ones, an eps outside the root or single-precision
angles, change 1e-7 and more). Where terms cancel, what is left is small and its error is that of the terms:
1e-11 of the largest number around, expected or given, is allowed absolutely.

In float32 a step costs 6e-8 of the numbers it handles, and a sum of n products of numbers of size m an
error of up to n m^2 times that before it meets an exponential. So the tolerance grows with the data: 6e-8
(64 + n m^2), where n is the longest axis and m the largest number given. Large numbers and float32 are
never asked together.

NaN agrees with NaN only, an infinity with itself only. Integers and booleans agree exactly.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np

from exercises.portable import arrays_in
from exercises.wire import Named, Opaque

__all__ = ["Difference", "Tolerance", "are_close", "compare", "places_of", "tolerance_for"]

RELATIVE = 1e-9
ABSOLUTE = 1e-11  # of the largest number around
SINGLE = 6e-8
PLAIN = (bool, int, float)  # have a type, but no dtype


class Tolerance(NamedTuple):
    """How far a float may be off: relative to itself, and to the largest number around."""

    relative: float = RELATIVE
    absolute: float = ABSOLUTE
    largest: float = 0.0  # the largest finite number given
    single: bool = False


STRICT = Tolerance()


class Difference(NamedTuple):
    """Where two results part first: what kind of difference, in which part, and the two things there."""

    kind: str  # the reason's key without "reason."
    part: str  # "" for the whole result, "result[1]" or "result[1].k" for a part
    expected: Any
    got: Any
    wrong: Any = None  # for values: a boolean array, True where they differ (or hold no number)
    why: str = ""


def tolerance_for(arguments: Mapping[str, Any]) -> Tolerance:
    """The tolerance for the result of a call with these arguments."""
    arrays = [
        array for array in arrays_in(list(arguments.values())) if array.size and array.dtype.kind in "fiu"
    ]
    floats = [array for array in arrays if array.dtype.kind == "f"]
    largest = max((_largest(array) for array in floats), default=0.0)
    if all(array.dtype.itemsize >= 8 for array in floats):
        return Tolerance(largest=largest)
    longest = max(max(array.shape, default=1) for array in floats)
    allowed = SINGLE * (64 + longest * largest**2)
    return Tolerance(allowed, allowed, largest, single=True)


def compare(expected: Any, got: Any, tolerance: Tolerance = STRICT, part: str = "") -> Difference | None:
    """None where they agree, or the first difference."""
    if isinstance(expected, np.ndarray) and expected.dtype.hasobject:
        # a known mistake's result: the attempt's has lost all but its kind on the way here
        kind = f"{got.dtype} array" if isinstance(got, np.ndarray) else _type_name(got)
        same = kind == f"{expected.dtype} array"
        return None if same else Difference("wrong-dtype", part, str(expected.dtype), _type_name(got))
    if isinstance(got, Opaque) and isinstance(expected, np.ndarray) and got.type_name.endswith(" array"):
        return Difference("wrong-dtype", part, str(expected.dtype), got.type_name.removesuffix(" array"))
    if isinstance(got, Opaque):
        return Difference("wrong-type", part, _type_name(expected), got.type_name, why=got.reason)
    if isinstance(expected, np.ndarray):
        return _compare_arrays(expected, got, tolerance, part)
    if isinstance(expected, Mapping):
        return _compare_mappings(expected, got, tolerance, part)
    if isinstance(expected, Named | tuple | list):
        return _compare_sequences(expected, got, tolerance, part)
    if isinstance(expected, bool | int | float | np.generic):
        return _compare_scalars(expected, got, tolerance, part)
    if type(got) is not type(expected):
        return _wrong_type(expected, got, part)
    return None if got == expected else Difference("wrong-values", part, expected, got)


def _compare_sequences(expected: Any, got: Any, tolerance: Tolerance, part: str) -> Difference | None:
    """A tuple may come as a named tuple or the other way round; a list of tokens as a tuple or an array."""
    parts = _parts(got)
    if type(expected) is list:
        if isinstance(got, np.ndarray) and got.ndim == 1:
            parts = list(got)
    elif type(got) is list:
        parts = None
    if parts is None:
        return _wrong_type(expected, got, part)
    wanted = _parts(expected) or ()
    if len(parts) != len(wanted):
        return Difference("wrong-length", part, len(wanted), len(parts))
    for place, one, other in zip(places_of(expected), wanted, parts, strict=True):
        difference = compare(one, other, tolerance, f"{part or 'result'}{place}")
        if difference is not None:
            return difference
    return None


def _parts(value: Any) -> list[Any] | None:
    if isinstance(value, Named):
        return list(value.fields.values())
    return list(value) if isinstance(value, tuple | list) else None


def places_of(value: Any) -> list[str]:
    """How each part is reached: .k in a named tuple, [0] in others."""
    names = value.fields if isinstance(value, Named) else getattr(value, "_fields", None)
    return [f"[{i}]" for i in range(len(value))] if names is None else [f".{name}" for name in names]


def _compare_mappings(
    expected: Mapping[str, Any], got: Any, tolerance: Tolerance, part: str
) -> Difference | None:
    """What a view makes of a result: law by law, if it has the right form."""
    if not isinstance(got, Mapping):
        form = getattr(expected, "form", None)
        wrong_form = None if form is None else compare(form, got, tolerance, part)
        return wrong_form or _wrong_type(expected, got, part)
    for name, value in expected.items():
        if name not in got:
            return Difference("wrong-values", name, value, None)
        difference = compare(value, got[name], tolerance, name)
        if difference is not None:
            return difference
    return None


def _compare_scalars(expected: Any, got: Any, tolerance: Tolerance, part: str) -> Difference | None:
    """A NumPy scalar, a Python number, an array without axes: all the same; numbers and truth are not."""
    if isinstance(got, np.ndarray) and got.ndim:
        return Difference("wrong-shape", part, (), got.shape)
    if not isinstance(got, bool | int | float | np.generic | np.ndarray):
        return _wrong_type(expected, got, part)
    one, other = np.asarray(expected), np.asarray(got)
    if one.dtype.kind == "f" and other.dtype.kind in "iu":  # 0 for 0.0
        other = other.astype(np.float64)
    if one.dtype.kind != other.dtype.kind and type(expected) in PLAIN and type(got) in PLAIN:
        return _wrong_type(expected, got, part)
    if isinstance(got, int | float) and one.dtype.kind == other.dtype.kind == "f":  # Python has one precision
        one = one.astype(np.float64)
    return _compare_values(one, other, tolerance, part)


def _compare_arrays(expected: Any, got: Any, tolerance: Tolerance, part: str) -> Difference | None:
    if not isinstance(got, np.ndarray):
        if expected.ndim == 0 and isinstance(got, bool | int | float | np.generic):
            return _compare_scalars(expected[()], got, tolerance, part)
        return _wrong_type(expected, got, part)
    if got.shape != expected.shape:
        return Difference("wrong-shape", part, expected.shape, got.shape)
    return _compare_values(expected, got, tolerance, part)


def _compare_values(expected: Any, got: Any, tolerance: Tolerance, part: str) -> Difference | None:
    kinds = {"f": "f", "b": "b", "i": "iu", "u": "iu"}[expected.dtype.kind]
    if got.dtype.kind not in kinds:
        return Difference("wrong-dtype", part, str(expected.dtype), str(got.dtype))
    if kinds != "f":
        wrong = expected != got
        return Difference("wrong-values", part, expected, got, wrong) if wrong.any() else None
    if got.dtype.itemsize < (4 if tolerance.single else expected.dtype.itemsize):
        return Difference("lower-precision", part, str(expected.dtype), str(got.dtype))
    if np.array_equal(expected, got):  # most often; what follows takes ten times as long
        return None
    wrong = ~_close(expected, got, tolerance)
    if not wrong.any():
        return None
    infinity_is_strange = not np.isinf(expected).any()
    strange = wrong & np.isfinite(expected) & (np.isnan(got) | np.isinf(got) & infinity_is_strange)
    if strange.any():
        return Difference("has-nan", part, expected, got, strange)
    return Difference("wrong-values", part, expected, got, wrong)


def _close(expected: Any, got: Any, tolerance: Tolerance) -> Any:
    """True where two numbers agree."""
    one, other = np.asarray(expected, np.float64), np.asarray(got, np.float64)
    with np.errstate(all="ignore"):
        close = _within(one, other, _largest(one) or tolerance.largest, tolerance) & np.isfinite(one)
        return close | (one == other) | (np.isnan(one) & np.isnan(other))


def are_close(rows: Any, got: Any, tolerance: Tolerance) -> Any:
    """Of each row of finite numbers, whether all of `got` agree with it."""
    around = np.abs(rows).max(axis=-1, keepdims=True)
    around = np.where(around == 0, tolerance.largest, around)
    with np.errstate(all="ignore"):
        return _within(rows, got, around, tolerance).all(axis=-1)


def _within(expected: Any, got: Any, around: Any, tolerance: Tolerance) -> Any:
    """True where a number is near enough; `around` is the largest among its neighbours."""
    return np.abs(expected - got) <= tolerance.relative * np.abs(expected) + tolerance.absolute * around


def _largest(array: Any) -> float:
    """The largest finite magnitude in an array, 0 where there is none."""
    return float(np.abs(array).max(where=np.isfinite(array), initial=0.0))


def _wrong_type(expected: Any, got: Any, part: str) -> Difference:
    if got is None:
        return Difference(
            "returned-nothing" if not part else "wrong-type", part, _type_name(expected), "None"
        )
    return Difference("wrong-type", part, _type_name(expected), _type_name(got))


def _type_name(value: Any) -> str:
    if isinstance(value, Named | Opaque):
        return value.type_name
    if isinstance(value, np.ndarray):
        return "array"
    return "tuple" if isinstance(value, tuple) else type(value).__name__
