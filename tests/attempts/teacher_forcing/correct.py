# expect: passed
# prefilled arrays
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    n = len(pairs)
    longest_source = max(len(s) for s, _ in pairs)
    longest_target = 1 + max(len(t) for _, t in pairs)
    source = np.full((n, longest_source), pad)
    decoder_input = np.full((n, longest_target), pad)
    target = np.full_like(decoder_input, pad)
    for i, (s, t) in enumerate(pairs):
        source[i, : len(s)] = s
        decoder_input[i, 0] = bos
        decoder_input[i, 1 : len(t) + 1] = t
        target[i, : len(t)] = t
        target[i, len(t)] = eos
    return source, decoder_input, target


# expect: passed
# columns by zip_longest
from itertools import zip_longest

import numpy as np


def padded(rows, pad):
    return np.array(list(zip_longest(*rows, fillvalue=pad))).T


def teacher_forcing_batch(pairs, bos, eos, pad):
    sources, targets = zip(*pairs)
    return padded(sources, pad), padded([[bos] + list(t) for t in targets], pad), padded([list(t) + [eos] for t in targets], pad)


# expect: passed
# framed rows, cut twice; int32; a named tuple of its own
from collections import namedtuple

import numpy as np

Batch = namedtuple("Batch", "src tgt_in tgt_out")


def teacher_forcing_batch(pairs, bos, eos, pad):
    def stack(rows):
        width = max(map(len, rows))
        return np.vstack([np.pad(np.asarray(r, dtype=np.int32), (0, width - len(r)), constant_values=pad) for r in rows])

    framed = [[bos, *t, eos] for _, t in pairs]
    return Batch(stack([s for s, _ in pairs]), stack([f[:-1] for f in framed]), stack([f[1:] for f in framed]))


# expect: passed
# the input is the target rolled by one
import numpy as np
from reference import Batch


def teacher_forcing_batch(pairs, bos, eos, pad):
    lengths = np.array([[len(s), len(t)] for s, t in pairs])
    source_place, place = np.arange(lengths[:, 0].max()), np.arange(lengths[:, 1].max() + 1)
    source = np.full((len(pairs), source_place.size), pad)
    source[source_place < lengths[:, :1]] = np.concatenate([s for s, _ in pairs])
    target = np.full((len(pairs), place.size), pad)
    target[place < lengths[:, 1:]] = np.concatenate([t for _, t in pairs])
    decoder_input = np.roll(target, 1, axis=1)
    decoder_input[:, 0] = bos
    target[place == lengths[:, 1:]] = eos
    return Batch(source=source, decoder_input=decoder_input, target=target)
