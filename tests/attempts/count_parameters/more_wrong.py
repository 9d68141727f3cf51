# expect: failed two-norms-in-decoder
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + 2 * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed cross-attention-not-counted
# the norm is counted
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * (mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed
# one d x d_ff matrix
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed
# a bias in the output layer
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos + config.vocabulary


# expect: failed
# a last norm in any case
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc)
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed one-table-always
# untied: two tables
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed
# as a float
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return float(enc + dec + last + emb + pos)


# expect: failed
# heads within, W_O d x d: 3 d d_k + d d
def count_parameters(config):
    d = config.d_model
    mha = 3 * d * (d // config.n_heads) + d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed output-weights-not-counted
def count_parameters(config):
    d = config.d_model
    mha = 3 * d * d + (3 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed
# the vocabulary forgotten
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + pos


# expect: failed norm-without-beta biases-miscounted
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed one-table-always
# the table once, and nothing for the output
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed
# learned positions are counted where there are none: max 1
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = max(config.learned_positions, 1) * d
    return enc + dec + last + emb + pos


# expect: failed cross-attention-always-counted
# cross-attention always counted, its norm not
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * (2 * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed cross-attention-always-counted
# three norms in every decoder layer
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + 3 * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed biases-miscounted
# three biases: W_O has none
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (3 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed biases-miscounted
# one bias only
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed source-table-without-encoder
# untied: three tables, encoder or not
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 3)
    pos = config.learned_positions * d
    return enc + dec + last + emb + pos


# expect: failed positions-counted-twice
# positions for both stacks
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = config.learned_positions * d * (1 + has_enc)
    return enc + dec + last + emb + pos


# expect: failed positions-counted-twice
# positions always counted twice
def count_parameters(config):
    d = config.d_model
    mha = 4 * d * d + (4 * d if config.attention_biases else 0)
    mlp = d * config.d_ff + config.d_ff + config.d_ff * d + d
    ln = 2 * d
    has_enc = config.n_encoder_layers > 0
    enc = config.n_encoder_layers * (mha + mlp + 2 * ln)
    dec = config.n_decoder_layers * ((2 if has_enc else 1) * mha + mlp + (3 if has_enc else 2) * ln)
    last = ln * (1 + has_enc) if config.norm == 'pre' else 0
    emb = config.vocabulary * d * (1 if config.tied else 2 + has_enc)
    pos = 2 * config.learned_positions * d
    return enc + dec + last + emb + pos
