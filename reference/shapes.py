"""Shapes in words: what the annotations of this package say, and the check they make at the door.

`Float[Array, "*batch queries d_k"]` is an array of floats whose last two axes are called queries and d_k,
after any number of batch axes.

- An axis of the same name has the same size everywhere in one call, and at least one element; only the
  `past` of a cache may be empty.
- `#` before a name allows size 1, which broadcasts; where all names have it, the first ones may be missing.
- Batch axes broadcast against each other and may be empty; `*#batch` has to fit the batch of the others.
- `"..."` is any shape at all.
- In a tree of weights d_model is one for the whole model, other names belong to their own named tuple.

Modules define plain functions; `reference/__init__.py` exports them `checked`.
"""

from __future__ import annotations

import ast
import functools
import inspect
import operator
from collections.abc import Callable, Mapping
from typing import Annotated as Bool
from typing import Annotated as Float
from typing import Annotated as Int
from typing import Any, NamedTuple, ParamSpec, TypeVar

import numpy as np

__all__ = ["Array", "Bool", "Float", "Int", "Shape", "checked", "parse_shape", "shapes_of"]

Array = np.ndarray[Any, Any]
P = ParamSpec("P")
R = TypeVar("R")


class Shape(NamedTuple):
    """One annotated array: its kind ("Float", "Int" or "Bool"), its axes in words, whether None will do."""

    kind: str
    axes: tuple[str, ...]
    optional: bool = False

    @property
    def words(self) -> str:
        return f"({', '.join(self.axes)}{',' if len(self.axes) == 1 else ''})"


def parse_shape(annotation: str) -> Shape | None:
    """The first array that an annotation names, or None where it names none.

    >>> parse_shape('Float[Array, "*batch queries d_k"] | None')
    Shape(kind='Float', axes=('*batch', 'queries', 'd_k'), optional=True)
    >>> parse_shape("int") is None
    True
    """
    for node in ast.walk(ast.parse(annotation, mode="eval")):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) in ("Float", "Int", "Bool"):
            words = node.slice.elts[1]  # type: ignore[attr-defined]
            return Shape(ast.unparse(node.value), tuple(words.value.split()), annotation.endswith("| None"))
    return None


def shapes_of(thing: Callable[..., Any] | type) -> dict[str, Shape]:
    """The array arguments of a function, or the array fields of a named tuple, with their shapes."""
    parsed = {name: parse_shape(text) for name, text in _annotations(thing).items()}
    return {name: shape for name, shape in parsed.items() if shape is not None}


def checked(function: Callable[P, R]) -> Callable[P, R]:
    """The same function, with its annotations checked and array-likes turned into arrays at the door.

    Raises TypeError for the wrong kind of thing and ValueError for the wrong shape, in one sentence that
    names the argument, what was expected and what came. What annotations cannot say, functions check.
    """

    @functools.wraps(function)
    def at_the_door(*args: P.args, **kwargs: P.kwargs) -> R:
        signature, rules = _rules(function)
        try:
            bound = signature.bind(*args, **kwargs)
        except TypeError as error:
            raise TypeError(f"{function.__name__}: {error}") from None
        door = _Door(function.__name__, rules)
        for name, value in bound.arguments.items():
            if signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL:
                bound.arguments[name] = tuple(
                    door.admit(f"{name}[{i}]", v, rules[name]) for i, v in enumerate(value)
                )
            elif name in rules:
                bound.arguments[name] = door.admit(name, value, rules[name])
        return function(*bound.args, **bound.kwargs)

    # what tools look at is the function as it is written
    at_the_door.__wrapped__ = inspect.unwrap(function)
    return at_the_door


# ---------------------------------------------------------------- what the annotations ask

Rule = Shape | type | str
"""An array of this shape, a named tuple of weights, or (as text) a plain Python type."""

PLAIN: dict[str, tuple[Callable[[Any], bool], str]] = {
    "int": (lambda value: _is_index(value), "an integer"),
    "float": (lambda value: _is_real(value), "a real number"),
    "bool": (lambda value: isinstance(value, bool | np.bool_), "True or False"),
    "str": (lambda value: isinstance(value, str), "a string"),
    "np.random.Generator": (lambda value: isinstance(value, np.random.Generator), "a numpy.random.Generator"),
}
"""Plain types by their annotation: what passes, and what to call it."""


def _is_index(value: Any) -> bool:
    try:
        operator.index(value)
    except TypeError:
        return False
    return True


def _is_real(value: Any) -> bool:
    return np.ndim(value) == 0 and np.asarray(value).dtype.kind in "fiu"


def _annotations(thing: Any) -> dict[str, str]:
    """Names and annotations as text, without the return value's."""
    notes = inspect.unwrap(thing).__annotations__ if callable(thing) else {}
    texts = {name: getattr(note, "__forward_arg__", note) for name, note in notes.items() if name != "return"}
    return {name: text for name, text in texts.items() if isinstance(text, str)}


