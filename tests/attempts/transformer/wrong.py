# expect: failed softmax-instead-of-logits
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    y = dropped(embed(target, E, pos(target)), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return softmax(hidden @ U.T)


# expect: failed encoder-output-not-used
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    y = dropped(embed(target, E, pos(target)), drop)
    memory = x
    hidden = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.einsum("...d,vd->...v", hidden, U)


# expect: failed source-mask-not-in-decoder
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    y = dropped(embed(target, E, pos(target)), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, mask=target_mask, norm=norm, drop=drop)
    return np.einsum("...d,vd->...v", hidden, U)


# expect: failed embeddings-not-dropped
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = embed(source, S, pos(source))
    y = embed(target, E, pos(target))
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.einsum("...d,vd->...v", hidden, U)


# expect: failed scale-on-output-logits
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    y = dropped(embed(target, E, pos(target)), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return hidden @ (U * np.sqrt(U.shape[1])).T


# expect: failed source-table-ignored
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    y = dropped(embed(target, E, pos(target)), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.einsum("...d,vd->...v", hidden, U)


# expect: failed source-mask-not-in-decoder embeddings-not-dropped
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = embed(source, S, pos(source))
    y = embed(target, E, pos(target))
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, mask=target_mask, norm=norm, drop=drop)
    return np.einsum("...d,vd->...v", hidden, U)


# expect: failed
# the logits are cosines
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    y = dropped(embed(target, E, pos(target)), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return (hidden / np.linalg.norm(hidden, axis=-1, keepdims=True)) @ U.T


# expect: failed
# the target's positions go on where the source ends
import numpy as np
from reference import *


def transformer(source, target, weights, n_heads, source_mask=None, target_mask=None, norm="post", drop=None):
    E = weights.embedding
    S = E if weights.source_embedding is None else weights.source_embedding
    U = E if weights.unembedding is None else weights.unembedding
    pos = lambda ids: sinusoidal_positions(ids.shape[-1], E.shape[-1])
    x = dropped(embed(source, S, pos(source)), drop)
    y = dropped(embed(target, E, sinusoidal_positions(source.shape[-1] + target.shape[-1], E.shape[-1])[source.shape[-1]:]), drop)
    memory = encoder(x, weights.encoder, n_heads, source_mask, norm, drop)
    hidden = decoder(y, memory, weights.decoder, n_heads, target_mask, source_mask, norm, drop)
    return np.einsum("...d,vd->...v", hidden, U)
