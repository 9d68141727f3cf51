# expect: passed
# append in place on own copies
import numpy as np
from reference import Batch


def teacher_forcing_batch(pairs, bos, eos, pad):
    sources, inputs, targets = [], [], []
    for source, target in pairs:
        sources.append(list(source))
        row = [bos]
        row.extend(target)
        inputs.append(row)
        row = list(target)
        row.append(eos)
        targets.append(row)
    longest = max([len(row) for row in targets])
    for row in inputs:
        while len(row) < longest:
            row.append(pad)
    for row in targets:
        while len(row) < longest:
            row.append(pad)
    longest = max([len(row) for row in sources])
    for row in sources:
        while len(row) < longest:
            row.append(pad)
    return Batch(np.array(sources), np.array(inputs), np.array(targets))


# expect: passed
# recursion pads a row
import numpy as np


def pad_to(row, width, pad):
    return row if len(row) >= width else pad_to(row + [pad], width, pad)


def teacher_forcing_batch(pairs, bos, eos, pad):
    src_w = max(len(s) for s, t in pairs)
    tgt_w = max(len(t) for s, t in pairs) + 1
    S = [pad_to(s, src_w, pad) for s, t in pairs]
    I = [pad_to([bos] + t, tgt_w, pad) for s, t in pairs]
    T = [pad_to(t + [eos], tgt_w, pad) for s, t in pairs]
    return tuple(map(np.array, (S, I, T)))


# expect: passed
# indices into a flat vector of tokens, int16
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def make(rows):
        n = np.array([len(r) for r in rows])
        out = np.full((len(rows), n.max()), pad, dtype=np.int16)
        r = np.repeat(np.arange(len(rows)), n)
        c = np.concatenate([np.arange(k) for k in n])
        out[r, c] = sum(map(list, rows), [])
        return out

    return make([s for s, _ in pairs]), make([[bos] + t for _, t in pairs]), make([t + [eos] for _, t in pairs])


# expect: passed
# itertools: chain, repeat, islice
from itertools import chain, islice, repeat
from typing import Sequence

import numpy as np


def teacher_forcing_batch(
    pairs: Sequence[tuple[Sequence[int], Sequence[int]]], bos: int, eos: int, pad: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    def rows(sequences: list[list[int]]) -> np.ndarray:
        width = len(max(sequences, key=len))
        return np.array([list(islice(chain(seq, repeat(pad)), width)) for seq in sequences], dtype=np.int64)

    return (
        rows([[*s] for s, _ in pairs]),
        rows([[*chain((bos,), t)] for _, t in pairs]),
        rows([[*chain(t, (eos,))] for _, t in pairs]),
    )


# expect: passed
# a class; columns are joined
import numpy as np
from reference import Batch


class Collator:
    def __init__(self, bos, eos, pad):
        self.bos, self.eos, self.pad = bos, eos, pad

    def column(self, value, n):
        return np.full((n, 1), value, dtype=int)

    def rectangle(self, rows):
        out = np.zeros((len(rows), max(len(r) for r in rows)), dtype=int) + self.pad
        for i in range(len(rows)):
            for j in range(len(rows[i])):
                out[i, j] = rows[i][j]
        return out

    def __call__(self, pairs):
        n = len(pairs)
        source = self.rectangle([s for s, _ in pairs])
        y = self.rectangle([t for _, t in pairs])
        lengths = [len(t) for _, t in pairs]
        decoder_input = np.concatenate([self.column(self.bos, n), y], axis=1)
        target = np.concatenate([y, self.column(self.pad, n)], axis=1)
        target[range(n), lengths] = self.eos
        return Batch(source, decoder_input, target)


def teacher_forcing_batch(pairs, bos, eos, pad):
    return Collator(bos, eos, pad)(pairs)


# expect: passed
# np.where on padded sentences and their lengths
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    N = max(max(len(s), len(t)) for s, t in pairs) + 1
    padded = np.array([[list(x) + [pad] * (N - len(x)) for x in pair] for pair in pairs])
    lengths = np.array([[len(x) for x in pair] for pair in pairs])
    ls, lt = lengths.T
    place = np.arange(N)[None]
    target = np.where(place == lt[:, None], eos, padded[:, 1])
    decoder_input = np.insert(padded[:, 1], 0, bos, axis=1)
    w = lt.max() + 1
    return padded[:, 0, : ls.max()], decoder_input[:, :w], target[:, :w]


# expect: passed
# np.pad with two values
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    src, inp, tgt = [], [], []
    width = 1 + max(len(t) for _, t in pairs)
    width_src = max(len(s) for s, _ in pairs)
    for s, t in pairs:
        src.append(np.pad(s, (0, width_src - len(s)), constant_values=pad))
        inp.append(np.pad(t, (1, width - 1 - len(t)), constant_values=(bos, pad)))
        framed = np.append(t, eos)
        tgt.append(np.pad(framed, (0, width - len(framed)), constant_values=pad))
    return np.stack(src), np.stack(inp), np.stack(tgt)


# expect: passed
# the input is made of the target: eos goes, bos comes
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def block(rows):
        width = max(map(len, rows))
        return np.asarray([[*r, *([pad] * (width - len(r)))] for r in rows])

    target = block([[*t, eos] for _, t in pairs])
    decoder_input = np.empty_like(target)
    decoder_input[:, 0] = bos
    decoder_input[:, 1:] = target[:, :-1]
    for i, (_, t) in enumerate(pairs):
        decoder_input[i, 1 + len(t) :] = pad
    return block([s for s, _ in pairs]), decoder_input, target


# expect: passed
# uint8 is an integer type, too
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    f = lambda rows: np.array([r + (max(map(len, rows)) - len(r)) * [pad] for r in rows], "uint8")
    return f([s for s, t in pairs]), f([[bos] + t for s, t in pairs]), f([t + [eos] for s, t in pairs])
