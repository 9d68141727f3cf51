"""The check at the door: what `reference` exports takes array-likes, and says in one sentence what is wrong.

Modules define plain functions; `reference/__init__.py` exports them `checked`. Their annotations say what to
check (see `shapes` and `rules`); what annotations cannot say, functions check themselves.
"""

from __future__ import annotations

import functools
import inspect
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ParamSpec, TypeVar

import numpy as np

from reference.rules import Plain, Rule, Several, rules_of
from reference.shapes import Array, Shape

__all__ = ["checked"]

P = ParamSpec("P")
R = TypeVar("R")

EXACT = re.compile(r"d_output|cache\.layers\[\d+\]\.(past\.)?[kv]$")
"""What does not broadcast: gradients at an output, and a past that new tokens come behind."""


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, with its annotations checked and array-likes turned into arrays at the door.

    Raises TypeError for the wrong kind of thing and ValueError for the wrong shape, in one sentence that
    names the argument, what was expected and what came.
    """

    @functools.wraps(function)
    def at_the_door(*args: P.args, **kwargs: P.kwargs) -> R:
        signature, rules = _signature(function), rules_of(function)
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{function.__name__}: {error}") from None
        bound.apply_defaults()
        arguments, door = bound.arguments, _Door(function.__name__, rules)
        for name, rule in rules.items():
            if signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
                rule = Rule(Several((rule,), any_number=True), optional=False)
            arguments[name] = door.admit(name, arguments[name], rule)
        door.close(arguments)
        return function(*bound.args, **bound.kwargs)

    # what tools look at is the function as it is written
    at_the_door.__wrapped__ = inspect.unwrap(function)
    return at_the_door


@functools.cache
def _signature(function: Callable[..., Any]) -> inspect.Signature:
    return inspect.signature(function)


class _Door:
    """Lets the arguments of one call in, one after the other, and remembers the sizes of their axes."""

    def __init__(self, function: str, rules: Mapping[str, Rule]) -> None:
        self.function = function
        self.sizes: dict[str, tuple[Any, str]] = {}
        self.batch: tuple[int, ...] = ()
        self.exact: list[tuple[str, Array, tuple[int, ...], Shape]] = []
        shapes = [rule.what for rule in rules.values() if isinstance(rule.what, Shape)]
        self.words = {axis for shape in shapes for axis in shape.axes}
        # without a "*batch" among the arguments, "*#batch" arrays broadcast against each other
        self.has_batch = any(shape.axes[0] == "*batch" for shape in shapes)

    def admit(self, name: str, value: Any, rule: Rule, scope: str = "") -> Any:
        """The value, as an array where it has to be one; or a sentence that says what is wrong."""
        what = rule.what
        if value is None and rule.optional:
            return None
        if isinstance(what, Shape):
            return self._array(name, value, what, scope)
        if isinstance(what, Several):
            return self._several(name, value, what, scope)
        if isinstance(what, Plain):
            plain = self._plain(name, value, what)
            if name in ("n_heads", "n_kv_heads"):
                self._heads(name, plain)
            return plain
        return self._tree(name, value, what, scope)

    def _heads(self, name: str, number: int) -> None:
        heads, _ = self.sizes.setdefault("heads", (number, name))
        if name == "n_kv_heads":
            if number < 1 or heads % number:
                raise ValueError(f"{self.function}: n_kv_heads must divide n_heads = {heads}, got {number}")
            self.sizes["kv_heads"] = (number, name)

    def close(self, arguments: Mapping[str, Any]) -> None:
        """What can be said only when all have come in."""
        for name, array, batch, shape in self.exact:
            if batch != self.batch:
                raise ValueError(
                    f"{self.function}: {name} must have shape {shape.words} "
                    f"with the batch axes {self.batch} of the others, got {array.shape}"
                )
        if "axis" in arguments and arguments["x"].ndim:
            self._close_axis(arguments["x"], arguments["axis"])

    def _close_axis(self, x: Array, axis: int) -> None:
        if not -x.ndim <= axis < x.ndim:
            raise ValueError(
                f"{self.function}: axis must be from {-x.ndim} to {x.ndim - 1} for x of shape {x.shape}, "
                f"got {axis}"
            )
        if not x.shape[axis]:
            raise ValueError(
                f"{self.function}: x must have at least one element along axis {axis}, got shape {x.shape}"
            )

    # ------------------------------------------------------------ plain values, named tuples

    def _plain(self, name: str, value: Any, what: Plain) -> Any:
        try:
            return what.made(value)
        except (TypeError, OverflowError):
            came = " ".join(repr(value).split())
            raise TypeError(f"{self.function}: {name} must be {what.words}, got {came:.60}") from None

    def _several(self, name: str, value: Any, what: Several, scope: str) -> tuple[Any, ...]:
        right = isinstance(value, Sequence | np.ndarray) and not isinstance(value, str | bytes)
        if not right or not (what.any_number or len(value) == len(what.parts)):
            expected = "a sequence" if what.any_number else f"a tuple of {len(what.parts)}"
            raise TypeError(f"{self.function}: {name} must be {expected}, got {_came(value)}")
        rules = what.parts * len(value) if what.any_number else what.parts
        return tuple(
            self.admit(f"{name}[{i}]", part, rule, _inner(f"{name}[{i}]", rule, scope))
            for i, (part, rule) in enumerate(zip(value, rules, strict=True))
        )

    def _tree(self, name: str, value: Any, kind: Any, scope: str) -> Any:
        """A named tuple of weights, each array in it admitted. A plain tuple of as many things will do."""
        fields = kind._fields
        is_one = isinstance(value, tuple) and getattr(value, "_fields", fields) == fields
        if not is_one or len(value) != len(fields):
            raise TypeError(f"{self.function}: {name} must be {kind.__name__}, got {_came(value)}")
        tree = value if hasattr(value, "_fields") else kind(*value)
        parts = {}
        for field, rule in rules_of(kind).items():
            part, its_name = getattr(tree, field), f"{name}.{field}"
            is_biased = isinstance(rule.what, Shape) and getattr(part, "_fields", None) == ("w", "b")
            admit = self._affine if is_biased else self.admit
            parts[field] = admit(its_name, part, rule, _inner(its_name, rule, scope))
        return tree._replace(**parts)

    def _affine(self, name: str, value: Any, rule: Rule, scope: str) -> Any:
        """A matrix with its bias, where a matrix was expected."""
        shape: Any = rule.what
        columns = Shape(shape.kind, shape.axes[-1:])
        matrix = self._array(f"{name}.w", value.w, shape, scope)
        return type(value)(matrix, self._array(f"{name}.b", value.b, columns, scope))

    # ------------------------------------------------------------ arrays

    def _array(self, name: str, value: Any, shape: Shape, scope: str) -> Array:
        array = self._as_kind(name, value, shape.kind)
        if shape.axes == ("...",):
            return array
        core = [axis for axis in shape.axes if not axis.startswith("*")]
        n_batch = array.ndim - len(core)
        if n_batch < 0 and all(axis.startswith("#") for axis in core):
            # a mask with fewer axes broadcasts
            core, n_batch = core[len(core) - array.ndim :], 0
        if n_batch < 0 or (n_batch > 0 and not shape.axes[0].startswith("*")):
            raise ValueError(f"{self.function}: {name} must have shape {shape.words}, got {array.shape}")
        self._admit_batch(name, array, array.shape[:n_batch], shape)
        for axis, size in zip(core, array.shape[n_batch:], strict=True):
            self._admit_axis(name, array, axis, size, shape, scope)
        return array

    def _as_kind(self, name: str, value: Any, kind: str) -> Array:
        letters, expected, empty = {
            "Bool": ("b", "be boolean (True = may attend)", np.bool_),
            "Int": ("iu", "hold integers", np.int64),
            "Float": ("fiub", "hold real numbers", np.float64),
        }[kind]
        try:
            array: Array = np.asarray(value)
        except ValueError:
            raise ValueError(
                f"{self.function}: {name} must be a full array, got lists of unequal length"
            ) from None
        if not array.size and not isinstance(value, np.ndarray):
            return array.astype(empty)  # an empty list is of any kind
        if array.dtype.kind not in letters:
            came = type(value).__name__ if array.dtype == object else array.dtype
            raise TypeError(f"{self.function}: {name} must {expected}, got {came}")
        return array.astype(np.float64) if kind == "Float" and array.dtype.kind != "f" else array

    def _admit_batch(self, name: str, array: Array, batch: tuple[int, ...], shape: Shape) -> None:
        star = shape.axes[0]
        if star == "*batch" and EXACT.match(name):
            self.exact.append((name, array, batch, shape))
            return
        if star.startswith("*") and star not in ("*batch", "*#batch"):
            expected, owner = self.sizes.setdefault(star, (batch, name))
            if batch != expected:
                raise ValueError(
                    f"{self.function}: {name} must have shape {shape.words} "
                    f"with {star[1:]} = {expected} as in {owner}, got {array.shape}"
                )
            return
        try:
            together = np.broadcast_shapes(self.batch, batch)
        except ValueError:
            together = None
        must_fit = self.has_batch and star.startswith("*#")
        if together is None or (must_fit and together != self.batch):
            raise ValueError(
                f"{self.function}: {name} must have shape {shape.words} "
                f"with batch axes that fit {self.batch}, got {array.shape}"
            )
        self.batch = together

    def _admit_axis(self, name: str, array: Array, axis: str, size: int, shape: Shape, scope: str) -> None:
        word, may_be_one = axis.lstrip("#"), axis.startswith("#")
        must = f"{self.function}: {name} must have"
        if size == 0 and word != "past":
            raise ValueError(f"{must} at least one element along {word}, got shape {array.shape}")
        if word.isdigit():
            if size != int(word):
                raise ValueError(f"{must} shape {shape.words}, got {array.shape}")
            return
        if may_be_one and size == 1:
            return
        if (share := self._share(word, name)) is None:
            return
        expected, owner = self.sizes.setdefault(self._everywhere(word, scope), (size * share, name))
        if size * share != expected:
            groups = f" for groups of {share}" if share > 1 else ""
            raise ValueError(
                f"{must} shape {shape.words} with {word} = {expected} as in {owner}{groups}, "
                f"got {array.shape}"
            )

    def _share(self, word: str, name: str) -> int | None:
        """How many heads of queries share the columns of these keys and values; None if none can."""
        is_kv = word in ("d_heads", "d_values") and re.search(r"\.w_[kv](\.[wb])?$", name)
        if not is_kv or "kv_heads" not in self.sizes:
            return 1
        heads, kv_heads = self.sizes["heads"][0], self.sizes["kv_heads"][0]
        return heads // kv_heads if heads > 0 else None

    def _everywhere(self, word: str, scope: str) -> str:
        """Under which name the size of an axis is kept: one in its named tuple, or one for the whole call."""
        if scope and word == "heads" and "kv_heads" in self.sizes:
            return "kv_heads"  # a cache
        if word == "d_memory" and word in self.words and (not scope or scope.endswith("cross_attention")):
            return word
        if "d_query" not in self.words and (word in ("d_query", "d_memory") or (scope and word == "d_out")):
            return "d_model"  # within a layer, attention reads and writes what the layer does
        return word if word in ("d_model", "heads") else scope + word


def _inner(name: str, rule: Rule, scope: str) -> str:
    """The scope of a part: an array belongs to the named tuple that holds it, others are their own."""
    return scope if isinstance(rule.what, Shape) else name


def _came(value: Any) -> str:
    length = f" of {len(value)}" if type(value) in (tuple, list) else ""
    return f"{type(value).__name__}{length}"
