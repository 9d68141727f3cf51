# expect: passed
# all tokens at once, by masks
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    ls = np.array([len(s) for s, _ in pairs])
    lt = np.array([len(t) for _, t in pairs])
    S, T = ls.max(), lt.max() + 1
    src = np.full((len(pairs), S), pad)
    src[np.arange(S) < ls[:, None]] = np.concatenate([np.asarray(s, dtype=int) for s, _ in pairs])
    out = np.full((len(pairs), T), pad)
    out[np.arange(T) < lt[:, None]] = np.concatenate([np.asarray(t, dtype=int) for _, t in pairs])
    out[np.arange(len(pairs)), lt] = eos
    inp = np.full_like(out, pad)
    inp[:, 0] = bos
    k = np.arange(1, T) <= lt[:, None]
    inp[:, 1:][k] = out[:, :-1][k]
    return src, inp, out
