"""The same weights in other people's layouts, so that the reference can be run beside them.

PyTorch stores a linear map as (out, in) and the projections of queries, keys and values as one matrix; GPT-2
stores (in, out), and one matrix too. A state is a mapping from names to arrays, as `module.state_dict()` is;
its numbers are copied. Masks: PyTorch's `scaled_dot_product_attention` means by True what we mean, "may
attend"; its `nn` modules mean the opposite.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from reference.attention import AttentionWeights
from reference.language_models import Gpt2Weights
from reference.layers import Affine, FeedForwardWeights, NormWeights
from reference.shapes import Array
from reference.weights import DecoderLayerWeights, DecoderWeights, EncoderLayerWeights, EncoderWeights

State = Mapping[str, Any]
Arrays = dict[str, Array]

# ---------------------------------------------------------------- from PyTorch


def from_torch_attention(state: State, prefix: str = "") -> AttentionWeights:
    """Weights of an nn.MultiheadAttention; with biases, if it has them."""
    if _holds(state, f"{prefix}bias_k"):
        raise ValueError(f"state must not hold {prefix}bias_k, a key that no input has: add_bias_kv=False")
    packed = f"{prefix}in_proj_weight"
    if _holds(state, packed):
        w_q, w_k, w_v = np.split(_array(state, packed), 3)
    else:
        w_q, w_k, w_v = (_array(state, f"{prefix}{role}_proj_weight") for role in "qkv")
    matrices = [w_q.T, w_k.T, w_v.T, _array(state, f"{prefix}out_proj.weight").T]
    if not _holds(state, f"{prefix}in_proj_bias"):
        return AttentionWeights(*matrices)
    biases = [*np.split(_array(state, f"{prefix}in_proj_bias"), 3), _array(state, f"{prefix}out_proj.bias")]
    return _affine(matrices, biases)


def from_torch_encoder_layer(state: State, prefix: str = "") -> EncoderLayerWeights:
    """Weights of an nn.TransformerEncoderLayer, whichever its norm_first."""
    return EncoderLayerWeights(
        from_torch_attention(state, f"{prefix}self_attn."),
        _norm(state, f"{prefix}norm1."),
        _torch_feed_forward(state, prefix),
        _norm(state, f"{prefix}norm2."),
    )


def from_torch_decoder_layer(state: State, prefix: str = "") -> DecoderLayerWeights:
    """Weights of an nn.TransformerDecoderLayer, whichever its norm_first."""
    return DecoderLayerWeights(
        from_torch_attention(state, f"{prefix}self_attn."),
        _norm(state, f"{prefix}norm1."),
        from_torch_attention(state, f"{prefix}multihead_attn."),
        _norm(state, f"{prefix}norm2."),
        _torch_feed_forward(state, prefix),
        _norm(state, f"{prefix}norm3."),
    )


def from_torch_transformer(state: State) -> tuple[EncoderWeights, DecoderWeights]:
    """Weights of an nn.Transformer, which has no embeddings. Its stacks always end with a norm."""
    encoder_layers = [from_torch_encoder_layer(state, prefix) for prefix in _layers(state, "encoder.layers.")]
    decoder_layers = [from_torch_decoder_layer(state, prefix) for prefix in _layers(state, "decoder.layers.")]
    return (
        EncoderWeights(tuple(encoder_layers), _norm(state, "encoder.norm.")),
        DecoderWeights(tuple(decoder_layers), _norm(state, "decoder.norm.")),
    )


# ---------------------------------------------------------------- to PyTorch


def to_torch_attention(weights: AttentionWeights, prefix: str = "") -> Arrays:
    """The state of an nn.MultiheadAttention. Its bias is False, if the weights have none."""
    maps = _biased(weights)
    inputs = [np.array(part.w.T) for part in maps[:3]]
    if len({matrix.shape for matrix in inputs}) == 1:
        state = {f"{prefix}in_proj_weight": np.concatenate(inputs)}
    else:
        state = {f"{prefix}{role}_proj_weight": matrix for role, matrix in zip("qkv", inputs, strict=True)}
    state[f"{prefix}out_proj.weight"] = np.array(maps[3].w.T)
    if any(isinstance(w, Affine) for w in weights):
        state[f"{prefix}in_proj_bias"] = np.concatenate([part.b for part in maps[:3]])
        state[f"{prefix}out_proj.bias"] = np.array(maps[3].b)
    return state


def to_torch_encoder_layer(weights: EncoderLayerWeights, prefix: str = "") -> Arrays:
    """The state of an nn.TransformerEncoderLayer."""
    return {
        **to_torch_attention(weights.attention, f"{prefix}self_attn."),
        **_from_norm(weights.norm_1, f"{prefix}norm1."),
        **_to_torch_feed_forward(weights.feed_forward, prefix),
        **_from_norm(weights.norm_2, f"{prefix}norm2."),
    }


def to_torch_decoder_layer(weights: DecoderLayerWeights, prefix: str = "") -> Arrays:
    """The state of an nn.TransformerDecoderLayer."""
    return {
        **to_torch_attention(weights.self_attention, f"{prefix}self_attn."),
        **_from_norm(weights.norm_1, f"{prefix}norm1."),
        **to_torch_attention(weights.cross_attention, f"{prefix}multihead_attn."),
        **_from_norm(weights.norm_2, f"{prefix}norm2."),
        **_to_torch_feed_forward(weights.feed_forward, prefix),
        **_from_norm(weights.norm_3, f"{prefix}norm3."),
    }


def to_torch_transformer(encoder: EncoderWeights, decoder: DecoderWeights) -> Arrays:
    """The state of an nn.Transformer; both stacks must end with a norm, as they always do there."""
    if encoder.norm is None or decoder.norm is None:
        raise ValueError("to_torch_transformer: encoder and decoder must have a final norm, got None")
    state = {**_from_norm(encoder.norm, "encoder.norm."), **_from_norm(decoder.norm, "decoder.norm.")}
    for i, encoder_layer in enumerate(encoder.layers):
        state |= to_torch_encoder_layer(encoder_layer, f"encoder.layers.{i}.")
    for i, decoder_layer in enumerate(decoder.layers):
        state |= to_torch_decoder_layer(decoder_layer, f"decoder.layers.{i}.")
    return state


# ---------------------------------------------------------------- GPT-2


def from_gpt2(state: State, prefix: str = "") -> Gpt2Weights:
    """Weights of a GPT-2 as released: (in, out), queries, keys and values packed side by side."""
    layers = []
    for layer in _layers(state, f"{prefix}h."):
        matrices = np.split(_array(state, f"{layer}attn.c_attn.weight"), 3, axis=-1)
        biases = np.split(_array(state, f"{layer}attn.c_attn.bias"), 3)
        w_o, b_o = (_array(state, f"{layer}attn.c_proj.{part}") for part in ("weight", "bias"))
        names = ("mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias")
        layers.append(
            EncoderLayerWeights(
                _affine([*matrices, w_o], [*biases, b_o]),
                _norm(state, f"{layer}ln_1."),
                FeedForwardWeights(*[_array(state, layer + name) for name in names]),
                _norm(state, f"{layer}ln_2."),
            )
        )
    embedding, positions = _array(state, f"{prefix}wte.weight"), _array(state, f"{prefix}wpe.weight")
    return Gpt2Weights(embedding, positions, tuple(layers), _norm(state, f"{prefix}ln_f."))


def to_gpt2(weights: Gpt2Weights) -> Arrays:
    """The state of a GPT-2 as released."""
    state = {"wte.weight": np.array(weights.embedding), "wpe.weight": np.array(weights.positions)}
    for i, layer in enumerate(weights.layers):
        maps = _biased(layer.attention)
        state[f"h.{i}.attn.c_attn.weight"] = np.concatenate([part.w for part in maps[:3]], axis=-1)
        state[f"h.{i}.attn.c_attn.bias"] = np.concatenate([part.b for part in maps[:3]])
        state[f"h.{i}.attn.c_proj.weight"], state[f"h.{i}.attn.c_proj.bias"] = map(np.array, maps[3])
        state |= _from_norm(layer.norm_1, f"h.{i}.ln_1.") | _from_norm(layer.norm_2, f"h.{i}.ln_2.")
        names = ("mlp.c_fc.weight", "mlp.c_fc.bias", "mlp.c_proj.weight", "mlp.c_proj.bias")
        for name, array in zip(names, layer.feed_forward, strict=True):
            state[f"h.{i}.{name}"] = np.array(array)
    return state | _from_norm(weights.norm, "ln_f.")


# ---------------------------------------------------------------- parts


def _mapping(state: State) -> State:
    if not isinstance(state, Mapping):
        raise TypeError(
            f"state must map names to arrays, as module.state_dict() does, got {type(state).__name__}"
        )
    return state


def _holds(state: State, name: str) -> bool:
    return name in _mapping(state)


def _array(state: State, name: str) -> Array:
    if not _holds(state, name):
        raise ValueError(f"state must hold {name}, got {len(state)} other names")
    copied: Array = np.asarray(state[name]).copy()
    return copied


def _layers(state: State, prefix: str) -> list[str]:
    """The prefixes of all layers, in order: "encoder.layers.0." and so on."""
    names = [name for name in _mapping(state) if name.startswith(prefix)]
    numbers = {int(name.removeprefix(prefix).split(".")[0]) for name in names}
    return [f"{prefix}{number}." for number in sorted(numbers)]


def _affine(matrices: list[Array], biases: list[Array]) -> AttentionWeights:
    pairs = [Affine(w, b) for w, b in zip(matrices, biases, strict=True)]
    return AttentionWeights(*pairs)  # type: ignore[arg-type]  # an Affine stands where a matrix stands


def _biased(weights: AttentionWeights) -> list[Affine]:
    """The four maps with a bias each, of zeros where they have none."""
    maps: list[Any] = list(weights)
    return [w if isinstance(w, Affine) else Affine(w, np.zeros_like(w[0])) for w in maps]


def _norm(state: State, prefix: str) -> NormWeights:
    """Scale and shift; a module made with bias=False has no shift."""
    gamma = _array(state, f"{prefix}weight")
    beta = _array(state, f"{prefix}bias") if _holds(state, f"{prefix}bias") else np.zeros_like(gamma)
    return NormWeights(gamma, beta)


def _from_norm(weights: NormWeights, prefix: str) -> Arrays:
    return {f"{prefix}weight": np.array(weights.gamma), f"{prefix}bias": np.array(weights.beta)}


def _torch_feed_forward(state: State, prefix: str) -> FeedForwardWeights:
    w_1, w_2 = _array(state, f"{prefix}linear1.weight").T, _array(state, f"{prefix}linear2.weight").T
    biased = _holds(state, f"{prefix}linear1.bias")
    b_1 = _array(state, f"{prefix}linear1.bias") if biased else np.zeros_like(w_1[0])
    b_2 = _array(state, f"{prefix}linear2.bias") if biased else np.zeros_like(w_2[0])
    return FeedForwardWeights(w_1, b_1, w_2, b_2)


def _to_torch_feed_forward(weights: FeedForwardWeights, prefix: str) -> Arrays:
    return {
        f"{prefix}linear1.weight": np.array(weights.w_1.T),
        f"{prefix}linear1.bias": np.array(weights.b_1),
        f"{prefix}linear2.weight": np.array(weights.w_2.T),
        f"{prefix}linear2.bias": np.array(weights.b_2),
    }
