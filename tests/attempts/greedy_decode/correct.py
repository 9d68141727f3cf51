# expect: passed
# while
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    output = []
    while len(output) < max_len and (not output or output[-1] != eos):
        output.append(int(step([bos] + output).argmax()))
    return output


# expect: passed
# recursion
def greedy_decode(step, bos, eos, max_len):
    def go_on(prefix):
        scores = step(list(prefix)).tolist()
        token = scores.index(max(scores))
        if token == eos or len(prefix) == max_len:
            return [token]
        return [token, *go_on(prefix + (token,))]

    return go_on((bos,))


# expect: passed
# a generator; NumPy integers in an array
import itertools

import numpy as np


def tokens(step, bos, eos):
    prefix = [bos]
    while True:
        log_p = np.asarray(step(prefix.copy()))
        prefix.append(np.lexsort((np.arange(log_p.size), -log_p))[0])
        yield prefix[-1]
        if prefix[-1] == eos:
            return


def greedy_decode(step, bos, eos, max_len):
    return np.array(list(itertools.islice(tokens(step, bos, eos), max_len)))


# expect: passed
# max over pairs
def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]
    for _ in range(max_len):
        prefix += [max(enumerate(step(prefix)), key=lambda pair: pair[1])[0]]
        if prefix[-1] == eos:
            break
    return prefix[1:]


# expect: passed
# an iterator with a sentinel
from functools import partial

import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]

    def more():
        token = np.argmax(np.exp(step(prefix)))
        prefix.append(token.item())
        return prefix[-1]

    done = object()
    for _ in iter(lambda: done if len(prefix) > max_len else more(), done):
        if prefix[-1] == eos:
            break
    return tuple(prefix[1:])


# expect: passed
# a buffer; an array comes back
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    buf = np.zeros(max_len + 1, dtype=int)
    buf[0] = bos
    n = 1
    while n <= max_len:
        buf[n] = step(buf[:n].tolist()).argmax()
        n += 1
        if buf[n - 1] == eos:
            break
    return buf[1:n]


# expect: passed
# recursion
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    def go(prefix, left):
        if not left:
            return []
        t = int(np.argmax(step(prefix)))
        return [t] if t == eos else [t] + go(prefix + [t], left - 1)

    return go([bos], max_len)


# expect: passed
# a generator, cut off
def tokens(step, bos, eos):
    prefix = [bos]
    while True:
        t = int(step(prefix).argmax(-1))
        yield t
        if t == eos:
            return
        prefix = prefix + [t]


from itertools import islice


def greedy_decode(step, bos, eos, max_len):
    return list(islice(tokens(step, bos, eos), max_len))
