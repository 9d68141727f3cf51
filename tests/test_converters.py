"""The reference beside PyTorch, weight for weight: attention, layers, nn.Transformer, and GPT-2's layout."""

from __future__ import annotations

import math

import numpy as np
import pytest

from reference import (
    Affine,
    AttentionWeights,
    TransformerConfig,
    causal_mask,
    decoder,
    decoder_layer,
    encoder,
    encoder_layer,
    gpt2,
    init_gpt2,
    init_transformer,
    multi_head_attention,
    padding_mask,
)
from reference.converters import (
    from_gpt2,
    from_torch_attention,
    from_torch_decoder_layer,
    from_torch_encoder_layer,
    from_torch_transformer,
    to_gpt2,
    to_torch_attention,
    to_torch_decoder_layer,
    to_torch_encoder_layer,
    to_torch_transformer,
)

pytestmark = pytest.mark.filterwarnings("ignore:enable_nested_tensor")

B, SOURCE, TARGET, D, H, D_FF = 2, 7, 5, 12, 3, 20
NORMS = pytest.mark.parametrize("norm", ["post", "pre"])


@pytest.fixture
def torch():
    return pytest.importorskip("torch")


@pytest.fixture
def rng():
    return np.random.default_rng(2)


def shaken(module, torch):
    """Every parameter random: PyTorch starts with zero biases and gamma 1, which hide mistakes."""
    generator = torch.Generator().manual_seed(4)
    for parameter in module.parameters():
        torch.nn.init.normal_(parameter, std=0.4, generator=generator)
    return module.double().eval()


def same_state(ours, module):
    """Our arrays under PyTorch's names, all of them."""
    theirs = module.state_dict()
    assert ours.keys() == theirs.keys()
    for name, array in ours.items():
        np.testing.assert_array_equal(array, theirs[name], err_msg=name)


# ---------------------------------------------------------------- attention


@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("widths", [{}, {"kdim": D, "vdim": D}, {"kdim": 10, "vdim": 10}])
def test_attention(torch, rng, bias, widths):
    module = shaken(torch.nn.MultiheadAttention(D, H, bias=bias, batch_first=True, **widths), torch)
    weights = from_torch_attention(module.state_dict())
    x, memory = rng.normal(size=(B, TARGET, D)), rng.normal(size=(B, SOURCE, widths.get("kdim", D)))
    real = np.arange(SOURCE) < np.array([[SOURCE], [4]])
    expected, _ = module(
        *map(torch.from_numpy, (x, memory, memory)),
        key_padding_mask=torch.from_numpy(~real),
        need_weights=False,
    )
    output = multi_head_attention(x, memory, weights, H, real[:, None, None])
    np.testing.assert_allclose(output, expected.detach(), atol=1e-12)
    same_state(to_torch_attention(weights), module)
    assert isinstance(weights.w_q, Affine) == bias


def test_the_numbers_are_copied(torch):
    module = shaken(torch.nn.MultiheadAttention(D, H), torch)
    weights = from_torch_attention(module.state_dict())
    before = weights.w_o.w.copy()
    with torch.no_grad():
        module.out_proj.weight.add_(1)
    np.testing.assert_array_equal(weights.w_o.w, before)


def test_weights_without_biases_go_out_without_biases():
    state = to_torch_attention(AttentionWeights(*[np.eye(4)] * 4), "layer.")
    assert set(state) == {"layer.in_proj_weight", "layer.out_proj.weight"}


def test_where_some_maps_have_biases_the_others_get_zeros():
    q, o = (Affine(np.eye(4), np.full(4, bias)) for bias in (1.0, 2.0))
    state = to_torch_attention(AttentionWeights(q, np.eye(4), np.eye(4), o))
    np.testing.assert_array_equal(state["in_proj_bias"], [1] * 4 + [0] * 8)
    np.testing.assert_array_equal(state["out_proj.bias"], [2] * 4)


# ---------------------------------------------------------------- layers


@NORMS
@pytest.mark.parametrize("bias", [True, False])
def test_encoder_layer(torch, rng, norm, bias):
    module = torch.nn.TransformerEncoderLayer(
        D, H, D_FF, 0.0, batch_first=True, norm_first=norm == "pre", bias=bias
    )
    weights = from_torch_encoder_layer(shaken(module, torch).state_dict())
    x = rng.normal(size=(B, SOURCE, D))
    mask = causal_mask(SOURCE)
    expected = module(torch.from_numpy(x), src_mask=torch.from_numpy(~mask)).detach()
    np.testing.assert_allclose(encoder_layer(x, weights, H, mask, norm), expected, atol=1e-12)
    if bias:
        same_state(to_torch_encoder_layer(weights), module)


@NORMS
def test_decoder_layer(torch, rng, norm):
    module = torch.nn.TransformerDecoderLayer(D, H, D_FF, 0.0, batch_first=True, norm_first=norm == "pre")
    weights = from_torch_decoder_layer(shaken(module, torch).state_dict())
    x, memory = rng.normal(size=(B, TARGET, D)), rng.normal(size=(B, SOURCE, D))
    future = torch.from_numpy(~causal_mask(TARGET))
    expected = module(*map(torch.from_numpy, (x, memory)), tgt_mask=future).detach()
    np.testing.assert_allclose(decoder_layer(x, memory, weights, H, norm=norm), expected, atol=1e-12)
    same_state(to_torch_decoder_layer(weights), module)


# ---------------------------------------------------------------- the whole model


