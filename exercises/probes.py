"""Probes: the calls on which an attempt and the reference are compared.

Arguments are made from the reference's annotations, with sizes that differ pairwise, so that no mix-up of axes can
hide; the catalog says what is special, as Python expressions (our own text, trusted). Some facets are added to every
function where they apply: fresh data, batch axes, float32, large and tiny numbers, equal sizes, the same call again.

An expression may use: the sizes (`queries`, `d_k` ...), `batch` (a tuple), the arguments made before it, `rng`, `np`,
`math`, everything in `reference`, and the helpers of this module: `normal`, `random_mask`, `empty_row`, `seeded`, `function`.
"""

from __future__ import annotations

import ast
import functools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from exercises.catalog import Exercise, reference_functions
from exercises.wire import Callable_, Seed
from reference.shapes import Array, Shape, parse_shape

__all__ = ["Probe", "ProbeError", "Recipe", "facets_of", "live", "make", "probes_of", "redrawn"]

Function = Callable[..., Any]

# pairwise different, so that each axis can be told from every other; what is not here gets a size of its own
SIZES = {
    "heads": 3, "d_k": 4, "d_head": 4, "queries": 5, "tokens": 5, "d_v": 6, "keys": 7, "source": 7, "source_tokens": 7,
    "d_key": 8, "d_query": 9, "d_hidden": 10, "vocabulary": 11, "classes": 11, "d_model": 12, "d_memory": 13, "d_out": 14,
    "source_vocabulary": 15, "max_tokens": 16, "d_ff": 20, "layers": 2, "kv_heads": 1, "past": 3, "new": 2,
}  # fmt: skip
# an attempt that only fails where axes are told apart shows its numbers here
SQUARE = {name: 4 for name in SIZES} | {"heads": 2, "layers": 2, "kv_heads": 1, "vocabulary": 5, "classes": 5}
BATCHES = ((2,), (2, 1))
LARGE, TINY = 1e3, 1e-3


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
    expect: str = "value"  # or "raises"


class Probe(NamedTuple):
    """One call: arguments by name (a name with a star is spread), and what it covers."""

    function: str
    arguments: Mapping[str, Any]
    facets: frozenset[str]
    recipe: Recipe

    @property
    def expects_raise(self) -> bool:
        return self.recipe.expect == "raises"


# ---------------------------------------------------------------- which probes


def probes_of(exercise: Exercise, seed: int) -> dict[str, list[Probe]]:
    """All probes of an exercise by function; the same seed gives the same ones."""
    return {
        name: [make(function, recipe) for recipe in _recipes(exercise, name, function, seed)]
        for name, function in reference_functions(exercise).items()
    }


def _recipes(exercise: Exercise, name: str, function: Function, seed: int) -> list[Recipe]:
    written = exercise.probes.get(name, ()) or ({},)
    listed = [_recipe(name, values, (seed, exercise.number, i)) for i, values in enumerate(written)]
    usual = next((recipe for recipe in listed if recipe.expect == "value"), None)
    if usual is None:
        return listed
    masked = next((recipe for recipe in listed if any("mask" in key for key in recipe.values)), usual)
    added = [recipe for recipe in _added(function, usual, masked) if recipe.facet not in exercise.without]
    return listed + added


def _recipe(name: str, values: Mapping[str, str], seed: tuple[int, ...]) -> Recipe:
    expect = values.get("expect", "value")
    if expect not in ("value", "raises"):
        raise ProbeError(f'{name}: expect must be "value" or "raises", not {expect!r}')
    return Recipe(name, {key: text for key, text in values.items() if key != "expect"}, seed, expect=expect)


def _added(function: Function, usual: Recipe, masked: Recipe) -> Iterator[Recipe]:
    """The facets that every function is asked, where they apply."""
    parameters = _parameters(function)
    free = [each for each in parameters if each.shapes and each.name not in usual.values and not each.optional]
    has_floats = any(shape.kind == "Float" for each in parameters for shape in each.shapes)
    other = (*usual.seed, 1)
    if any(each.shapes or each.kind == "generator" for each in parameters):
        yield usual._replace(seed=other, fortran=has_floats, facet="fresh")
    if has_floats:
        yield usual._replace(seed=other, dtype="float32", facet="float32")
        yield usual._replace(seed=other, scale=LARGE, facet="large")
        yield usual._replace(seed=other, scale=TINY, facet="tiny")
    if any(axis in ("*batch", "...") for each in free for shape in each.shapes for axis in shape.axes):
        for i, batch in enumerate(BATCHES):
            yield usual._replace(seed=(*other, i), batch=batch, facet="batches")
        if masked is not usual:
            yield masked._replace(seed=other, batch=BATCHES[0], facet="batches")
    if free:
        yield usual._replace(seed=other, sizes=SQUARE, facet="square")
        if masked is not usual:
            yield masked._replace(seed=other, sizes=SQUARE, facet="square")
    if any(each.kind == "generator" for each in parameters):
        yield usual._replace(facet="redraw")
    yield usual._replace(facet="repeat")


