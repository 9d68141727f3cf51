# expect: passed
import numpy as np
from reference import decoder, encoder, lookup, sinusoidal_positions


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    table = weights.embedding
    d = table.shape[1]

    def vectors(ids, rows):
        y = lookup(ids, rows) * np.sqrt(d).astype(rows.dtype)
        y = y + sinusoidal_positions(ids.shape[-1], d).astype(y.dtype)
        return y if drop is None else drop(y)

    memory = encoder(
        vectors(source, table if weights.source_embedding is None else weights.source_embedding),
        weights.encoder, n_heads, source_mask, norm, drop,
    )
    hidden = decoder(vectors(target, table), memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    out = table if weights.unembedding is None else weights.unembedding
    return np.einsum("...td,vd->...tv", hidden, out)
