# expect: failed input-equals-target
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def table(rows):
        width = max(map(len, rows))
        return np.array([list(row) + [pad] * (width - len(row)) for row in rows])

    target = table([[*t, eos] for _, t in pairs])
    return table([s for s, _ in pairs]), target.copy(), target


# expect: failed left-padding
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def table(rows):
        width = max(map(len, rows))
        return np.array([[pad] * (width - len(row)) + list(row) for row in rows])

    return table([s for s, _ in pairs]), table([[bos] + t for _, t in pairs]), table([t + [eos] for _, t in pairs])
