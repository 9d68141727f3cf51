"""Batches, losses, labels, Adam, warm-up: laws and independent oracles; and that a model learns."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference.caching import next_token_model
from reference.decoding import beam_search, greedy_decode
from reference.language_models import init_gpt2
from reference.layer_gradients import soft_cross_entropy_backward
from reference.model_gradients import transformer_backward
from reference.training import (
    BOS,
    EOS,
    PAD,
    AdamState,
    TrainingConfig,
    adam_start,
    adam_step,
    cross_entropy,
    kl_divergence,
    make_pairs,
    noam_learning_rate,
    smooth_labels,
    soft_cross_entropy,
    teacher_forcing_batch,
    token_accuracy,
    train,
    training_step,
)
from reference.transformer import transformer
from reference.vector import flatten, unflatten
from reference.weights import GPT2_SMALL, TransformerConfig, init_transformer

# ---------------------------------------------------------------- batches

symbols = st.lists(st.integers(3, 20), max_size=6)


@given(st.lists(st.tuples(symbols, symbols), min_size=1, max_size=5))
def test_teacher_forcing(pairs):
    source, decoder_input, target = teacher_forcing_batch(pairs, BOS, EOS, PAD)
    assert decoder_input.shape == target.shape == (len(pairs), max(len(t) for _, t in pairs) + 1)
    assert source.shape == (len(pairs), max(len(s) for s, _ in pairs))
    assert {source.dtype.kind, decoder_input.dtype.kind, target.dtype.kind} == {"i"}
    for row, (s, t) in enumerate(pairs):
        n = len(t) + 1
        assert source[row].tolist() == [*s, *[PAD] * (source.shape[1] - len(s))]
        assert decoder_input[row, :n].tolist() == [BOS, *t]
        assert target[row, :n].tolist() == [*t, EOS]
        assert np.all(decoder_input[row, n:] == PAD)
        assert np.all(target[row, n:] == PAD)


def test_an_empty_batch_is_refused():
    with pytest.raises(ValueError, match="pairs must hold at least one pair"):
        teacher_forcing_batch([], BOS, EOS, PAD)


# ---------------------------------------------------------------- losses


def naive_cross_entropy(logits, targets, pad):
    terms = []
    for row, target in zip(logits.reshape(-1, logits.shape[-1]), targets.ravel(), strict=True):
        if target != pad:
            terms.append(math.log(math.fsum(math.exp(z) for z in row)) - row[target])
    return math.fsum(terms) / len(terms)


@pytest.mark.parametrize("pad", [None, 0, -100])
def test_cross_entropy_is_the_mean_surprise(pad):
    rng = np.random.default_rng(0)
    logits, targets = rng.normal(size=(2, 5, 11)), rng.integers(0, 11, (2, 5))
    if pad is not None:
        targets[0, 3:] = pad
    assert math.isclose(
        cross_entropy(logits, targets, pad), naive_cross_entropy(logits, targets, pad), rel_tol=1e-13
    )


def test_cross_entropy_landmarks():
    assert math.isclose(cross_entropy(np.zeros((3, 7)), np.array([0, 3, 6])), math.log(7))
    assert cross_entropy(np.array([[1000.0, 0.0]]), np.array([0])) == 0
    assert cross_entropy(np.array([[1000.0, 0.0]]), np.array([1])) == 1000
    assert cross_entropy(np.array([[0.0, -np.inf]]), np.array([0])) == 0
    assert cross_entropy(np.zeros((3, 7), dtype=np.float32), np.array([0, 3, 6])).dtype == np.float32


def test_cross_entropy_weighs_tokens_not_sentences():
    logits = np.array([[[0.0, 3.0], [0, 0], [0, 0]], [[0, 1.0], [0, 1.0], [0, 1.0]]])
    targets = np.array([[1, 9, 9], [1, 1, 1]])
    one, three = math.log1p(math.exp(-3)), math.log1p(math.exp(-1))
    assert math.isclose(cross_entropy(logits, targets, pad=9), (one + 3 * three) / 4)


@pytest.mark.parametrize(
    ("targets", "pad", "words"),
    [
        ([0, 11], None, "targets must be from 0 to 10, got 11"),
        ([0, -1], None, "targets must be from 0 to 10, got -1"),
        ([0], None, r"targets must have shape \(2,\), got \(1,\)"),
        ([5, 5], 5, "at least one token that is not padding"),
    ],
)
def test_cross_entropy_refuses(targets, pad, words):
    with pytest.raises(ValueError, match=words):
        cross_entropy(np.zeros((2, 11)), np.array(targets), pad)


@given(st.integers(2, 12), st.floats(0, 1), st.lists(st.integers(0, 1), min_size=1, max_size=6))
def test_smooth_labels_are_distributions(n_classes, eps, targets):
    labels = smooth_labels(np.array(targets), n_classes, eps)
    np.testing.assert_allclose(labels.sum(axis=-1), 1)
    np.testing.assert_allclose(labels.min(axis=-1), eps / n_classes, atol=1e-16)
    rows = np.arange(len(targets))
    np.testing.assert_allclose(labels[rows, targets], 1 - eps + eps / n_classes)


def test_smooth_labels_at_padding():
    labels = smooth_labels(np.array([[1, 0], [2, 0]]), 5, 0.1, pad=0)
    np.testing.assert_array_equal(labels[:, 1], 0)
    np.testing.assert_allclose(labels[0, 0], [0.02, 0.92, 0.02, 0.02, 0.02])
    with pytest.raises(ValueError, match=r"eps must be from 0 to 1, got 1\.5"):
        smooth_labels(np.array([0]), 5, 1.5)


@pytest.mark.parametrize("outside", [5, -1])
def test_smooth_labels_of_a_class_that_is_not_there(outside):
    with pytest.raises(ValueError, match=rf"targets must be from 0 to 4, got {outside}"):
        smooth_labels(np.array([0, outside]), 5, 0.1)
    assert not smooth_labels(np.array([0, outside]), 5, 0.1, pad=outside)[1].any()


@given(st.integers(0, 1000), st.floats(0, 0.9))
def test_losses_agree(seed, eps):
    rng = np.random.default_rng(seed)
    logits, targets = rng.normal(size=(4, 6)), np.array([0, 3, 5, 0])
    labels = smooth_labels(targets, 6, eps, pad=0)
    loss, divergence = soft_cross_entropy(logits, labels), kl_divergence(logits, labels)
    q = labels[1]
    entropy = -sum(p * math.log(p) for p in q if p > 0)
    assert math.isclose(loss, divergence + entropy, rel_tol=1e-12)
    assert divergence >= 0
    plain = cross_entropy(logits, targets, pad=0)
    average = -np.mean([row - math.log(np.exp(row).sum()) for row in logits[1:3]])
    assert math.isclose(loss, (1 - eps) * plain + eps * average, rel_tol=1e-10)


def test_impossible_classes_cost_nothing_unless_asked():
    logits = np.array([[0.0, -np.inf]])
    assert soft_cross_entropy(logits, np.array([[1.0, 0.0]])) == 0
    assert kl_divergence(logits, np.array([[1.0, 0.0]])) == 0
    assert soft_cross_entropy(logits, np.array([[0.5, 0.5]])) == np.inf


# ---------------------------------------------------------------- warm-up and Adam


@given(st.integers(1, 10**6), st.integers(1, 1024), st.integers(1, 10**5))
def test_noam(step, d_model, warmup):
    rate = noam_learning_rate(step, d_model, warmup)
    peak = (d_model * warmup) ** -0.5
    assert math.isclose(rate, peak * (step / warmup if step <= warmup else math.sqrt(warmup / step)))
    assert rate <= peak * (1 + 1e-12)
    assert math.isclose(noam_learning_rate(step, d_model, warmup, factor=2.5), 2.5 * rate)


@pytest.mark.parametrize(("step", "warmup"), [(0, 4000), (-1, 4000), (1, 0)])
def test_noam_counts_from_one(step, warmup):
    with pytest.raises(ValueError, match=f"step and warmup must be at least 1, got {step} and {warmup}"):
        noam_learning_rate(step, 512, warmup)


def naive_adam(parameter, gradients, rate, b1, b2, eps):
    """The closed form of the running means, one number at a time."""
    for t in range(1, len(gradients) + 1):
        m = sum((1 - b1) * b1 ** (t - 1 - i) * gradients[i] for i in range(t)) / (1 - b1**t)
        v = sum((1 - b2) * b2 ** (t - 1 - i) * gradients[i] ** 2 for i in range(t)) / (1 - b2**t)
        parameter -= rate * m / (math.sqrt(v) + eps)
    return parameter


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=6), st.floats(0, 0.99), st.floats(0, 0.999))
def test_adam_is_its_closed_form(gradients, b1, b2):
    parameter, state = np.array([1.5]), adam_start(np.array([1.5]))
    for gradient in gradients:
        parameter, state = adam_step(parameter, np.array([gradient]), state, 0.1, b1, b2, eps=1e-3)
    assert state.t == len(gradients)
    assert math.isclose(
        parameter[0], naive_adam(1.5, gradients, 0.1, b1, b2, 1e-3), rel_tol=1e-9, abs_tol=1e-9
    )


def test_the_first_step_of_adam_is_the_learning_rate():
    parameter, gradient = np.zeros((2, 3)), np.array([[1e-3, -7, 1e4], [-1e-3, 2, -1e-2]])
    moved, _ = adam_step(parameter, gradient, adam_start(parameter), 0.01)
    np.testing.assert_allclose(moved, -0.01 * np.sign(gradient), rtol=1e-5)


def test_adam_changes_nothing_in_place():
    parameter, gradient = np.ones(3), np.ones(3)
    state = AdamState(np.full(3, 0.5), np.full(3, 0.25), 7)
    first = adam_step(parameter, gradient, state, 0.1)
    again = adam_step(parameter, gradient, state, 0.1)
    np.testing.assert_array_equal(first[0], again[0])
    assert (state.t, first[1].t) == (7, 8)
    for array, value in ((parameter, 1), (gradient, 1), (state.m, 0.5), (state.v, 0.25)):
        np.testing.assert_array_equal(array, value)


def test_adam_against_pytorch():
    torch = pytest.importorskip("torch")
    rng = np.random.default_rng(0)
    ours, theirs = rng.normal(size=5), torch.nn.Parameter(torch.zeros(5, dtype=torch.float64))
    with torch.no_grad():
        theirs += torch.tensor(ours)
    state, optimiser = adam_start(ours), torch.optim.Adam([theirs], 0.01, betas=(0.9, 0.98), eps=1e-9)
    for _ in range(20):
        gradient = rng.normal(size=5)
        ours, state = adam_step(ours, gradient, state, 0.01)
        theirs.grad = torch.tensor(gradient)
        optimiser.step()
    np.testing.assert_allclose(ours, theirs.detach().numpy(), rtol=1e-11)


def test_adam_keeps_float32():
    parameter = np.ones(3, dtype=np.float32)
    moved, state = adam_step(parameter, parameter, adam_start(parameter), noam_learning_rate(1, 64))
    assert {moved.dtype, state.m.dtype, state.v.dtype} == {np.dtype(np.float32)}


# ---------------------------------------------------------------- weights as a vector

TINY = TransformerConfig(12, 32, 4, 128, 1, 1)


@pytest.mark.parametrize("config", [TINY, TINY._replace(norm="pre", tied=False, attention_biases=True)])
def test_flatten_and_back(config):
    weights = init_transformer(config, np.random.default_rng(0))
    vector = flatten(weights)
    again = unflatten(vector, weights)
    assert type(again) is type(weights)
    assert type(again.encoder.layers[0].attention) is type(weights.encoder.layers[0].attention)
    np.testing.assert_array_equal(flatten(again), vector)
    again.embedding[0, 0] = 77  # a view
    assert vector[0] == 77
    small = GPT2_SMALL._replace(vocabulary=5, d_model=4, n_heads=2, d_ff=6, n_decoder_layers=2)
    gpt2 = init_gpt2(small, np.random.default_rng(0))
    np.testing.assert_array_equal(unflatten(flatten(gpt2), gpt2).positions, gpt2.positions)


# ---------------------------------------------------------------- learning


@pytest.mark.parametrize("task", ["copy", "reverse"])
def test_a_tiny_model_learns_in_a_second(task):
    config = TrainingConfig(task, shortest=8, steps=300, batch=32, factor=0.5)
    progress = list(train(config, np.random.default_rng(0)))
    weights = progress[-1].weights
    assert flatten(weights).dtype == np.float32
    assert [p.step for p in progress] == list(range(1, 301))
    assert 2 < progress[0].loss < 4
    assert max(progress, key=lambda p: p.learning_rate).step == config.warmup
    unseen = make_pairs(config, 50, np.random.default_rng(1))
    assert token_accuracy(unseen, weights, config.model) > 0.99
    source, target = unseen[0]
    step = next_token_model(np.array(source), weights, config.model.n_heads)
    assert (
        beam_search(step, BOS, EOS, beam=4, max_len=12) == greedy_decode(step, BOS, EOS, 12) == [*target, EOS]
    )


def test_token_accuracy_counts_every_token_at_its_place():
    config, rng = TrainingConfig(), np.random.default_rng(2)
    weights, pairs = init_transformer(config.model, rng), make_pairs(config, 4, rng)
    said = [
        greedy_decode(next_token_model(np.array(source), weights, 4), BOS, EOS, len(target) + 1)
        for source, target in pairs
    ]
    mixed = [(pairs[0][0], said[0][:1] + [11 if n != 11 else 10 for n in said[0][1:]]), *pairs[1:]]
    hits = [
        a == b
        for (_, t), words in zip(mixed, said, strict=True)
        for a, b in zip([*t, EOS], words, strict=False)
    ]
    n_asked = sum(len(target) + 1 for _, target in mixed)
    assert 0 < sum(hits) < n_asked
    assert token_accuracy(mixed, weights, config.model) == sum(hits) / n_asked


def test_training_repeats_itself():
    config = TrainingConfig(steps=3, dropout=0.1)
    losses = [[p.loss for p in train(config, np.random.default_rng(5))] for _ in range(2)]
    assert losses[0] == losses[1]


def test_a_step_follows_the_gradient_of_the_loss():
    config, rng = TrainingConfig(), np.random.default_rng(3)
    weights = init_transformer(config.model, rng)
    batch = teacher_forcing_batch(make_pairs(config, 4, rng), BOS, EOS, PAD)
    source, given, target = batch
    n_heads, mask = config.model.n_heads, (source != PAD)[:, None, None]
    logits = transformer(source, given, weights, n_heads, mask)
    labels = smooth_labels(target, config.model.vocabulary, config.smoothing, PAD)
    d_logits = soft_cross_entropy_backward(1.0, logits, labels)
    gradient = flatten(transformer_backward(d_logits, source, given, weights, n_heads, mask))
    vector = flatten(weights)
    loss, moved, state = training_step(vector, adam_start(vector), weights, batch, config, 1e-3)
    assert math.isclose(loss, soft_cross_entropy(logits, labels), rel_tol=1e-12)
    np.testing.assert_allclose(state.m, 0.1 * gradient, rtol=1e-9, atol=1e-14)
    np.testing.assert_allclose(moved, adam_step(vector, gradient, adam_start(vector), 1e-3)[0], atol=1e-9)


@pytest.mark.parametrize("norm", ["post", "pre"])
def test_a_small_step_downhill_lowers_the_loss(norm):
    """Dropout on, biases, untied: the loss of one batch falls when its own gradient is followed."""
    model = TINY._replace(norm=norm, tied=False, attention_biases=True)
    config, rng = TrainingConfig(model=model), np.random.default_rng(0)
    like = init_transformer(model, rng)
    vector, batch = flatten(like), teacher_forcing_batch(make_pairs(config, 8, rng), BOS, EOS, PAD)
    state, losses = adam_start(vector), []
    for _ in range(30):
        loss, vector, state = training_step(vector, state, like, batch, config, 1e-3)
        losses.append(loss)
    assert losses[-1] < 0.6 * losses[0]


def test_padding_does_not_touch_the_loss():
    """The same pairs in one batch and one by one: the same gradient step for a mean over all tokens."""
    config, rng = TrainingConfig(smoothing=0.0), np.random.default_rng(3)
    like = init_transformer(config.model, rng)
    pairs = make_pairs(config, 5, rng)
    zero = adam_start(flatten(like))
    together, _, state = training_step(
        flatten(like), zero, like, teacher_forcing_batch(pairs, BOS, EOS, PAD), config, 0.0
    )
    alone, gradients, n_tokens = 0.0, 0.0, 0
    for pair in pairs:
        loss, _, one = training_step(
            flatten(like), zero, like, teacher_forcing_batch([pair], BOS, EOS, PAD), config, 0.0
        )
        n = len(pair[1]) + 1
        alone, gradients, n_tokens = alone + n * loss, gradients + n * one.m, n_tokens + n
    assert math.isclose(together, alone / n_tokens, rel_tol=1e-12)
    np.testing.assert_allclose(state.m, gradients / n_tokens, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"task": "sort"}, 'task must be "copy" or "reverse", got \'sort\''),
        ({"shortest": 9}, "1 <= shortest <= longest"),
    ],
)
def test_tasks_refuse(wrong, words):
    with pytest.raises(ValueError, match=words):
        make_pairs(TrainingConfig(**wrong), 1, np.random.default_rng(0))
