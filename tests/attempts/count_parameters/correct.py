# expect: passed
def count_parameters(config):
    d, total = config.d_model, 0
    attention = 4 * (d * d + d * bool(config.attention_biases))
    ffn = (d + 1) * config.d_ff + (config.d_ff + 1) * d
    for _ in range(config.n_encoder_layers):
        total += attention + ffn + 4 * d
    for _ in range(config.n_decoder_layers):
        total += attention + ffn + 4 * d
        if config.n_encoder_layers > 0:
            total += attention + 2 * d
    if config.norm == "pre":
        total += 2 * d * ((config.n_encoder_layers > 0) + (config.n_decoder_layers > 0))
    tables = 1
    if not config.tied:
        tables = 3 if config.n_encoder_layers else 2
    return total + tables * config.vocabulary * d + config.learned_positions * d


# expect: passed
import numpy as np


def count_parameters(config):
    d, f = np.int64(config.d_model), config.d_ff
    has_encoder = int(config.n_encoder_layers > 0)
    sizes = {
        "attention": 4 * d**2 + (4 * d if config.attention_biases else 0),
        "ffn": 2 * d * f + d + f,
        "norm": 2 * d,
        "rows": d,
    }
    n = config.n_encoder_layers + config.n_decoder_layers
    cross = config.n_decoder_layers * has_encoder
    pre = config.norm == "pre"
    amounts = {
        "attention": n + cross,
        "ffn": n,
        "norm": 2 * n + cross + (has_encoder + 1 if pre else 0),
        "rows": config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions,
    }
    return sum(sizes[name] * amounts[name] for name in sizes)
