# expect: passed
# C style: a fixed buffer, manual argmax
def greedy_decode(step, bos, eos, max_len):
    buffer = [0] * (max_len + 1)
    buffer[0] = bos
    length = 1
    while True:
        p = step(buffer[:length])
        best, where = float("-inf"), -1
        i = 0
        while i < len(p):
            if p[i] > best:
                best = p[i]
                where = i
            i += 1
        buffer[length] = where
        length += 1
        if where == eos or length > max_len:
            break
    return buffer[1:length]


# expect: passed
# golf
greedy_decode=lambda step,bos,eos,max_len,p=():list(p)if len(p)==max_len or eos in p else greedy_decode(step,bos,eos,max_len,(*p,int(step([bos,*p]).argmax())))


# expect: passed
# functools.reduce over a counter
from functools import reduce

import numpy as np


def greedy_decode(step, bos, eos, max_len):
    def grow(tokens, _):
        if tokens and tokens[-1] == eos:
            return tokens
        return tokens + [int(np.flatnonzero((p := step([bos] + tokens)) == p.max())[0])]

    return reduce(grow, range(max_len), [])


# expect: passed
# a class with state; a deque
from collections import deque

import numpy as np


class Decoder:
    def __init__(self, model, start, stop, limit):
        self.model, self.stop, self.limit = model, stop, limit
        self.tokens = deque([start])

    @property
    def done(self):
        written = len(self.tokens) - 1
        return written >= self.limit or (written > 0 and self.tokens[-1] == self.stop)

    def step(self):
        scores = np.asarray(self.model(list(self.tokens)))
        self.tokens.append(int(scores.argmax()))

    def run(self):
        while not self.done:
            self.step()
        self.tokens.popleft()
        return list(self.tokens)


def greedy_decode(step, bos, eos, max_len):
    return Decoder(step, bos, eos, max_len).run()


# expect: passed
# for-else, try/except with StopIteration
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    class Ended(Exception):
        pass

    sequence = [bos]
    try:
        for position in range(1, max_len + 1):
            next_id = np.argsort(-np.array(step(sequence)), kind="stable")[0]
            sequence.insert(position, int(next_id))
            if sequence[position] == eos:
                raise Ended
    except Ended:
        pass
    del sequence[0]
    return sequence


# expect: passed
# a beam of one
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    beams = [(0.0, [bos])]
    finished = None
    for _ in range(max_len):
        (score, text), = beams
        candidates = [(score + lp, text + [i]) for i, lp in enumerate(step(text))]
        local = [lp for lp in step(text)]
        best = max(range(len(local)), key=local.__getitem__)
        beams = [candidates[best]]
        if best == eos:
            finished = beams[0]
            break
    return (finished or beams[0])[1][1:]


# expect: passed
# bos and eos as NumPy scalars; a softmax, for nothing; a tuple
import numpy as np
from reference import softmax


def greedy_decode(step, bos, eos, max_len):
    ids = np.array([bos], dtype=np.int64)
    finished = False
    while not finished and ids.size - 1 < max_len:
        log_probs = step(ids.tolist())
        nxt = np.nanargmax(log_probs)
        ids = np.concatenate([ids, [nxt]])
        finished = bool(nxt == eos)
    return tuple(ids[1:].tolist())


# expect: passed
# itertools.takewhile and accumulate
from itertools import accumulate, repeat


def greedy_decode(step, bos, eos, max_len):
    def advance(prefix, _):
        if len(prefix) > 1 and prefix[-1] == eos:
            return prefix
        p = list(step(list(prefix)))
        return prefix + (p.index(max(p)),)

    *_, last = accumulate(repeat(None, max_len), advance, initial=(bos,))
    return list(last[1:])


# expect: passed
# walrus in the while; other parameter order of use
import numpy as np


def greedy_decode(step, *, bos, eos, max_len):
    out = [bos]
    while (token := np.argmax(step(out)).item()) != eos and len(out) < max_len:
        out.append(token)
    return [*out[1:], token]


# expect: passed
# everything to max_len, then cut after the first eos
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]
    for _ in range(max_len):
        prefix.append(int(np.argmax(step(prefix))))
    answer = prefix[1:]
    return answer[: answer.index(eos) + 1] if eos in answer else answer
