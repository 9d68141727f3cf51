# expect: failed eos-kept-in-input
# cut after padding
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        width = max(map(len, rows))
        return np.array([r + [pad] * (width - len(r)) for r in rows])

    whole = stack([[bos] + list(t) + [eos] for _, t in pairs])
    return stack([list(s) for s, _ in pairs]), whole[:, :-1], whole[:, 1:]


# expect: failed left-padding
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        out = np.full((len(rows), max(map(len, rows))), pad)
        for row, r in zip(out, rows):
            row[len(row) - len(r) :] = r
        return out

    return stack([s for s, _ in pairs]), stack([[bos, *t] for _, t in pairs]), stack([[*t, eos] for _, t in pairs])


# expect: failed input-equals-target
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        width = max(map(len, rows))
        return np.array([np.r_[r, np.full(width - len(r), pad, dtype=int)] for r in rows])

    target = stack([[*t, eos] for _, t in pairs])
    return stack([s for s, _ in pairs]), target.copy(), target


# expect: failed one-width-for-both
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    width = max(max(len(s), len(t) + 1) for s, t in pairs)
    out = np.full((3, len(pairs), width), pad)
    for i, (s, t) in enumerate(pairs):
        for row, tokens in zip(out[:, i], (s, [bos, *t], [*t, eos])):
            row[: len(tokens)] = tokens
    return tuple(out)


# expect: failed source-framed
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        width = max(map(len, rows))
        return np.array([r + [pad] * (width - len(r)) for r in rows])

    return stack([s + [eos] for s, _ in pairs]), stack([[bos] + t for _, t in pairs]), stack([t + [eos] for _, t in pairs])


# expect: failed
# deserves: left-padding source-framed
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        width = max(map(len, rows))
        return np.array([[pad] * (width - len(r)) + r for r in rows])

    return stack([s + [eos] for s, _ in pairs]), stack([[bos] + t for _, t in pairs]), stack([t + [eos] for _, t in pairs])


# expect: failed
# the sentences turned round
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        width = max(map(len, rows))
        return np.array([r + [pad] * (width - len(r)) for r in rows])

    return stack([s[::-1] for s, _ in pairs]), stack([[bos] + t for _, t in pairs]), stack([t + [eos] for _, t in pairs])


# expect: failed
# lists are no arrays
def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        width = max(map(len, rows))
        return [r + [pad] * (width - len(r)) for r in rows]

    return stack([s for s, _ in pairs]), stack([[bos] + t for _, t in pairs]), stack([t + [eos] for _, t in pairs])
