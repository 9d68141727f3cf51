# expect: passed
# the starter filled in with conditional expressions and keyword arguments
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    source_embedding = weights.source_embedding if weights.source_embedding is not None else weights.embedding
    unembedding = weights.unembedding if weights.unembedding is not None else weights.embedding
    d_model = len(weights.embedding[0])
    positions = sinusoidal_positions(source.shape[-1] + target.shape[-1], d_model)
    source_vectors = dropped(embed(ids=source, embedding=source_embedding, positions=positions), drop=drop)
    target_vectors = dropped(embed(ids=target, embedding=weights.embedding, positions=positions), drop=drop)
    memory = encoder(x=source_vectors, weights=weights.encoder, n_heads=n_heads, mask=source_mask, norm=norm, drop=drop)
    hidden = decoder(x=target_vectors, memory=memory, weights=weights.decoder, n_heads=n_heads, mask=target_mask, memory_mask=source_mask, norm=norm, drop=drop)
    logits = hidden.dot(unembedding.T)
    return logits


# expect: passed
# tensordot and a loop over the names of tables
import numpy as np
import reference


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    tables = []
    for name in ("source_embedding", "embedding", "unembedding"):
        table = getattr(weights, name)
        if table is None:
            table = weights.embedding
        tables.append(table)
    src, tgt, out = tables
    n = max(source.shape[-1], target.shape[-1])
    pe = reference.sinusoidal_positions(n, tgt.shape[1])
    common = (norm, drop)
    enc_in = reference.embed(source, src, pe)
    dec_in = reference.embed(target, tgt, pe)
    if drop:
        enc_in, dec_in = drop(enc_in), drop(dec_in)
    memory = reference.encoder(enc_in, weights.encoder, n_heads, source_mask, *common)
    h = reference.decoder(dec_in, memory, weights.decoder, n_heads, target_mask, source_mask, *common)
    return np.tensordot(h, out, axes=([-1], [-1]))


# expect: passed
# functools.partial, np.inner
from functools import partial

import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    w = weights._replace(
        source_embedding=weights.embedding if weights.source_embedding is None else weights.source_embedding,
        unembedding=weights.embedding if weights.unembedding is None else weights.unembedding,
    )
    dim = w.embedding.shape[-1]

    def look_up(ids, table):
        return dropped(embed(ids, table, sinusoidal_positions(ids.shape[-1], dim)), drop)

    enc = partial(encoder, weights=w.encoder, n_heads=n_heads, mask=source_mask, norm=norm, drop=drop)
    dec = partial(decoder, weights=w.decoder, n_heads=n_heads, mask=target_mask, memory_mask=source_mask, norm=norm, drop=drop)
    return np.inner(dec(look_up(target, w.embedding), enc(look_up(source, w.source_embedding))), w.unembedding)


# expect: passed
# sentence by sentence where there is a batch, the masks broadcast first
import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def one(source, target, weights, n_heads, source_mask, target_mask, norm, drop):
    E, enc, dec, S, U = weights.embedding, weights.encoder, weights.decoder, weights.source_embedding, weights.unembedding
    S, U = (E if t is None else t for t in (S, U))
    pos = sinusoidal_positions(max(len(source), len(target)), E.shape[1])
    x = dropped(embed(source, S, pos), drop)
    y = dropped(embed(target, E, pos), drop)
    m = encoder(x, enc, n_heads, source_mask, norm, drop)
    return decoder(y, m, dec, n_heads, target_mask, source_mask, norm, drop) @ np.transpose(U)


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    if source.ndim == 1:
        return one(source, target, weights, n_heads, source_mask, target_mask, norm, drop)

    def part(mask, i):
        if mask is None or mask.ndim < 3 + source.ndim - 1 or len(mask) == 1:
            return mask
        return mask[i]

    return np.stack(
        [
            transformer(s, t, weights, n_heads, part(source_mask, i), part(target_mask, i), norm, drop)
            for i, (s, t) in enumerate(zip(source, target))
        ]
    )


