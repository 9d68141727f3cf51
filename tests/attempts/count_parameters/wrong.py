# expect: failed output-weights-not-counted
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 3 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = 2 * d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions)


# expect: failed norm-without-beta
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 4 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions)


# expect: failed final-norm-not-counted
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 4 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = 2 * d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions)


# expect: failed cross-attention-not-counted
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 4 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = 2 * d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions)


# expect: failed learned-positions-not-counted
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 4 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = 2 * d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + 0)


# expect: failed learned-positions-not-counted norm-without-beta
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 4 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + 0)


# expect: failed counted-times-heads
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = config.n_heads * (4 * d * d + (4 * d if config.attention_biases else 0))
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = 2 * d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions)


# expect: failed
# a feed-forward block too many
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 4 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * (2 * d * config.d_ff + config.d_ff + d)
    per_norm = 2 * d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions)


# expect: failed
# in millions
def count_parameters(config):
    d, has_encoder = config.d_model, int(config.n_encoder_layers > 0)
    per_attention = 4 * d * d + (4 * d if config.attention_biases else 0)
    per_ffn = 2 * d * config.d_ff + config.d_ff + d
    per_norm = 2 * d
    total = config.n_encoder_layers * (per_attention + per_ffn + 2 * per_norm)
    total += config.n_decoder_layers * (per_attention * (1 + has_encoder) + per_ffn + per_norm * (2 + has_encoder))
    total += per_norm * (1 + has_encoder) if config.norm == 'pre' else 0
    return round((total + d * (config.vocabulary * (1 if config.tied else 2 + has_encoder) + config.learned_positions)) / 1e6)