@functools.cache
def _rules(function: Callable[..., Any]) -> tuple[inspect.Signature, dict[str, Rule]]:
    """What each argument has to be. Read at the first call, so that importing stays fast."""
    rules: dict[str, Rule] = dict(shapes_of(function))
    for name, text in _annotations(function).items():
        named = getattr(function, "__globals__", {}).get(text)
        if isinstance(named, type) and hasattr(named, "_fields"):
            rules[name] = named
        elif text.removesuffix(" | None") in PLAIN:
            rules[name] = text
    return inspect.signature(function), rules


# ---------------------------------------------------------------- the check


class _Door:
    """Lets the arguments of one call in, one after the other, and remembers the sizes of their axes."""

    def __init__(self, function: str, rules: Mapping[str, Rule]) -> None:
        self.function = function
        self.sizes: dict[str, tuple[int, str]] = {}
        self.batch: tuple[int, ...] = ()
        # without a "*batch" among the arguments, "*#batch" arrays broadcast against each other
        shapes = [rule for rule in rules.values() if isinstance(rule, Shape)]
        self.has_batch = any(shape.axes[0] == "*batch" for shape in shapes)
        # grouped attention takes the weights of attention, but with fewer heads of keys and values
        self.free = {"d_heads", "d_values"} if "n_kv_heads" in rules else set()

    def admit(self, name: str, value: Any, rule: Rule) -> Any:
        """The value, as an array where it has to be one; or a sentence that says what is wrong."""
        if isinstance(rule, Shape):
            return None if value is None and rule.optional else self._array(name, value, rule, scope="")
        if isinstance(rule, type):
            return self._tree(name, value, rule, scope="")
        passes, expected = PLAIN[rule.removesuffix(" | None")]
        if not passes(value) and not (value is None and rule.endswith("| None")):
            raise TypeError(f"{self.function}: {name} must be {expected}, got {value!r:.60}")
        return value

    # ------------------------------------------------------------ named tuples of weights

    def _tree(self, name: str, value: Any, kind: type, scope: str) -> Any:
        """A named tuple of weights, each array in it admitted. A plain tuple of as many things will do."""
        fields = getattr(kind, "_fields", ())
        if not isinstance(value, tuple) or (len(value) != len(fields) and not hasattr(value, "_fields")):
            raise TypeError(f"{self.function}: {name} must be {kind.__name__}, got {type(value).__name__}")
        tree: Any = value if hasattr(value, "_fields") else kind(*value)
        shapes = shapes_of(type(tree))
        return tree._replace(
            **{
                field: self._branch(f"{name}.{field}", part, shapes.get(field), scope)
                for field, part in zip(tree._fields, tree, strict=True)
            }
        )

    def _branch(self, name: str, value: Any, shape: Shape | None, scope: str) -> Any:
        if hasattr(value, "_fields"):
            if shape is None:
                return self._tree(name, value, type(value), scope=name)
            # a matrix with its bias, where a matrix was expected
            matrix, bias = value
            columns = Shape(shape.kind, shape.axes[-1:])
            return type(value)(
                self._array(f"{name}.w", matrix, shape, scope), self._array(f"{name}.b", bias, columns, scope)
            )
        if shape is not None:
            return None if value is None and shape.optional else self._array(name, value, shape, scope)
        if isinstance(value, tuple | list):
            return tuple(self._branch(f"{name}[{i}]", part, None, scope) for i, part in enumerate(value))
        return value

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
        letters, expected = {
            "Bool": ("b", "be boolean (True = may attend)"),
            "Int": ("iu", "hold integers"),
            "Float": ("fiub", "hold real numbers"),
        }[kind]
        try:
            array: Array = np.asarray(value)
        except ValueError:
            raise ValueError(
                f"{self.function}: {name} must be a full array, got lists of unequal length"
            ) from None
        if array.dtype.kind not in letters:
            came = type(value).__name__ if array.dtype == object else array.dtype
            raise TypeError(f"{self.function}: {name} must {expected}, got {came}")
        return array.astype(np.float64) if kind == "Float" and array.dtype.kind != "f" else array

    def _admit_batch(self, name: str, array: Array, batch: tuple[int, ...], shape: Shape) -> None:
        try:
            together = np.broadcast_shapes(self.batch, batch)
        except ValueError:
            together = None
        must_fit = self.has_batch and shape.axes[0].startswith("*#")
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
        if (may_be_one and size == 1) or word in self.free:
            return
        expected, owner = self.sizes.setdefault(word if word == "d_model" else scope + word, (size, name))
        if size != expected:
            raise ValueError(
                f"{must} shape {shape.words} with {word} = {expected} as in {owner}, got {array.shape}"
            )