# ---------------------------------------------------------------- one probe


class _Parameter(NamedTuple):
    """One parameter of a reference function: what it is, and its arrays' shapes."""

    name: str
    kind: str  # "array", "weights", "generator", "other" or "spread"
    shapes: tuple[Shape, ...]
    note: str
    optional: bool


@functools.cache
def _parameters(function: Function) -> tuple[_Parameter, ...]:
    code, notes = function.__code__, function.__annotations__
    names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    first_default = code.co_argcount - len(function.__defaults__ or ())
    keyword_defaults = function.__kwdefaults__ or {}
    found = [
        _parameter(name, notes.get(name, ""), i >= first_default if i < code.co_argcount else name in keyword_defaults, function)
        for i, name in enumerate(names)
    ]
    if code.co_flags & 0x04:  # *args
        found.append(_Parameter("*" + code.co_varnames[len(names)], "spread", (), "", True))
    return tuple(found)


def _parameter(name: str, note: str, optional: bool, function: Function) -> _Parameter:
    shape = parse_shape(note) if note else None
    if shape is not None:
        return _Parameter(name, "array", (shape,), note, optional)
    kind = _weights_class(note, function.__globals__) if note else None
    if kind is not None:
        return _Parameter(name, "weights", _shapes_within(kind), note, optional)
    return _Parameter(name, "generator" if "Generator" in note else "other", (), note, optional)


def _weights_class(note: str, names: Mapping[str, Any]) -> type | None:
    """The named tuple that an annotation names."""
    words = [node.id for node in ast.walk(ast.parse(note, mode="eval")) if isinstance(node, ast.Name)]
    return next((names[word] for word in words if hasattr(names.get(word), "_fields")), None)


def _notes_of(kind: type) -> dict[str, str]:
    """The annotations of a named tuple's fields as they are written."""
    return {name: getattr(note, "__forward_arg__", str(note)) for name, note in kind.__annotations__.items()}


def _shapes_within(kind: type) -> tuple[Shape, ...]:
    """The shapes of all arrays in a named tuple, however deep."""
    import sys

    found: list[Shape] = []
    for note in _notes_of(kind).values():
        shape, inner = parse_shape(note), _weights_class(note, vars(sys.modules[kind.__module__]))
        found += [shape] if shape else list(_shapes_within(inner)) if inner else []
    return tuple(found)


def make(function: Function, recipe: Recipe) -> Probe:
    """The probe that a recipe describes; the same recipe always makes the same one. Raises ProbeError."""
    kitchen = _Kitchen(function, recipe)
    arguments = kitchen.arguments()
    if recipe.facet == "redraw":
        arguments = {name: redrawn(value, 1) for name, value in arguments.items()}
    return Probe(recipe.function, arguments, facets_of(arguments, recipe), recipe)


class _Kitchen:
    """Makes the arguments of one probe, one after another."""

    def __init__(self, function: Function, recipe: Recipe) -> None:
        self.function, self.recipe = function, recipe
        self.rng = np.random.default_rng(recipe.seed)
        self.scale = recipe.scale
        self.names: dict[str, Any] = dict(_trusted_names())
        self.names |= recipe.sizes | {"rng": self.rng, "batch": recipe.batch, "normal": self.normal}
        self.names |= {"random_mask": self.random_mask, "seeded": self.seeded}
        if recipe.whole:
            self.names["rng"] = _WholeNumbers(self.rng)

    def arguments(self) -> dict[str, Any]:
        parameters = _parameters(self.function)
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

    def derive(self, parameters: Sequence[_Parameter]) -> None:
        """Sizes that follow from others, unless the probe gave them."""
        own = {axis for each in parameters for shape in each.shapes for axis in shape.axes}
        given, names = self.recipe.values, self.names
        if "d_model" in own and any(each.kind == "weights" for each in parameters):
            names |= {name: names["d_model"] for name in ("d_query", "d_memory", "d_out") if name not in given}
        names.setdefault("d_heads", names["heads"] * names["d_k"])
        names.setdefault("d_values", names["heads"] * names["d_v"])

    def value_of(self, name: str, text: str) -> Any:
        try:
            return eval(_compiled(text), self.names)
        except Exception as error:
            raise ProbeError(f"{self.recipe.function}: {name} = {text!r} fails: {type(error).__name__}: {error}") from error

    # ------------------------------------------------------------ what an annotation stands for

    def usual(self, each: _Parameter) -> Any:
        if each.kind == "array":
            return self.array(each.name, each.shapes[0])
        if each.kind == "weights":
            kind = _weights_class(each.note, self.function.__globals__)
            assert kind is not None
            return self.weights(kind)
        if each.kind == "generator":
            return self.seeded()
        size = each.name.removeprefix("n_") if each.name.removeprefix("n_") in self.names else each.name
        if size not in self.names:
            raise ProbeError(f"{self.recipe.function}: nothing says what {each.name} is; give it in each probe")
        return self.names[size]

    def weights(self, kind: type) -> Any:
        """A named tuple of arrays, and of named tuples."""
        import sys

        home, fields = vars(sys.modules[kind.__module__]), {}
        defaults: Mapping[str, Any] = getattr(kind, "_field_defaults", {})
        for name, note in _notes_of(kind).items():
            shape, inner = parse_shape(note), _weights_class(note, home)
            if name in defaults:
                fields[name] = defaults[name]
            elif shape is not None:
                fields[name] = self.array(name, shape)
            elif inner is None:
                raise ProbeError(f"{self.recipe.function}: nothing says what {kind.__name__}.{name} is")
            elif note.startswith("tuple["):
                fields[name] = tuple(self.weights(inner) for _ in range(self.names["layers"]))
            else:
                fields[name] = self.weights(inner)
        return kind(**fields)

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

    def finished(self, value: Any, each: _Parameter) -> Any:
        """The value in the precision, scale and memory order of the recipe."""
        value = _each_float(value, lambda array: array.astype(self.recipe.dtype))
        if self.scale != 1 and each.kind == "array" and each.shapes[0].kind == "Float" and value is not None:
            value, self.scale = value * self.scale, 1.0
        return _each_float(value, np.asfortranarray) if self.recipe.fortran else value

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


