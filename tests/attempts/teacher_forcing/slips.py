# expect: failed input-equals-target
# neither has bos or eos
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def p(rows):
        w = max(map(len, rows))
        return np.array([r + [pad] * (w - len(r)) for r in rows])

    f = p([list(t) for _, t in pairs])
    return p([list(s) for s, _ in pairs]), f, f


# expect: failed shift-wrong-way
# the slices of one padded array exchanged
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    f = P([[bos, *t, eos] for _, t in pairs])
    return P(S), f[:, 1:], f[:, :-1]


# expect: failed shift-wrong-way
# rolled to the left
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    o = P(O)
    i = np.roll(o, -1, axis=1)
    return P(S), i, o


# expect: failed eos-missing-in-target
# the target is narrower
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) for _, t in pairs]
    O = [list(t) for _, t in pairs]
    return P(S), P(I), P(O)


# expect: failed eos-missing-in-target
# both are slices of bos y
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    i = P(I)
    return P(S), i[:, :-1], i[:, 1:]


# expect: failed eos-kept-in-input
# eos is never cut off
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) + [eos] for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    return P(S), P(I), P(O)


# expect: failed left-padding
# bos and eos are put around padded rows
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    t = P([t for _, t in pairs])
    n = len(t)
    return P(S), np.hstack([np.full((n, 1), bos), t]), np.hstack([t, np.full((n, 1), eos)])


# expect: failed left-padding
# bos, padding, sentence
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    w = max(map(len, I))
    i = np.array([[bos] + [pad] * (w - len(r)) + r[1:] for r in I])
    return P(S), i, P(O)


# expect: failed left-padding
# the target alone
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[bos] + list(t) for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    w = max(map(len, O))
    o = np.array([[pad] * (w - len(r)) + r for r in O])
    return P(S), P(I), o


# expect: failed bos-missing-in-input
# pad is where bos should be
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def P(rows):
        w = max(map(len, rows))
        return np.array([list(r) + [pad] * (w - len(r)) for r in rows], dtype=int)

    S = [list(s) for s, _ in pairs]
    I = [[pad] + list(t) for _, t in pairs]
    O = [list(t) + [eos] for _, t in pairs]
    return P(S), P(I), P(O)


# expect: failed left-padding
# padded on the left, then framed
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    n = max(len(t) for _, t in pairs)
    s = max(len(a) for a, _ in pairs)
    src = np.array([[pad] * (s - len(a)) + list(a) for a, _ in pairs])
    y = [[pad] * (n - len(t)) + list(t) for _, t in pairs]
    return src, np.array([[bos] + r for r in y]), np.array([r + [eos] for r in y])


# expect: failed input-equals-target
# one slice for both
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    n = max(len(t) for _, t in pairs) + 2
    s = max(len(a) for a, _ in pairs)
    src = np.array([list(a) + [pad] * (s - len(a)) for a, _ in pairs])
    y = np.array([[bos, *t, eos] + [pad] * (n - 2 - len(t)) for _, t in pairs])
    return src, y[:, :-1], y[:, :-1]
