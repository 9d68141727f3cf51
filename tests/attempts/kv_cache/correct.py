# expect: passed
import numpy as np
from reference import DecoderCache, KVCache, feed_forward, layer_norm, masked_softmax, rotary


def decode_step(x, layers, cache, n_heads):
    new, past = x.shape[-2], cache.offset
    places = np.arange(past, past + new)
    kept = []
    for layer, (old_k, old_v) in zip(layers, cache.layers):
        y = layer_norm(x, layer.norm_1.gamma, layer.norm_1.beta)

        def heads(w):
            return np.moveaxis((y @ w).reshape(*y.shape[:-1], n_heads, -1), -2, -3)

        q = rotary(heads(layer.attention.w_q), places)
        k = np.concatenate((old_k, rotary(heads(layer.attention.w_k), places)), -2)
        v = np.concatenate((old_v, heads(layer.attention.w_v)), -2)
        kept.append(KVCache(k, v))
        allowed = np.arange(past + new) <= places[:, None]
        a = masked_softmax(np.einsum("...qd,...kd->...qk", q, k) / np.sqrt(q.shape[-1]), allowed)
        mixed = np.moveaxis(a @ v, -3, -2)
        x = x + mixed.reshape(*x.shape[:-1], -1) @ layer.attention.w_o
        x = x + feed_forward(layer_norm(x, *layer.norm_2), *layer.feed_forward)
    return x, DecoderCache(kept, past + new)


# expect: passed
# token by token
import numpy as np
from reference import DecoderCache, KVCache, feed_forward, layer_norm, rotary, softmax, split_heads


def one(x, layers, cache, n_heads):
    position, stored = np.array([cache.offset]), []
    for layer, kept in zip(layers, cache.layers):
        y = layer_norm(x, *layer.norm_1)
        q, k, v = (split_heads(y @ w, n_heads) for w in layer.attention[:3])
        k = np.concatenate([kept.k, rotary(k, position)], axis=-2)
        v = np.concatenate([kept.v, v], axis=-2)
        stored.append(KVCache(k, v))
        a = softmax(rotary(q, position) @ k.swapaxes(-1, -2) / q.shape[-1] ** 0.5)
        x = x + np.concatenate(list(np.moveaxis(a @ v, -3, 0)), axis=-1) @ layer.attention.w_o
        x = x + feed_forward(layer_norm(x, *layer.norm_2), *layer.feed_forward)
    return x, DecoderCache(stored, cache.offset + 1)


def decode_step(x, layers, cache, n_heads):
    outputs = []
    for t in range(x.shape[-2]):
        output, cache = one(x[..., t : t + 1, :], layers, cache, n_heads)
        outputs.append(output)
    return np.concatenate(outputs, axis=-2), cache
