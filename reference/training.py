"""Learning: what the model is shown, how wrong it is, and how the weights move.

Papers: [V] Vaswani et al. 2017, [K] Kingma and Ba 2015 (Adam), [S] Szegedy et al. 2016 (label smoothing).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

from reference import model_backprop
from reference.attention import log_softmax, padding_mask
from reference.caching import next_token_model
from reference.decoding import greedy_decode
from reference.layer_gradients import soft_cross_entropy_backward
from reference.layers import Drop, dropout
from reference.shapes import Array, Float, Int
from reference.vector import flatten, unflatten
from reference.weights import TransformerConfig, TransformerWeights, init_transformer

# ---------------------------------------------------------------- what the model is shown

Pair = tuple[Sequence[int], Sequence[int]]


class Batch(NamedTuple):
    """Sentences side by side: what the encoder reads, what the decoder reads, and what it should answer."""

    source: Int[Array, "sentences source_tokens"]
    decoder_input: Int[Array, "sentences target_tokens"]
    target: Int[Array, "sentences target_tokens"]


def teacher_forcing_batch(pairs: Sequence[Pair], bos: int, eos: int, pad: int) -> Batch:
    r"""Pairs of sentences as three arrays of ids: the decoder reads the truth, one place late.

    decoder input: bos y_1 .. y_n,  target: y_1 .. y_n eos

    Shorter rows end in padding. With the causal mask one pass then asks for every next token at once.
    Returns Batch(source, decoder_input, target). Source: [V] section 3.1 ("shifted right").

    >>> batch = teacher_forcing_batch([([7], [31, 9, 14]), ([8, 9], [5])], bos=1, eos=2, pad=0)
    >>> batch.decoder_input
    array([[ 1, 31,  9, 14],
           [ 1,  5,  0,  0]])
    >>> batch.target
    array([[31,  9, 14,  2],
           [ 5,  2,  0,  0]])
    """
    if not pairs:
        raise ValueError("teacher_forcing_batch: pairs must hold at least one pair, got none")
    # before the first token of the target the decoder has seen only bos
    inputs = [[bos, *target] for _, target in pairs]
    # after the last one it should say eos
    answers = [[*target, eos] for _, target in pairs]
    # the longest answer decides how wide both are
    width = max(len(answer) for answer in answers)
    # padding comes last, so that positions stay what they are
    decoder_input = np.array([row + [pad] * (width - len(row)) for row in inputs])
    target = np.array([answer + [pad] * (width - len(answer)) for answer in answers])
    # sources have a width of their own
    source_width = max(len(source) for source, _ in pairs)
    source = np.array([[*source, *[pad] * (source_width - len(source))] for source, _ in pairs], dtype=int)
    return Batch(source, decoder_input, target)


# ---------------------------------------------------------------- how wrong it is


def cross_entropy(
    logits: Float[Array, "*batch classes"], targets: Int[Array, "*batch"], pad: int | None = None
) -> float:
    r"""How surprised the model is by the truth, in nats a token.

    loss = mean over real tokens of -log softmax(logits)_target

    Targets equal to `pad` count neither in the sum nor in the number of tokens. Source: common practice.

    >>> round(float(cross_entropy(np.array([[2.0, 1.0, 0.1]]), np.array([0]))), 4)
    0.417
    """
    if targets.shape != logits.shape[:-1]:
        raise ValueError(f"cross_entropy: targets must have shape {logits.shape[:-1]}, got {targets.shape}")
    # padding is neither right nor wrong
    real = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    if not np.any(real):
        raise ValueError("cross_entropy: targets must hold at least one token that is not padding, got none")
    # NumPy would read -1 as the last class, without a word
    if np.any(outside := real & ((targets < 0) | (targets >= logits.shape[-1]))):
        raise ValueError(
            f"cross_entropy: targets must be from 0 to {logits.shape[-1] - 1}, got {targets[outside].flat[0]}"
        )
    # from logits straight to logarithms: exp of a large gap would be 0, and its logarithm -inf
    log_probabilities = log_softmax(logits)
    # pad may be no class at all, so look up class 0 there
    classes = np.where(real, targets, 0)
    # of each row the one entry that belongs to its target
    picked = np.take_along_axis(log_probabilities, classes[..., None], axis=-1)[..., 0]
    # one mean over all real tokens of the batch, whichever sentence they are in
    loss: float = -np.mean(picked[real])
    return loss


def smooth_labels(
    targets: Int[Array, "*batch"], n_classes: int, eps: float, pad: int | None = None
) -> Float[Array, "*batch classes"]:
    r"""Targets as distributions that are never quite certain.

    q = (1 - eps) onehot(target) + eps / n_classes

    Every class gets its share of eps, the target and the pad class too. Rows whose target is `pad` are all
    zeros. Source: [V] section 5.4 (eps = 0.1), [S] section 7.

    >>> smooth_labels(np.array([0]), n_classes=5, eps=0.1)
    array([[0.92, 0.02, 0.02, 0.02, 0.02]])
    """
    if not 0 <= eps <= 1:
        raise ValueError(f"smooth_labels: eps must be from 0 to 1, got {eps}")
    if n_classes < 1:
        raise ValueError(f"smooth_labels: n_classes must be at least 1, got {n_classes}")
    # all the mass on the target
    one_hot = targets[..., None] == np.arange(n_classes)
    # take eps away from it, and share that among all classes
    smoothed = (1 - eps) * one_hot + eps / n_classes
    # nothing is asked where there is padding
    real = np.ones(targets.shape, dtype=bool) if pad is None else targets != pad
    if np.any(outside := real & ((targets < 0) | (targets >= n_classes))):
        raise ValueError(
            f"smooth_labels: targets must be from 0 to {n_classes - 1}, got {targets[outside].flat[0]}"
        )
    labels = np.where(real[..., None], smoothed, 0)
    return labels


def soft_cross_entropy(logits: Float[Array, "*rows classes"], labels: Float[Array, "*rows classes"]) -> float:
    r"""Cross-entropy against distributions, as smooth_labels makes them.

    loss = mean over real rows of -sum_c q_c log softmax(logits)_c

    Rows of zeros are padding. With one-hot labels it is cross_entropy; with smoothed ones it cannot fall
    below their own entropy.

    >>> labels = smooth_labels(np.array([0, 9]), n_classes=3, eps=0.0, pad=9)
    >>> round(float(soft_cross_entropy(np.array([[2.0, 1.0, 0.1], [0, 0, 0]]), labels)), 4)
    0.417
    """
    # rows of zeros are padding
    real = np.any(labels > 0, axis=-1)
    if not np.any(real):
        raise ValueError(
            "soft_cross_entropy: labels must hold at least one row that is not padding, got none"
        )
    # a class that should not happen costs nothing, even if it is impossible: 0 * -inf would be nan
    log_probabilities = np.where(labels > 0, log_softmax(logits), 0)
    # labels must not change the precision of the loss
    terms = (labels * log_probabilities).astype(logits.dtype)
    # the surprise of every row
    surprise = -np.sum(terms, axis=-1)
    loss: float = np.mean(surprise[real])
    return loss


def kl_divergence(logits: Float[Array, "*rows classes"], labels: Float[Array, "*rows classes"]) -> float:
    r"""How far the model is from the labels: cross-entropy less what nobody could avoid.

    KL(q || p) = sum_c q_c (log q_c - log p_c) = CE(q, p) - H(q)

    The entropy H(q) does not depend on the logits, so the gradients are those of soft_cross_entropy.

    >>> labels = smooth_labels(np.array([0]), n_classes=5, eps=0.1)
    >>> abs(kl_divergence(np.log(labels), labels)) < 1e-12
    np.True_
    """
    # the labels' own uncertainty; an impossible class has none
    certainty = np.where(labels > 0, labels, 1)
    entropy = -np.sum(labels * np.log(certainty), axis=-1).astype(logits.dtype)
    # as in the loss, the mean over real rows
    real = np.any(labels > 0, axis=-1)
    divergence: float = soft_cross_entropy(logits, labels) - np.mean(entropy[real])
    return divergence


# ---------------------------------------------------------------- how the weights move


def noam_learning_rate(step: int, d_model: int, warmup: int = 4000, factor: float = 1.0) -> float:
    r"""Rise in a straight line, then fall as one over the square root.

    rate = factor d_model^-0.5 min(step^-0.5, step warmup^-1.5)

    Steps count from 1; the peak is at step = warmup. Source: [V] equation 3.

    >>> [round(1e4 * noam_learning_rate(step, d_model=512), 2) for step in (1, 2000, 4000, 16000)]
    [0.0, 3.49, 6.99, 3.49]
    """
    if step < 1 or warmup < 1:
        raise ValueError(f"noam_learning_rate: step and warmup must be at least 1, got {step} and {warmup}")
    if d_model < 1:
        raise ValueError(f"noam_learning_rate: d_model must be at least 1, got {d_model}")
    # during the warm-up: proportional to the step, because Adam knows little yet
    rising = step * warmup**-1.5
    # afterwards: smaller and smaller steps
    falling = step**-0.5
    # they cross at step = warmup; wider models take smaller steps
    rate: float = factor * d_model**-0.5 * min(rising, falling)
    return rate


class AdamState(NamedTuple):
    """What Adam knows of a parameter: mean and mean square of its gradients, and the steps taken so far."""

    m: Float[Array, "*shape"]
    v: Float[Array, "*shape"]
    t: int


def adam_start(parameter: Float[Array, "*shape"]) -> AdamState:
    """The state before the first step: nothing seen yet.

    >>> adam_start(np.array([1.0, 2.0]))
    AdamState(m=array([0., 0.]), v=array([0., 0.]), t=0)
    """
    return AdamState(np.zeros_like(parameter), np.zeros_like(parameter), 0)


def adam_step(
    parameter: Float[Array, "*shape"],
    gradient: Float[Array, "*shape"],
    state: AdamState,
    learning_rate: float,
    b1: float = 0.9,
    b2: float = 0.98,
    eps: float = 1e-9,
) -> tuple[Float[Array, "*shape"], AdamState]:
    r"""One step downhill, about as long in every direction.

    m = b1 m + (1 - b1) g,  v = b2 v + (1 - b2) g^2
    parameter - learning_rate (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)

    Returns the new parameter and the new state; the old ones stay as they were. Source: [K] algorithm 1;
    b1, b2, eps of [V] section 5.3.

    >>> parameter = np.array([1.0, 1.0])
    >>> adam_step(parameter, np.array([100.0, -0.01]), adam_start(parameter), learning_rate=0.1)[0].round(6)
    array([0.9, 1.1])
    """
    # this step included
    t = state.t + 1
    # running mean of the gradients: where to go
    m = b1 * state.m + (1 - b1) * gradient
    # running mean of their squares: how large they usually are
    v = b2 * state.v + (1 - b2) * gradient**2
    # both began at 0 and are too small by this much in the first steps
    unbiased_m = m / (1 - b1**t)
    unbiased_v = v / (1 - b2**t)
    # divided by the usual size, steps are about equally long in all directions
    moved: Array = parameter - learning_rate * unbiased_m / (np.sqrt(unbiased_v) + eps)
    return moved, AdamState(m, v, t)


# ---------------------------------------------------------------- the loop


class TrainingConfig(NamedTuple):
    """What to learn, and how. The defaults learn to copy or to reverse rows of symbols in a few seconds."""

    task: str = "reverse"
    shortest: int = 1
    longest: int = 8
    steps: int = 1000
    batch: int = 64
    warmup: int = 100
    factor: float = 0.25
    smoothing: float = 0.1
    dropout: float = 0.0
    model: TransformerConfig = TransformerConfig(12, 32, 4, 128, 1, 1)


class Progress(NamedTuple):
    """Where training stands after a step."""

    step: int
    loss: float
    learning_rate: float
    weights: TransformerWeights


PAD, BOS, EOS, FIRST_SYMBOL = 0, 1, 2, 3


def make_pairs(config: TrainingConfig, n_pairs: int, rng: np.random.Generator) -> list[Pair]:
    """Random rows of symbols with what they should become: the same ("copy") or the other way round.

    >>> make_pairs(TrainingConfig("reverse", longest=4), 2, np.random.default_rng(0))
    [([7, 5, 5, 3], [3, 5, 5, 7]), ([3, 3, 4], [4, 3, 3])]
    """
    if config.task not in ("copy", "reverse"):
        raise ValueError(f'make_pairs: task must be "copy" or "reverse", got {config.task!r}')
    if not 1 <= config.shortest <= config.longest:
        raise ValueError(
            f"make_pairs: 1 <= shortest <= longest must hold, got {config.shortest} and {config.longest}"
        )
    lengths = rng.integers(config.shortest, config.longest + 1, n_pairs)
    sources = [rng.integers(FIRST_SYMBOL, config.model.vocabulary, length).tolist() for length in lengths]
    return [(source, source if config.task == "copy" else source[::-1]) for source in sources]


def training_step(
    vector: Float[Array, "parameters"],
    state: AdamState,
    like: TransformerWeights,
    batch: Batch,
    config: TrainingConfig,
    learning_rate: float,
    drop: Drop | None = None,
) -> tuple[float, Float[Array, "parameters"], AdamState]:
    """Forwards, backwards, and one step of Adam: (loss, new vector, new state)."""
    model = config.model
    weights = unflatten(vector, like)
    # every next token at once: the decoder reads the truth, the causal mask hides what comes later
    logits, back = model_backprop.transformer_pullback(
        batch.source,
        batch.decoder_input,
        weights,
        model.n_heads,
        padding_mask(batch.source, PAD),
        norm=model.norm,
        drop=drop,
    )
    # padding of the target comes last, where no real token sees it, and the loss leaves it out
    labels = smooth_labels(batch.target, model.vocabulary, config.smoothing, PAD)
    loss = soft_cross_entropy(logits, labels)
    gradient = flatten(back(soft_cross_entropy_backward(1.0, logits, labels)))
    vector, state = adam_step(vector, gradient, state, learning_rate)
    return loss, vector, state


def train(config: TrainingConfig, rng: np.random.Generator) -> Iterator[Progress]:
    """Train an encoder-decoder on fresh random pairs, in float32; yields where it stands after each step.

    >>> first = next(train(TrainingConfig(task="copy"), np.random.default_rng(0)))
    >>> first.step, 2 < first.loss < 4
    (1, np.True_)
    """
    model = config.model
    like = init_transformer(model, rng)
    vector = flatten(like).astype(np.float32)
    state = adam_start(vector)
    drop = (lambda x: dropout(x, config.dropout, rng)) if config.dropout else None
    for step in range(1, config.steps + 1):
        pairs = make_pairs(config, config.batch, rng)
        batch = teacher_forcing_batch(pairs, BOS, EOS, PAD)
        learning_rate = noam_learning_rate(step, model.d_model, config.warmup, config.factor)
        loss, vector, state = training_step(vector, state, like, batch, config, learning_rate, drop)
        yield Progress(step, loss, learning_rate, unflatten(vector, like))


def token_accuracy(pairs: Sequence[Pair], weights: TransformerWeights, config: TransformerConfig) -> float:
    """How many tokens of the answers, eos included, greedy decoding gets right, each at its place.

    >>> config, rng = TrainingConfig(), np.random.default_rng(0)
    >>> token_accuracy(make_pairs(config, 10, rng), init_transformer(config.model, rng), config.model) < 0.5
    True
    """
    n_right = n_asked = 0
    for source, target in pairs:
        answer = [*target, EOS]
        model = next_token_model(np.array(source), weights, config.n_heads, config.norm)
        said = greedy_decode(model, BOS, EOS, max_len=len(answer))
        n_right += sum(a == b for a, b in zip(said, answer, strict=False))
        n_asked += len(answer)
    return n_right / n_asked
