# expect: failed two-norms-in-decoder
def count_parameters(config):
    d = config.d_model
    attention = 4 * (d * d + d * bool(config.attention_biases))
    ffn = (d + 1) * config.d_ff + (config.d_ff + 1) * d
    has = config.n_encoder_layers > 0
    total = config.n_encoder_layers * (attention + ffn + 4 * d)
    total += config.n_decoder_layers * (attention * (1 + has) + ffn + 4 * d)
    total += 2 * d * (has + 1) * (config.norm == "pre")
    return total + ((1 if config.tied else 2 + has) * config.vocabulary + config.learned_positions) * d


# expect: failed learned-positions-not-counted
def count_parameters(config):
    d = config.d_model
    attention = 4 * (d * d + d * bool(config.attention_biases))
    ffn = (d + 1) * config.d_ff + (config.d_ff + 1) * d
    has = config.n_encoder_layers > 0
    total = config.n_encoder_layers * (attention + ffn + 4 * d)
    total += config.n_decoder_layers * (attention * (1 + has) + ffn + 4 * d + 2 * d * has)
    total += 2 * d * (has + 1) * (config.norm == "pre")
    return total + (1 if config.tied else 2 + has) * config.vocabulary * d