@NORMS
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_whole_transformer_with_padding_and_causal_masks(torch, rng, norm, dtype):
    module = torch.nn.Transformer(D, H, 2, 3, D_FF, 0.0, batch_first=True, norm_first=norm == "pre")
    module = shaken(module, torch).to(torch.float32 if dtype == np.float32 else torch.float64)
    weights = from_torch_transformer(module.state_dict())
    source, target = (rng.normal(size=(B, n, D)).astype(dtype) for n in (SOURCE, TARGET))
    source_ids = np.array([[1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 0, 0, 0, 0]])
    target_ids = np.array([[1, 2, 3, 4, 0], [1, 2, 3, 4, 5]])
    expected = module(
        *map(torch.from_numpy, (source, target)),
        tgt_mask=torch.from_numpy(~causal_mask(TARGET)),
        src_key_padding_mask=torch.from_numpy(source_ids == 0),
        memory_key_padding_mask=torch.from_numpy(source_ids == 0),
        tgt_key_padding_mask=torch.from_numpy(target_ids == 0),
    ).detach()
    source_mask, target_mask = padding_mask(source_ids, 0), padding_mask(target_ids, 0)
    memory = encoder(source, weights[0], H, source_mask, norm)
    output = decoder(target, memory, weights[1], H, target_mask, source_mask, norm)
    assert output.dtype == dtype
    np.testing.assert_allclose(output, expected, atol=1e-10 if dtype == np.float64 else 1e-4)
    same_state(to_torch_transformer(*weights), module)


def test_what_we_initialise_can_be_loaded(torch, rng):
    config = TransformerConfig(11, D, H, D_FF, 2, 2, norm="pre", attention_biases=True)
    weights = init_transformer(config, rng)
    module = torch.nn.Transformer(D, H, 2, 2, D_FF, 0.0, batch_first=True, norm_first=True).double().eval()
    state = to_torch_transformer(weights.encoder, weights.decoder)
    module.load_state_dict({name: torch.from_numpy(array) for name, array in state.items()})
    x = rng.normal(size=(B, SOURCE, D))
    expected = module.encoder(torch.from_numpy(x)).detach()
    np.testing.assert_allclose(encoder(x, weights.encoder, H, norm="pre"), expected, atol=1e-12)


def test_what_cannot_be_converted_is_named(rng):
    with pytest.raises(ValueError, match=r"state must hold out_proj.weight, got 1 other names"):
        from_torch_attention({"in_proj_weight": np.ones((12, 4))})
    with pytest.raises(ValueError, match=r"state must not hold self_attn.bias_k"):
        from_torch_encoder_layer({"self_attn.bias_k": np.ones((1, 1, 12))})
    with pytest.raises(TypeError, match=r"state must map names to arrays, .* got list"):
        from_torch_attention([np.ones((12, 4))])
    weights = init_transformer(TransformerConfig(11, D, H, D_FF, 1, 1), rng)
    with pytest.raises(ValueError, match="encoder and decoder must have a final norm, got None"):
        to_torch_transformer(weights.encoder, weights.decoder)


# ---------------------------------------------------------------- GPT-2


def gpt2_weights(rng):
    config = TransformerConfig(11, D, H, D_FF, 0, 2, "pre", True, True, 8)
    state = to_gpt2(init_gpt2(config, rng))
    return {name: array + 0.3 * rng.normal(size=array.shape) for name, array in state.items()}


def test_gpt2_state_there_and_back(rng):
    state = gpt2_weights(rng)
    assert state["h.1.attn.c_attn.weight"].shape == (D, 3 * D)
    back = to_gpt2(from_gpt2({f"transformer.{name}": array for name, array in state.items()}, "transformer."))
    assert back.keys() == state.keys()
    for name, array in back.items():
        np.testing.assert_array_equal(array, state[name])


def test_gpt2_equals_the_published_formulas_in_pytorch(torch, rng):
    """The released model written with PyTorch's functions: packed projection, tanh GELU, tied output."""
    state = gpt2_weights(rng)
    t = {name: torch.from_numpy(array) for name, array in state.items()}
    ids = rng.integers(0, 11, size=(B, TARGET))
    functional = torch.nn.functional

    def norm(x, name):
        return functional.layer_norm(x, (D,), t[f"{name}.weight"], t[f"{name}.bias"])

    def conv(x, name):
        return x @ t[f"{name}.weight"] + t[f"{name}.bias"]

    x = t["wte.weight"][torch.from_numpy(ids)] + t["wpe.weight"][:TARGET]
    for i in range(2):
        q, k, v = conv(norm(x, f"h.{i}.ln_1"), f"h.{i}.attn.c_attn").split(D, dim=-1)
        q, k, v = (part.view(B, TARGET, H, D // H).transpose(1, 2) for part in (q, k, v))
        heads = functional.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + conv(heads.transpose(1, 2).reshape(B, TARGET, D), f"h.{i}.attn.c_proj")
        inner = functional.gelu(conv(norm(x, f"h.{i}.ln_2"), f"h.{i}.mlp.c_fc"), approximate="tanh")
        x = x + conv(inner, f"h.{i}.mlp.c_proj")
    expected = norm(x, "ln_f") @ t["wte.weight"].T
    np.testing.assert_allclose(gpt2(ids, from_gpt2(state), H), expected, atol=1e-10)


def test_gpt2_weights_without_biases_go_out_with_zeros(rng):
    weights = from_gpt2(gpt2_weights(rng))
    plain = weights.layers[0]._replace(attention=AttentionWeights(*[np.eye(D)] * 4))
    state = to_gpt2(weights._replace(layers=(plain,)))
    assert (state["h.0.attn.c_attn.bias"] == 0).all()
    assert math.prod(state["h.0.attn.c_attn.weight"].shape) == 3 * D * D