# expect: passed
# positions added by hand, with the scale, and a causal mask once more
import numpy as np
from reference import causal_mask, combine_masks, decoder, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    if drop is None:
        drop = lambda y: y
    E = weights.embedding
    d = E.shape[1]
    S = weights.source_embedding
    if S is None:
        S = E
    U = weights.unembedding
    if U is None:
        U = E
    L, T = source.shape[-1], target.shape[-1]
    x = np.take(S, source, axis=0) * np.sqrt(d) + sinusoidal_positions(L, d)
    y = np.take(E, target, axis=0) * np.sqrt(d) + sinusoidal_positions(T, d)
    memory = encoder(drop(x), weights.encoder, n_heads, source_mask, norm, drop)
    h = decoder(drop(y), memory, weights.decoder, n_heads, combine_masks(causal_mask(T), target_mask), source_mask, norm, drop)
    return np.einsum('...tc,vc->...tv', h, U)


# expect: passed
# positions that are written out
import math

import numpy as np
from reference import decoder, dropped, embed, encoder


def pe(n, d):
    out = np.zeros((n, d))
    for p in range(n):
        for i in range(d):
            angle = p / 10000 ** (2 * (i // 2) / d)
            out[p, i] = math.sin(angle) if i % 2 == 0 else math.cos(angle)
    return out


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    table = weights.embedding
    d = table.shape[1]
    xs = dropped(embed(source, weights.embedding if weights.source_embedding is None else weights.source_embedding, pe(source.shape[-1], d)), drop)
    xt = dropped(embed(target, table, pe(target.shape[-1], d)), drop)
    mem = encoder(xs, weights.encoder, n_heads, source_mask, norm, drop)
    out = decoder(xt, mem, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return out @ (table if weights.unembedding is None else weights.unembedding).T


# expect: passed
# a dataclass that keeps what was computed
from dataclasses import dataclass, field

import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


@dataclass
class Model:
    weights: object
    n_heads: int
    norm: str
    drop: object
    cache: dict = field(default_factory=dict)

    @property
    def d_model(self):
        return self.weights.embedding.shape[-1]

    def encode(self, source, mask):
        table = self.weights.source_embedding
        table = self.weights.embedding if table is None else table
        x = embed(source, table, sinusoidal_positions(source.shape[-1], self.d_model))
        x = dropped(x, self.drop)
        self.cache["memory"] = encoder(x, self.weights.encoder, self.n_heads, mask, self.norm, self.drop)
        return self

    def decode(self, target, mask, memory_mask):
        y = embed(target, self.weights.embedding, sinusoidal_positions(target.shape[-1], self.d_model))
        y = dropped(y, self.drop)
        h = decoder(y, self.cache["memory"], self.weights.decoder, self.n_heads, mask, memory_mask, self.norm, self.drop)
        table = self.weights.unembedding
        table = self.weights.embedding if table is None else table
        return np.matmul(h, table.transpose())


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    return Model(weights, n_heads, norm, drop).encode(source, source_mask).decode(target, target_mask, source_mask)


# expect: passed
# the logits number by number
import numpy as np
from reference import decoder, dropped, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm='post', drop=None):
    E = weights.embedding
    S = next(t for t in (weights.source_embedding, E) if t is not None)
    U = next(t for t in (weights.unembedding, E) if t is not None)
    pos = sinusoidal_positions(512, E.shape[-1])
    memory = encoder(dropped(embed(source, S, pos), drop), weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(dropped(embed(target, E, pos), drop), memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    logits = np.zeros(hidden.shape[:-1] + (U.shape[0],), dtype=hidden.dtype)
    for place in np.ndindex(*hidden.shape[:-1]):
        for token in range(U.shape[0]):
            logits[place + (token,)] = sum(a * b for a, b in zip(hidden[place], U[token]))
    return logits
