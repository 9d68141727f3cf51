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
