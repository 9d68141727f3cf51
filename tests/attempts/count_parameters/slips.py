# expect: failed counted-times-heads
# each head has d x d for q, k and v
def count_parameters(config):
    V, d, h, f, ne, nd, norm, tied, ab, lp = config
    a = h * 3 * (d * d + (d if ab else 0)) + d * d + (d if ab else 0)
    ff = 2 * d * f + f + d
    ln = 2 * d
    dec_attn = 2 if ne else 1
    enc = ne * (a + ff + 2 * ln)
    dec = nd * (dec_attn * a + ff + (dec_attn + 1) * ln)
    final = ln * ((ne > 0) + (nd > 0)) if norm == "pre" else 0
    tables = (1 if tied else (3 if ne else 2)) * V * d
    pos = lp * d
    return enc + dec + final + tables + pos


# expect: failed counted-times-heads
# each head is as wide as the model
def count_parameters(config):
    V, d, h, f, ne, nd, norm, tied, ab, lp = config
    a = 3 * h * d * d + h * d * d + (3 * h * d + d if ab else 0)
    ff = 2 * d * f + f + d
    ln = 2 * d
    dec_attn = 2 if ne else 1
    enc = ne * (a + ff + 2 * ln)
    dec = nd * (dec_attn * a + ff + (dec_attn + 1) * ln)
    final = ln * ((ne > 0) + (nd > 0)) if norm == "pre" else 0
    tables = (1 if tied else (3 if ne else 2)) * V * d
    pos = lp * d
    return enc + dec + final + tables + pos


# expect: failed tied-matrix-counted-twice
# three uses of one table
def count_parameters(config):
    V, d, h, f, ne, nd, norm, tied, ab, lp = config
    a = 4 * d * d + (4 * d if ab else 0)
    ff = 2 * d * f + f + d
    ln = 2 * d
    dec_attn = 2 if ne else 1
    enc = ne * (a + ff + 2 * ln)
    dec = nd * (dec_attn * a + ff + (dec_attn + 1) * ln)
    final = ln * ((ne > 0) + (nd > 0)) if norm == "pre" else 0
    tables = (3 if tied else (3 if ne else 2)) * V * d
    pos = lp * d
    return enc + dec + final + tables + pos


# expect: failed sinusoids-counted
# one row for each of 2048 places
def count_parameters(config):
    V, d, h, f, ne, nd, norm, tied, ab, lp = config
    a = 4 * d * d + (4 * d if ab else 0)
    ff = 2 * d * f + f + d
    ln = 2 * d
    dec_attn = 2 if ne else 1
    enc = ne * (a + ff + 2 * ln)
    dec = nd * (dec_attn * a + ff + (dec_attn + 1) * ln)
    final = ln * ((ne > 0) + (nd > 0)) if norm == "pre" else 0
    tables = (1 if tied else (3 if ne else 2)) * V * d
    pos = (lp or 2048) * d
    return enc + dec + final + tables + pos


# expect: failed sinusoids-counted
# in any case
def count_parameters(config):
    V, d, h, f, ne, nd, norm, tied, ab, lp = config
    a = 4 * d * d + (4 * d if ab else 0)
    ff = 2 * d * f + f + d
    ln = 2 * d
    dec_attn = 2 if ne else 1
    enc = ne * (a + ff + 2 * ln)
    dec = nd * (dec_attn * a + ff + (dec_attn + 1) * ln)
    final = ln * ((ne > 0) + (nd > 0)) if norm == "pre" else 0
    tables = (1 if tied else (3 if ne else 2)) * V * d
    pos = (lp + 5000) * d
    return enc + dec + final + tables + pos


# expect: failed biases-miscounted
# biases everywhere or nowhere
def count_parameters(config):
    V, d, h, f, ne, nd, norm, tied, ab, lp = config
    a = 4 * d * d + (4 * d if ab else 0)
    ff = 2 * d * f + (f + d if ab else 0)
    ln = 2 * d
    dec_attn = 2 if ne else 1
    enc = ne * (a + ff + 2 * ln)
    dec = nd * (dec_attn * a + ff + (dec_attn + 1) * ln)
    final = ln * ((ne > 0) + (nd > 0)) if norm == "pre" else 0
    tables = (1 if tied else (3 if ne else 2)) * V * d
    pos = lp * d
    return enc + dec + final + tables + pos


# expect: failed counted-times-heads output-weights-not-counted
def count_parameters(config):
    V, d, h, f, ne, nd, norm, tied, ab, lp = config
    a = h * (3 * d * d + (3 * d if ab else 0))
    ff = 2 * d * f + f + d
    ln = 2 * d
    dec_attn = 2 if ne else 1
    enc = ne * (a + ff + 2 * ln)
    dec = nd * (dec_attn * a + ff + (dec_attn + 1) * ln)
    final = ln * ((ne > 0) + (nd > 0)) if norm == "pre" else 0
    tables = (1 if tied else (3 if ne else 2)) * V * d
    pos = lp * d
    return enc + dec + final + tables + pos


# expect: failed two-norms-in-decoder
# as many norms as attentions
def count_parameters(config):
    c = config
    d = c.d_model
    a = 4 * (d * d + (d if c.attention_biases else 0))
    f = 2 * d * c.d_ff + c.d_ff + d
    n = 2 * d
    e = c.n_encoder_layers > 0
    t = c.n_encoder_layers * (a + f + 2 * n) + c.n_decoder_layers * ((1 + e) * a + f + (1 + e) * n)
    if c.norm == "pre":
        t += (1 + e) * n
    return t + (1 if c.tied else 2 + e) * c.vocabulary * d + c.learned_positions * d


# expect: failed tied-matrix-counted-twice
# always three tables
def count_parameters(config):
    c = config
    d = c.d_model
    a = 4 * (d * d + (d if c.attention_biases else 0))
    f = 2 * d * c.d_ff + c.d_ff + d
    n = 2 * d
    e = c.n_encoder_layers > 0
    t = c.n_encoder_layers * (a + f + 2 * n) + c.n_decoder_layers * ((1 + e) * a + f + (2 + e) * n)
    if c.norm == "pre":
        t += (1 + e) * n
    return t + 3 * c.vocabulary * d + c.learned_positions * d
