"""Gradients against PyTorch: attention with empty rows, layers, losses, a whole encoder-decoder."""

from __future__ import annotations

import numpy as np
import pytest

from reference import gradients as g
from reference import layer_gradients as lg
from reference import model_gradients as mg
from reference.converters import from_torch_transformer
from reference.training import smooth_labels, soft_cross_entropy
from reference.transformer import encoder
from reference.vector import flatten

torch = pytest.importorskip("torch")

B, H, TQ, TK, DK, DV, D, V = 2, 3, 5, 7, 4, 6, 12, 11


@pytest.fixture(autouse=True)
def fresh_numbers():
    """Every test draws its own numbers, whatever ran before it."""
    global rng
    rng = np.random.default_rng(20240229)


def normal(*shape):
    return rng.normal(size=shape)


def ragged_mask(*shape):
    """Half of the keys, another half for each query, and one query without any."""
    mask = np.random.default_rng(1).random(shape) < 0.5
    mask[..., 1, :] = False
    return mask


def equal(found, expected):
    np.testing.assert_allclose(flatten((found,)), flatten((expected,)), rtol=1e-11, atol=1e-12)


def test_attention_against_pytorch():
    mask = ragged_mask(B, H, TQ, TK)
    q, k, v, d = normal(B, H, TQ, DK), normal(B, H, TK, DK), normal(B, H, TK, DV), normal(B, H, TQ, DV)
    theirs = [torch.tensor(a, requires_grad=True) for a in (q, k, v)]
    output = torch.nn.functional.scaled_dot_product_attention(*theirs, attn_mask=torch.tensor(mask))
    output.backward(torch.tensor(d))
    equal(g.scaled_dot_product_attention_backward(d, q, k, v, mask), tuple(t.grad.numpy() for t in theirs))


def test_layers_against_pytorch():
    f = torch.nn.functional
    x, gamma, beta, d = 3 * normal(B, TQ, 6), normal(6), normal(6), normal(B, TQ, 6)
    cases = [
        (lambda x, a, b: f.layer_norm(x, (6,), a, b), lg.layer_norm_backward, (x, gamma, beta)),
        (lambda x, a: f.rms_norm(x, (6,), a, 1e-6), lg.rms_norm_backward, (x, gamma)),
        (f.relu, lg.relu_backward, (x,)),
        (f.silu, lg.silu_backward, (x,)),
        (f.gelu, lg.gelu_backward, (x,)),
        (lambda x: f.gelu(x, approximate="tanh"), lambda d, x: lg.gelu_backward(d, x, True), (x,)),
        (lambda x: f.log_softmax(x, -1), g.log_softmax_backward, (x,)),
    ]
    for theirs, ours, arguments in cases:
        tensors = [torch.tensor(a, requires_grad=True) for a in arguments]
        theirs(*tensors).backward(torch.tensor(d))
        found = ours(d, *arguments)
        equal(found if type(found) is tuple else (found,), tuple(t.grad.numpy() for t in tensors))


def test_losses_against_pytorch():
    logits, targets = normal(9, V), np.array([3, 10, 0, 5, 7, 2, 2, 0, 0])
    for eps in (0.0, 0.1):
        tensor = torch.tensor(logits, requires_grad=True)
        loss = torch.nn.functional.cross_entropy(
            tensor, torch.tensor(targets), ignore_index=0, label_smoothing=eps
        )
        loss.backward()
        labels = smooth_labels(targets, V, eps, pad=0)
        equal(soft_cross_entropy(logits, labels), loss.detach().numpy())
        equal(lg.soft_cross_entropy_backward(1.0, logits, labels), tensor.grad.numpy())


@pytest.mark.filterwarnings("ignore:enable_nested_tensor")
@pytest.mark.parametrize("norm", ["post", "pre"])
def test_encoder_decoder_against_pytorch(norm):
    torch.manual_seed(0)
    model = torch.nn.Transformer(
        D, 4, 2, 2, 20, dropout=0.0, batch_first=True, norm_first=norm == "pre", dtype=torch.float64
    )
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.1 * torch.randn_like(parameter)
    encoder_weights, decoder_weights = from_torch_transformer(
        {name: p.detach().numpy() for name, p in model.named_parameters()}
    )
    source, target, d = normal(B, TK, D), normal(B, TQ, D), normal(B, TQ, D)
    real = np.array([[1, 1, 1, 1, 1, 0, 0], [1] * 7], dtype=bool)
    tensors = [torch.tensor(a, requires_grad=True) for a in (source, target)]
    causal = torch.triu(torch.ones(TQ, TQ, dtype=torch.bool), 1)
    padding = torch.tensor(~real)
    output = model(*tensors, tgt_mask=causal, src_key_padding_mask=padding, memory_key_padding_mask=padding)
    output.backward(torch.tensor(d))
    mask = real[:, None, None]
    memory = encoder(source, encoder_weights, 4, mask, norm)
    d_target, d_memory, d_decoder = mg.decoder_backward(
        d, target, memory, decoder_weights, 4, None, mask, norm
    )
    d_source, d_encoder = mg.encoder_backward(d_memory, source, encoder_weights, 4, mask, norm)
    theirs = from_torch_transformer({name: p.grad.numpy() for name, p in model.named_parameters()})
    for ours, other in (
        ((d_source, d_target), tuple(t.grad.numpy() for t in tensors)),
        ((d_encoder, d_decoder), theirs),
    ):
        np.testing.assert_allclose(flatten(ours), flatten(other), rtol=1e-9, atol=1e-11)
