# expect: passed
# listed, then summed
def count_parameters(config):
    d, ff, V = config.d_model, config.d_ff, config.vocabulary
    attention = [d * d] * 4 + ([d] * 4 if config.attention_biases else [])
    ffn = [d * ff, ff, ff * d, d]
    norm = [d, d]
    parts = []
    for _ in range(config.n_encoder_layers):
        parts += attention + norm + ffn + norm
    for _ in range(config.n_decoder_layers):
        parts += attention + norm + ffn + norm
        if config.n_encoder_layers:
            parts += attention + norm
    if config.norm == "pre":
        parts += norm
        if config.n_encoder_layers:
            parts += norm
    parts += [V * d]
    if not config.tied:
        parts += [V * d]
        if config.n_encoder_layers > 0:
            parts += [V * d]
    parts += [config.learned_positions * d]
    return sum(parts)


# expect: passed
# arrays of the right shapes, never filled
import math

import numpy as np


def shapes(config):
    d = config.d_model
    bias = [(d,)] * 4 * bool(config.attention_biases)

    def layer(n_attentions):
        yield from ([(d, d)] * 4 + bias) * n_attentions
        yield from [(d, config.d_ff), (config.d_ff,), (config.d_ff, d), (d,)]
        yield from [(2, d)] * (n_attentions + 1)

    has_encoder = config.n_encoder_layers > 0
    for _ in range(config.n_encoder_layers):
        yield from layer(1)
    for _ in range(config.n_decoder_layers):
        yield from layer(1 + has_encoder)
    if config.norm == "pre":
        yield from [(2, d)] * (1 + has_encoder)
    yield from [(config.vocabulary, d)] * (1 if config.tied else 2 + has_encoder)
    yield (config.learned_positions, d)


def count_parameters(config):
    return sum(math.prod(shape) for shape in shapes(config))


# expect: passed
# a product with a vector of sizes; a NumPy integer comes back
import numpy as np


def count_parameters(config):
    c = config
    per_attention = 4 * c.d_model * (c.d_model + bool(c.attention_biases))
    per_ffn = 2 * c.d_model * c.d_ff + c.d_ff + c.d_model
    encoder = c.n_encoder_layers > 0
    how_many = np.array(
        [
            c.n_encoder_layers + c.n_decoder_layers * (2 if encoder else 1),
            c.n_encoder_layers + c.n_decoder_layers,
            2 * c.n_encoder_layers + (3 if encoder else 2) * c.n_decoder_layers + (c.norm == "pre") * (1 + encoder),
            c.vocabulary * (1 if c.tied else 2 + encoder) + c.learned_positions,
        ]
    )
    return how_many @ np.array([per_attention, per_ffn, 2 * c.d_model, c.d_model])


# expect: passed
# match, walrus and a namedtuple unpacked
def count_parameters(config):
    vocabulary, d, _heads, ff, n_encoder, n_decoder = (
        config.vocabulary,
        config.d_model,
        config.n_heads,
        config.d_ff,
        config.n_encoder_layers,
        config.n_decoder_layers,
    )
    match config.tied, n_encoder:
        case (True, _):
            tables = 1
        case (_, 0):
            tables = 2
        case _:
            tables = 3
    attention = (w := d**2) * 4 + (4 * d if config.attention_biases else 0)
    base = 2 * d * ff + ff + d
    total = n_encoder * (attention + base + 4 * d)
    total += n_decoder * (base + (2 * attention + 6 * d if n_encoder else attention + 4 * d))
    total += {"pre": 2 * d, "post": 0}[config.norm] * (2 if n_encoder else 1)
    assert w > 0
    return int(total + d * (tables * vocabulary + config.learned_positions))
