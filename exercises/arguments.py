"""Arguments for a probe: from the reference's annotations, and from the expressions of the catalog.

Sizes differ pairwise, so that no mix-up of axes can hide. An expression (our own text, trusted) may use:
the sizes (`queries`, `d_k` ...), `batch` (a tuple), the arguments made before it, `rng`, `np`, `math`,
everything in `reference`, and the helpers `normal`, `random_mask`, `empty_row`, `seeded` and `function`.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from exercises.parameters import Parameter, fields_of, parameters_of
from exercises.portable import each_float, function
from exercises.wire import Seed
from reference.shapes import Array, Shape

__all__ = ["SIZES", "SQUARE", "Kitchen", "ProbeError", "Recipe"]

Function = Callable[..., Any]

# pairwise different, so that each axis can be told from every other; what is not here gets a size of its own
SIZES = {
    "heads": 3, "d_k": 4, "d_head": 4, "queries": 5, "tokens": 5, "d_v": 6, "keys": 7, "source": 7,
    "source_tokens": 7, "d_key": 8, "d_query": 9, "d_hidden": 10, "vocabulary": 11, "classes": 11,
    "d_model": 12, "source_vocabulary": 13, "d_out": 14,
    "d_memory": 15, "max_tokens": 16, "d_ff": 20, "layers": 2, "kv_heads": 1, "past": 3, "new": 2,
}  # fmt: skip
# an attempt that only fails where axes are told apart shows its numbers here
SQUARE = dict.fromkeys(SIZES, 4) | {"heads": 2, "layers": 2, "kv_heads": 1, "vocabulary": 5, "classes": 5}


class ProbeError(ValueError):
    """A probe of the catalog that cannot be made. One sentence with function, argument and reason."""


class Recipe(NamedTuple):
    """How a probe is made, so that it can be made again with other sizes or smaller numbers."""

    function: str
    values: Mapping[str, str] = {}
    seed: tuple[int, ...] = (0,)
    sizes: Mapping[str, int] = SIZES
    batch: tuple[int, ...] = ()
    dtype: str = "float64"
    scale: float = 1.0  # of the first array of floats
    fortran: bool = False  # memory order of the arrays
    whole: bool = False  # small whole numbers instead of normal ones
    facet: str = ""  # why it was added, where the arguments do not show it
    expect: str = "value"  # or "raises", or "nicety": a value that only careful work gets right


class Kitchen:
    """Makes the arguments of one probe, one after another."""

    def __init__(self, function: Function, recipe: Recipe) -> None:
        self.function, self.recipe = function, recipe
        self.rng = np.random.default_rng(recipe.seed)
        self.scale = recipe.scale
        self.names: dict[str, Any] = dict(_trusted_names())
        self.names |= {**recipe.sizes, "rng": self.rng, "batch": recipe.batch, "normal": self.normal}
        self.names |= {"random_mask": self.random_mask, "seeded": self.seeded}
        if recipe.whole:
            self.names["rng"] = _WholeNumbers(self.rng)

    def arguments(self) -> dict[str, Any]:
        parameters = parameters_of(self.function)
        known = {each.name.lstrip("*") for each in parameters}
        for name, text in self.recipe.values.items():
            if name not in known:  # a size, or something to build arguments from
                self.names[name] = self.value_of(name, text)
        self.derive(parameters)
        made: dict[str, Any] = {}
        for each in parameters:
            plain = each.name.lstrip("*")
            if plain in self.recipe.values:
                value = self.finished(self.value_of(plain, self.recipe.values[plain]), each)
            elif each.optional:
                continue
            else:
                value = self.finished(self.usual(each), each)
            made[each.name] = self.names[plain] = value
        return made

    def derive(self, parameters: Sequence[Parameter]) -> None:
        """Sizes that follow from others, unless the probe gave them."""
        own = {axis for each in parameters for shape in each.shapes for axis in shape.axes}
        given, names = self.recipe.values, self.names
        if "d_model" in own and any(each.kind == "weights" for each in parameters):
            names |= {
                name: names["d_model"] for name in ("d_query", "d_memory", "d_out") if name not in given
            }
        names.setdefault("d_heads", names["heads"] * names["d_k"])
        names.setdefault("d_values", names["heads"] * names["d_v"])

    def value_of(self, name: str, text: str) -> Any:
        try:
            return eval(_compiled(text), self.names)
        except Exception as error:
            raise ProbeError(
                f"{self.recipe.function}: {name} = {text!r} fails: {type(error).__name__}: {error}"
            ) from error

    # ------------------------------------------------------------ what an annotation stands for

    def usual(self, each: Parameter) -> Any:
        if each.kind == "array":
            return self.array(each.name, each.shapes[0])
        if each.weights is not None:
            return self.weights(each.weights)
        if each.kind == "generator":
            return self.seeded()
        size = each.name.removeprefix("n_") if each.name.removeprefix("n_") in self.names else each.name
        if size not in self.names:
            raise ProbeError(
                f"{self.recipe.function}: nothing says what {each.name} is; give it in each probe"
            )
        return self.names[size]

    def weights(self, kind: type) -> Any:
        """A named tuple of arrays, and of named tuples."""
        made: dict[str, Any] = {}
        defaults: Mapping[str, Any] = getattr(kind, "_field_defaults", {})
        for name, shape, inner, several in fields_of(kind):
            if name in defaults:
                made[name] = defaults[name]
            elif shape is not None:
                made[name] = self.array(name, shape)
            elif inner is None:
                raise ProbeError(f"{self.recipe.function}: nothing says what {kind.__name__}.{name} is")
            elif several:
                made[name] = tuple(self.weights(inner) for _ in range(self.names["layers"]))
            else:
                made[name] = self.weights(inner)
        return kind(**made)

    def array(self, name: str, shape: Shape) -> Any:
        sizes = [size for axis in shape.axes for size in self.axis(axis)]
        if shape.kind == "Bool":
            return self.random_mask(*sizes)
        if shape.kind == "Int":
            return self.rng.integers(0, self.names["vocabulary"], size=sizes)
        values = self.normal(*sizes)
        matrix = len(shape.axes) == 2 and not any(axis.startswith(("*", ".")) for axis in shape.axes)
        return values / math.sqrt(sizes[0]) if matrix and not self.recipe.whole else values

    def axis(self, axis: str) -> tuple[int, ...]:
        word = axis.lstrip("*#")
        if word == "batch":
            return self.recipe.batch
        if axis.startswith("*") or word == "...":
            return (*self.recipe.batch, self.names["queries"], self.names["keys"])
        if word.isdigit():
            return (int(word),)
        return (self.names.setdefault(word, 21 + len(word)),)

    def finished(self, value: Any, each: Parameter) -> Any:
        """The value in the precision, scale and memory order of the recipe."""
        value = each_float(value, lambda array: array.astype(self.recipe.dtype))
        if self.scale != 1 and each.kind == "array" and each.shapes[0].kind == "Float" and value is not None:
            value, self.scale = value * self.scale, 1.0
        return each_float(value, np.asfortranarray) if self.recipe.fortran else value

    # ------------------------------------------------------------ helpers of the catalog

    def normal(self, *shape: int) -> Any:
        """Normal numbers, or small whole ones where the probe is to be read by a person."""
        if self.recipe.whole:
            return self.rng.integers(-2, 4, size=shape).astype(np.float64)
        return self.rng.normal(size=shape)

    def random_mask(self, *shape: int) -> Any:
        """True and False in each row where there is room for both."""
        mask = self.rng.random(shape) < 0.6
        rows = mask.reshape(-1, shape[-1])
        for row in rows:
            first, second = self.rng.permutation(shape[-1])[:2] if shape[-1] > 1 else (0, 0)
            row[second], row[first] = False, True
        return mask

    def seeded(self) -> Seed:
        """A generator that starts in the same state on both sides."""
        return Seed(int(self.rng.integers(1 << 31)))


class _WholeNumbers:
    """A generator whose normal numbers are small whole ones."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng

    def normal(self, loc: float = 0.0, scale: float = 1.0, size: Any = None) -> Any:
        return loc + scale * self.rng.integers(-2, 4, size=size)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.rng, name)


def empty_row(mask: Any) -> Any:
    """The mask with one row (of each batch) that allows nothing."""
    emptied: Array = np.array(mask)
    emptied[..., emptied.shape[-2] // 2, :] = False
    return emptied


@functools.cache
def _trusted_names() -> Mapping[str, Any]:
    import reference

    public = {
        name: getattr(thing, "__wrapped__", thing)  # the plain functions: an empty cache is no error
        for name, thing in vars(reference).items()
        if not name.startswith("_")
    }
    return public | {"np": np, "math": math, "empty_row": empty_row, "function": function}


@functools.cache
def _compiled(text: str) -> Any:
    return compile(text.strip(), "<catalog>", "eval", dont_inherit=True)
