# expect: failed softmax-instead-of-logits
# log-probabilities
import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(
    source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None
):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    d = E.shape[1]
    ps, pt = sinusoidal_positions(source.shape[-1], d), sinusoidal_positions(target.shape[-1], d)
    xs, xt = dropped(embed(source, S, ps), drop), dropped(embed(target, E, pt), drop)
    mem = encoder(xs, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(xt, mem, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    z = h @ U.T
    z = z - z.max(-1, keepdims=True)
    return z - np.log(np.exp(z).sum(-1, keepdims=True))


# expect: error only-last-position-projected
# counts the axes from the left
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(
    source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None
):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    d = E.shape[1]
    ps, pt = sinusoidal_positions(source.shape[-1], d), sinusoidal_positions(target.shape[-1], d)
    xs, xt = dropped(embed(source, S, ps), drop), dropped(embed(target, E, pt), drop)
    mem = encoder(xs, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(xt, mem, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h[:, -1] @ U.T


# expect: failed only-last-position-projected
# the last row
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(
    source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None
):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    d = E.shape[1]
    ps, pt = sinusoidal_positions(source.shape[-1], d), sinusoidal_positions(target.shape[-1], d)
    xs, xt = dropped(embed(source, S, ps), drop), dropped(embed(target, E, pt), drop)
    mem = encoder(xs, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(xt, mem, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h[-1] @ U.T


# expect: failed embeddings-not-dropped
# dropout on one side only
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(
    source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None
):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    d = E.shape[1]
    ps, pt = sinusoidal_positions(source.shape[-1], d), sinusoidal_positions(target.shape[-1], d)
    xs, xt = embed(source, S, ps), dropped(embed(target, E, pt), drop)
    mem = encoder(xs, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(xt, mem, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h @ U.T


# expect: failed only-last-position-projected scale-on-output-logits
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(
    source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None
):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    d = E.shape[1]
    ps, pt = sinusoidal_positions(source.shape[-1], d), sinusoidal_positions(target.shape[-1], d)
    xs, xt = dropped(embed(source, S, ps), drop), dropped(embed(target, E, pt), drop)
    mem = encoder(xs, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(xt, mem, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return h[..., -1, :] @ U.T * d**0.5


# expect: failed only-last-position-projected softmax-instead-of-logits
import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(
    source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None
):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    d = E.shape[1]
    ps, pt = sinusoidal_positions(source.shape[-1], d), sinusoidal_positions(target.shape[-1], d)
    xs, xt = dropped(embed(source, S, ps), drop), dropped(embed(target, E, pt), drop)
    mem = encoder(xs, weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(xt, mem, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    z = h[..., -1, :] @ U.T
    z = np.exp(z - z.max(-1, keepdims=True))
    return z / z.sum(-1, keepdims=True)
