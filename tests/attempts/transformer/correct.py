# expect: passed
# each side by itself
import numpy as np
from reference import decoder, embed, encoder, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    drop_ = (lambda y: y) if drop is None else drop
    target_table = weights.embedding
    source_table = target_table if weights.source_embedding is None else weights.source_embedding
    output_table = target_table if weights.unembedding is None else weights.unembedding
    d = target_table.shape[1]
    x = drop_(embed(source, source_table, sinusoidal_positions(source.shape[-1], d)))
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    y = drop_(embed(target, target_table, sinusoidal_positions(target.shape[-1], d)))
    y = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.einsum("...td,vd->...tv", y, output_table)


# expect: passed
# a class, tables picked with `or` by way of lists
import functools

import reference as R


class Transformer:
    def __init__(self, weights, n_heads, **kind):
        self.weights, self.n_heads, self.kind = weights, n_heads, kind

    def table(self, name):
        found = [t for t in (getattr(self.weights, name), self.weights.embedding) if t is not None]
        return found[0]

    @functools.lru_cache
    def positions(self, n):
        return R.sinusoidal_positions(n, self.weights.embedding.shape[-1])

    def read(self, ids, table):
        return R.dropped(R.embed(ids, table, self.positions(ids.shape[-1])), self.kind["drop"])

    def __call__(self, source, target, source_mask, target_mask):
        memory = R.encoder(self.read(source, self.table("source_embedding")), self.weights.encoder, self.n_heads, source_mask, **self.kind)
        hidden = R.decoder(
            self.read(target, self.weights.embedding),
            memory,
            self.weights.decoder,
            self.n_heads,
            mask=target_mask,
            memory_mask=source_mask,
            **self.kind,
        )
        return hidden @ self.table("unembedding").swapaxes(0, 1)


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    return Transformer(weights, n_heads, norm=norm, drop=drop)(source, target, source_mask, target_mask)


# expect: passed
# embedding without embed: rows, scale, sines
import math

import numpy as np
from reference import *


def vectors(ids, table, drop):
    rows = np.stack([table[i] for i in ids.reshape(-1)]).reshape(ids.shape + table.shape[1:])
    rows = rows * math.sqrt(table.shape[-1])
    rows += sinusoidal_positions(1000, table.shape[-1])[: ids.shape[-1]]
    return drop(rows) if drop is not None else rows


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    tables = dict(source=weights.source_embedding, output=weights.unembedding)
    tables = {k: weights.embedding if t is None else t for k, t in tables.items()}
    memory = encoder(vectors(source, tables["source"], drop), weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(vectors(target, weights.embedding, drop), memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.stack([hidden @ row for row in tables["output"]], axis=-1)


# expect: passed
# layer by layer
from reference import decoder_layer, dropped, embed, encoder_layer, layer_norm, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E, S, U, enc, dec = (getattr(weights, f) for f in ("embedding", "source_embedding", "unembedding", "encoder", "decoder"))
    S = E if S is None else S
    U = E if U is None else U
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    for w in enc.layers:
        x = encoder_layer(x, w, n_heads, source_mask, norm, drop)
    x = x if enc.norm is None else layer_norm(x, *enc.norm)
    y = dropped(embed(target, E, pos(target)), drop)
    for w in dec.layers:
        y = decoder_layer(y, x, w, n_heads, target_mask, source_mask, norm, drop)
    y = y if dec.norm is None else layer_norm(y, *dec.norm)
    return (U @ y.swapaxes(-1, -2)).swapaxes(-1, -2)
