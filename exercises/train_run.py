"""A training run: what the small encoder-decoder has learned, and pictures of it.

The model, its gradients, the training loop and the decoder are those of the reference; here they are only
watched.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from exercises.language import Language
from exercises.train_pictures import attention_map, curve
from reference.attention import causal_mask, multi_head_attention, scaled_dot_product_attention, split_heads
from reference.caching import next_token_model
from reference.decoding import greedy_decode
from reference.layers import add_and_norm, embed, layer_norm
from reference.positions import sinusoidal_positions
from reference.shapes import Array
from reference.training import (
    BOS,
    EOS,
    FIRST_SYMBOL,
    Pair,
    TrainingConfig,
    make_pairs,
    smooth_labels,
    token_accuracy,
    train,
)
from reference.transformer import decoder_layer, encoder
from reference.weights import TransformerConfig, TransformerWeights

OnProgress = Callable[[int, int], None]
LESSON = TrainingConfig()
SEED, N_UNSEEN, SMOOTH = 0, 100, 25


class Run(NamedTuple):
    """What came out of a training run."""

    config: TrainingConfig
    weights: TransformerWeights
    losses: list[float]
    learning_rates: list[float]
    accuracy: float
    example: Pair
    said: list[int]
    seconds: float

    @property
    def floor(self) -> float:
        """The loss of the best possible model: the entropy of the smoothed labels."""
        labels = smooth_labels(np.zeros(1, dtype=int), self.config.model.vocabulary, self.config.smoothing)
        certain = np.where(labels > 0, labels, 1)
        return float(-np.sum(labels * np.log(certain)))


def learn(config: TrainingConfig, on_progress: OnProgress | None = None) -> Run:
    """Train from a fixed seed, then decode rows that it has never seen."""
    started, losses, rates, weights = time.perf_counter(), [], [], None
    for progress in train(config, np.random.default_rng(SEED)):
        losses.append(float(progress.loss))
        rates.append(progress.learning_rate)
        weights = progress.weights
        if on_progress is not None:
            on_progress(progress.step, config.steps)
    if weights is None:
        raise ValueError(f"learn: config.steps must be at least 1, got {config.steps}")
    unseen = make_pairs(config, N_UNSEEN, np.random.default_rng(SEED + 1))
    accuracy = token_accuracy(unseen, weights, config.model)
    example = make_pairs(config._replace(shortest=config.longest), 1, np.random.default_rng(SEED + 2))[0]
    model = next_token_model(np.array(example[0]), weights, config.model.n_heads, config.model.norm)
    said = greedy_decode(model, BOS, EOS, config.longest + 2)
    return Run(config, weights, losses, rates, accuracy, example, said, time.perf_counter() - started)


def pictures(run: Run, words: Language) -> tuple[str, str, str]:
    """The loss, the learning rate, and the head that looks most sharply, as SVG."""
    loss = curve(
        run.losses,
        words.say("train.loss_title"),
        words.say("train.step"),
        words.say("train.loss"),
        smooth=SMOOTH,
        at_value=(run.floor, words.say("train.floor", floor=run.floor)),
    )
    rate = curve(
        run.learning_rates,
        words.say("train.rate_title", n=run.config.warmup),
        words.say("train.step"),
        words.say("train.rate"),
        at_step=run.config.warmup,
    )
    source, read = list(run.example[0]), [BOS, *run.said[:-1]]
    heads = cross_attention_weights(source, read, run.weights, run.config.model)
    sharpest = int(np.argmax(heads.max(axis=-1).mean(axis=-1)))
    attention = attention_map(
        heads[sharpest],
        names(read),
        names(source),
        words.say("train.attention_title", head=sharpest + 1),
        words.say("train.queries"),
        words.say("train.keys"),
    )
    return loss, rate, attention


def cross_attention_weights(
    source: list[int], read: list[int], weights: TransformerWeights, config: TransformerConfig
) -> Array:
    """Which source tokens the last decoder layer looks at, (heads, tokens read, source tokens)."""
    n_heads, norm, layers = config.n_heads, config.norm, weights.decoder.layers
    positions = sinusoidal_positions(max(len(source), len(read)), config.d_model)
    table = weights.embedding if weights.source_embedding is None else weights.source_embedding
    memory = encoder(embed(np.array(source), table, positions), weights.encoder, n_heads, norm=norm)
    hidden = embed(np.array(read), weights.embedding, positions)
    for layer in layers[:-1]:
        hidden = decoder_layer(hidden, memory, layer, n_heads, norm=norm)
    last, mask = layers[-1], causal_mask(len(read))
    attended = add_and_norm(
        hidden, lambda y: multi_head_attention(y, y, last.self_attention, n_heads, mask), last.norm_1, norm
    )
    asking = layer_norm(attended, *last.norm_2) if norm == "pre" else attended
    q = split_heads(asking @ last.cross_attention.w_q, n_heads)
    k = split_heads(memory @ last.cross_attention.w_k, n_heads)
    _, heads = scaled_dot_product_attention(q, k, k)
    return heads


def names(tokens: Sequence[int]) -> list[str]:
    """Tokens for people: letters for symbols, words for the others.

    >>> names([1, 3, 4, 2])
    ['bos', 'a', 'b', 'eos']
    """
    special = {BOS: "bos", EOS: "eos"}
    return [special.get(token, chr(ord("a") + token - FIRST_SYMBOL)) for token in tokens]
