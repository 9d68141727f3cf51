# expect: failed eos-kept-in-input
# the whole sentence as input; the target is shorter
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    whole = [[bos] + t + [eos] for _, t in pairs]
    return src, rect(whole), rect([w[1:] for w in whole])


# expect: failed
# np.roll of the target, bos forgotten: the last token comes first
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    target = rect([t + [eos] for _, t in pairs])
    return src, np.roll(target, 1, axis=1), target


# expect: failed
# bos and eos exchanged
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    return src, rect([[eos] + t for _, t in pairs]), rect([t + [bos] for _, t in pairs])


# expect: failed shift-wrong-way
# input and target change places
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    return src, rect([t + [eos] for _, t in pairs]), rect([[bos] + t for _, t in pairs])


# expect: failed source-framed
# source with both
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([[bos, *s, eos] for s, _ in pairs])
    return src, rect([[bos] + t for _, t in pairs]), rect([t + [eos] for _, t in pairs])


# expect: failed
# cut to the longest sentence, bos and eos counted not
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    width = max(len(t) for _, t in pairs)
    return src, rect([([bos] + t)[:width] for _, t in pairs], width), rect([(t + [eos])[:width] for _, t in pairs], width)


# expect: failed input-equals-target
# both framed, both whole
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    whole = rect([[bos, *t, eos] for _, t in pairs])
    return src, whole, whole


# expect: failed left-padding
# the source alone
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    n = max(len(s) for s, _ in pairs)
    src = np.array([[pad] * (n - len(s)) + s for s, _ in pairs])
    return src, rect([[bos] + t for _, t in pairs]), rect([t + [eos] for _, t in pairs])


# expect: failed
# shift by two
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    return src, rect([[bos, bos] + t[:-1] for _, t in pairs]), rect([t + [eos] for _, t in pairs])


# expect: error
# bos and eos are put into the lists of the caller, the wrong way
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    for s, t in pairs:
        t.insert(0, bos)
    return src, rect([t for _, t in pairs]), rect([t[1:] + eos for _, t in pairs])


# expect: failed
# a dict
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    return {"source": src, "decoder_input": rect([[bos] + t for _, t in pairs]), "target": rect([t + [eos] for _, t in pairs])}


# expect: failed
# every source alone as wide as the target
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    tgt = rect([t + [eos] for _, t in pairs])
    return rect([s for s, _ in pairs], max(max(len(s) for s, _ in pairs), tgt.shape[1] - 1)), rect([[bos] + t for _, t in pairs]), tgt
# expect: failed one-width-for-both
# one width for both, of the longest sentence + 1
import numpy as np


def teacher_forcing_batch(pairs, bos, eos, pad):
    def rect(rows, width=None, value=pad):
        width = width or max(len(row) for row in rows)
        out = np.full((len(rows), width), value)
        for i, row in enumerate(rows):
            out[i, : len(row)] = row
        return out

    src = rect([s for s, _ in pairs])
    width = max(max(len(s), len(t)) for s, t in pairs) + 1
    return rect([s for s, _ in pairs], width), rect([[bos] + t for _, t in pairs], width), rect([t + [eos] for _, t in pairs], width)
