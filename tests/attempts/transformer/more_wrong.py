# expect: failed source-mask-not-in-encoder
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, norm=norm, drop=drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: failed source-and-target-exchanged
# X the decoder gets the source
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(y, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(x, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: failed
# norm is not handed on to the stacks
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, drop=drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, drop=drop)
    return h @ out_table.T


# expect: failed
# drop is not used anywhere
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = embed(source, src_table, pe)
    y = embed(target, E, pe)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm)
    return h @ out_table.T


# expect: failed
# positions added twice
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe) + pe[: source.shape[-1]], drop)
    y = dropped(embed(target, E, pe) + pe[: target.shape[-1]], drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: error
# the table of positions is as long as the source
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(source.shape[-1], d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: failed encoder-output-not-used
# the decoder asks the embeddings, the encoder runs for nothing
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, x, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: failed
# softmax over the places
import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.exp(h @ out_table.T) / np.exp(h @ out_table.T).sum(axis=-2, keepdims=True)


# expect: failed
# positions from 1
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]) + 1, d)[1:]
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: error
# source mask for both, as the only mask there is
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, source_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: failed
# relu on the logits
import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.maximum(h @ out_table.T, 0)


# expect: error
# `or` on arrays
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = weights.source_embedding or E
    out_table = weights.unembedding or E
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ out_table.T


# expect: failed target-mask-not-in-decoder source-mask-not-in-decoder
# the decoder without any mask
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    src_table = E if weights.source_embedding is None else weights.source_embedding
    out_table = E if weights.unembedding is None else weights.unembedding
    d = E.shape[-1]
    pe = sinusoidal_positions(max(source.shape[-1], target.shape[-1]), d)
    x = dropped(embed(source, src_table, pe), drop)
    y = dropped(embed(target, E, pe), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(y, memory, weights.decoder, n_heads, norm=norm, drop=drop)
    return h @ out_table.T
