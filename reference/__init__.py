"""The reference: self-attention and the transformer in NumPy, in the order in which they explain each other.

What is imported from here takes array-likes and checks its arguments; the modules hold the plain functions.
(`reference.transformer` is the function; `from reference.transformer import ...` finds its module.)
"""

# ruff: noqa: F403, I001  (everything public, in reading order)
from types import FunctionType

from reference.attention import *
from reference.tiling import *
from reference.positions import *
from reference.layers import *
from reference.weights import *
from reference.transformer import *
from reference.language_models import *
from reference.gradients import *
from reference.head_gradients import *
from reference.layer_gradients import *
from reference.model_gradients import *
from reference.decoding import *
from reference.caching import *
from reference.training import *
from reference.door import checked

_ours = {
    name: thing
    for name, thing in globals().items()
    if getattr(thing, "__module__", "").startswith("reference.") and thing is not checked
}
globals().update({name: checked(thing) for name, thing in _ours.items() if isinstance(thing, FunctionType)})

__all__ = list(_ours)
