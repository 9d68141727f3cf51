# expect: passed
# the starter filled in, by hand
def count_parameters(config):
    d_model = config.d_model
    attention = 4 * d_model**2
    if config.attention_biases:
        attention += 4 * d_model
    ffn = d_model * config.d_ff + config.d_ff + config.d_ff * d_model + d_model
    norm = d_model + d_model
    per_encoder_layer = attention + ffn + 2 * norm
    n_attentions = 1 if config.n_encoder_layers == 0 else 2
    per_decoder_layer = n_attentions * attention + ffn + (n_attentions + 1) * norm
    layers = config.n_encoder_layers * per_encoder_layer + config.n_decoder_layers * per_decoder_layer
    n_stacks = (config.n_encoder_layers > 0) + (config.n_decoder_layers > 0)
    final_norms = n_stacks * norm if config.norm == "pre" else 0
    n_tables = 1 if config.tied else 1 + n_stacks
    tables = n_tables * config.vocabulary * d_model
    total = layers + final_norms + tables + config.learned_positions * d_model
    return total


# expect: passed
# really built, and counted
import numpy as np
from reference import TransformerConfig


def size(*shape):
    return np.broadcast_to(np.float64(0), shape).size


def count_parameters(config):
    d, f = config.d_model, config.d_ff

    def mha():
        return sum(size(d, d) + config.attention_biases * size(d) for _ in "qkvo")

    def mlp():
        return size(d, f) + size(f) + size(f, d) + size(d)

    def ln():
        return size(d) + size(d)

    total = size(config.vocabulary, d)
    for i in range(config.n_encoder_layers):
        total += mha() + ln() + mlp() + ln()
    for i in range(config.n_decoder_layers):
        total += mha() + ln() + mlp() + ln()
        if config.n_encoder_layers:
            total += mha() + ln()
    if config.norm == "pre":
        total += ln() * (2 if config.n_encoder_layers else 1)
    if not config.tied:
        total += size(config.vocabulary, d)
        if config.n_encoder_layers:
            total += size(config.vocabulary, d)
    return total + size(config.learned_positions, d)


# expect: passed
# recursion over layers
def layer(d, f, b, attentions):
    def go(n):
        return 0 if n == 0 else 4 * d * d + 4 * d * b + 2 * d + go(n - 1)

    return go(attentions) + 2 * d * f + f + d + 2 * d


def count_parameters(config):
    d, f, b = config.d_model, config.d_ff, int(config.attention_biases)

    def stack(n, attentions):
        if n == 0:
            return 0
        return layer(d, f, b, attentions) + stack(n - 1, attentions)

    encoder = config.n_encoder_layers
    total = stack(encoder, 1) + stack(config.n_decoder_layers, 2 if encoder else 1)
    if config.norm == "pre":
        total += 2 * d if not encoder else 4 * d
    tables = 1
    if not config.tied:
        tables = 3 if encoder else 2
    return total + tables * d * config.vocabulary + d * config.learned_positions


# expect: passed
# a dictionary of parts, summed
def count_parameters(config) -> int:
    c = config._asdict()
    d, ff = c["d_model"], c["d_ff"]
    bias = d if c["attention_biases"] else 0
    block = {
        "attention": 4 * (d * d + bias),
        "ffn": (d + 1) * ff + (ff + 1) * d,
        "norm": 2 * d,
    }
    has_encoder = 1 if c["n_encoder_layers"] else 0
    counts = {
        "attention": c["n_encoder_layers"] + c["n_decoder_layers"] * (1 + has_encoder),
        "ffn": c["n_encoder_layers"] + c["n_decoder_layers"],
        "norm": 2 * c["n_encoder_layers"] + c["n_decoder_layers"] * (2 + has_encoder),
    }
    if c["norm"] == "pre":
        counts["norm"] += 1 + has_encoder
    rows = c["learned_positions"] + c["vocabulary"] * (1 if c["tied"] else 2 + has_encoder)
    return int(sum(block[k] * counts[k] for k in block)) + rows * d


# expect: passed
# the decoder-only model is a case of its own
def attention(c):
    return 4 * c.d_model * c.d_model + (4 * c.d_model if c.attention_biases else 0)


def feed_forward(c):
    return 2 * c.d_model * c.d_ff + c.d_ff + c.d_model


def count_parameters(config):
    c = config
    norm = 2 * c.d_model
    if c.n_encoder_layers == 0:
        layers = c.n_decoder_layers * (attention(c) + feed_forward(c) + 2 * norm)
        last = norm
        tables = 2
    else:
        layers = (c.n_encoder_layers + c.n_decoder_layers) * (attention(c) + feed_forward(c) + 2 * norm)
        layers += c.n_decoder_layers * (attention(c) + norm)
        last = 2 * norm
        tables = 3
    if c.tied:
        tables = 1
    if c.norm != "pre":
        last = 0
    return layers + last + (tables * c.vocabulary + c.learned_positions) * c.d_model


# expect: passed
# a class with properties
class Counter:
    def __init__(self, config):
        self.c = config

    @property
    def attention(self):
        per_matrix = self.c.d_model * self.c.d_model
        if self.c.attention_biases:
            per_matrix += self.c.d_model
        return per_matrix * 4

    @property
    def ffn(self):
        return self.c.d_ff * (2 * self.c.d_model + 1) + self.c.d_model

    @property
    def norm(self):
        return self.c.d_model << 1

    @property
    def stacks(self):
        return [n for n in (self.c.n_encoder_layers, self.c.n_decoder_layers) if n]

    def total(self):
        t = 0
        for i, n in enumerate(reversed(self.stacks)):
            attentions = 2 if i == 0 and len(self.stacks) == 2 else 1
            t += n * (attentions * (self.attention + self.norm) + self.ffn + self.norm)
            t += self.norm if self.c.norm == "pre" else 0
        t += self.c.d_model * self.c.learned_positions
        t += self.c.d_model * self.c.vocabulary * (1 if self.c.tied else len(self.stacks) + 1)
        return t


def count_parameters(config):
    return Counter(config).total()


# expect: passed
# one long expression
def count_parameters(config):
    return (
        (config.n_encoder_layers + config.n_decoder_layers * (2 if config.n_encoder_layers > 0 else 1))
        * (4 * config.d_model * config.d_model + config.attention_biases * 4 * config.d_model + 2 * config.d_model)
        + (config.n_encoder_layers + config.n_decoder_layers) * (2 * config.d_model * config.d_ff + config.d_ff + 3 * config.d_model)
        + (2 * config.d_model * (1 + (config.n_encoder_layers > 0)) if config.norm == "pre" else 0)
        + config.d_model * config.vocabulary * (1 if config.tied else 2 + (config.n_encoder_layers > 0))
        + config.d_model * config.learned_positions
    )


# expect: passed
# reduce over pairs of (how many, size)
from functools import reduce
from math import prod


def count_parameters(config):
    d, f, ne, nd = config.d_model, config.d_ff, config.n_encoder_layers, config.n_decoder_layers
    enc = bool(ne)
    pairs = [
        (4, ne, d, d),
        (4, nd * (1 + enc), d, d),
        (4 if config.attention_biases else 0, ne + nd * (1 + enc), d),
        (2, ne + nd, d, f),
        (ne + nd, f),
        (ne + nd, d),
        (2, 2 * ne + (2 + enc) * nd, d),
        ((config.norm == "pre") * 2, 1 + enc, d),
        (config.vocabulary, d),
        ((not config.tied) * (1 + enc), config.vocabulary, d),
        (config.learned_positions, d),
    ]
    return reduce(lambda total, pair: total + prod(pair), pairs, 0)