def function(source: str, **data: Any) -> Callable_:
    """A function for both sides: `function("lambda x: x @ w", w=w)`."""
    return Callable_(source, data)


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


def _each_float(value: Any, change: Callable[[Any], Any]) -> Any:
    """The value with every array of floats in it changed."""
    if isinstance(value, np.ndarray):
        return change(value) if value.dtype.kind == "f" else value
    if isinstance(value, Callable_):
        return Callable_(value.source, {name: _each_float(part, change) for name, part in value.data.items()})
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[_each_float(part, change) for part in value])
    if type(value) in (list, tuple):
        return type(value)(_each_float(part, change) for part in value)
    return value


def redrawn(value: Any, by: int) -> Any:
    """Another generator for a generator, anything else as it is."""
    return Seed(value.seed + by) if isinstance(value, Seed) else value


# ---------------------------------------------------------------- what a probe covers


def facets_of(arguments: Mapping[str, Any], recipe: Recipe) -> frozenset[str]:
    """What the arguments show, in the words of verdict.FACETS."""
    arrays = list(_arrays(list(arguments.values())))
    floats = [array for array in arrays if array.dtype.kind == "f" and array.size]
    masks = [array for array in arrays if array.dtype == np.bool_ and array.ndim]
    largest = max((float(np.max(np.abs(array), where=np.isfinite(array), initial=0)) for array in floats), default=0)
    shown = {
        "masks": bool(masks),
        "empty-rows": any(not array.any(axis=-1).all() for array in masks),
        "float32": any(array.dtype == np.float32 for array in floats),
        "batches": bool(recipe.batch),
        "large": largest >= 50,
        "tiny": recipe.scale == TINY,
        "bad-input": recipe.expect == "raises",
        "integers": recipe.facet == "" and not floats and any(array.dtype.kind in "iu" for array in arrays),
    }
    return frozenset([name for name, is_so in shown.items() if is_so] + ([recipe.facet] if recipe.facet else []))


def _arrays(values: Any) -> Iterator[Any]:
    if isinstance(values, np.ndarray):
        yield values
    elif isinstance(values, list | tuple) and not isinstance(values, Callable_ | Seed):
        for value in values:
            yield from _arrays(value)


# ---------------------------------------------------------------- for a call in this process

MAX_CALLS = 10_000


def live(value: Any) -> Any:
    """A fresh copy of an argument that can be used here: arrays copied, generators and functions made."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K")
    if isinstance(value, Seed):
        return np.random.default_rng(value.seed)
    if isinstance(value, Callable_):
        return _Limited(_function_of(value.source, {name: live(part) for name, part in value.data.items()}))
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*[live(part) for part in value])
    if type(value) in (list, tuple):
        return type(value)(live(part) for part in value)
    return value


class _Limited:
    """A function that may be called so often: a mistake of the catalog must not run for ever."""

    def __init__(self, function: Function) -> None:
        self.function, self.calls = function, 0

    def __call__(self, *args: Any) -> Any:
        self.calls += 1
        if self.calls > MAX_CALLS:
            raise RecursionError(f"called more than {MAX_CALLS} times")
        return self.function(*args)


def _function_of(source: str, data: dict[str, Any]) -> Function:
    """As in the attempt's process: the last statement of the source is the function."""
    tree, names = ast.parse(source), {"np": np, **data}
    last = tree.body[-1]
    before = tree.body[:-1] if isinstance(last, ast.Expr) else tree.body
    exec(compile(ast.Module(before, []), "<given>", "exec"), names)
    if isinstance(last, ast.Expr):
        made: Function = eval(compile(ast.Expression(last.value), "<given>", "eval"), names)
        return made
    named: Function = names[last.name]  # type: ignore[attr-defined]
    return named
