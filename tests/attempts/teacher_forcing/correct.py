# expect: passed
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def table(rows):
        width = max(map(len, rows))
        return np.array([list(row) + [pad] * (width - len(row)) for row in rows])

    return (
        table([s for s, _ in pairs]),
        table([[bos, *t] for _, t in pairs]),
        table([[*t, eos] for _, t in pairs]),
    )


# expect: passed
from itertools import zip_longest

import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    sources = np.array(list(zip_longest(*(s for s, _ in pairs), fillvalue=pad)), dtype=np.int32).T
    n = 1 + max(len(t) for _, t in pairs)
    target = np.full((len(pairs), n), pad)
    read = np.full((len(pairs), n), pad)
    read[:, 0] = bos
    for i, (_, t) in enumerate(pairs):
        target[i, : len(t)], target[i, len(t)] = t, eos
        read[i, 1 : 1 + len(t)] = t
    return sources, read, target
