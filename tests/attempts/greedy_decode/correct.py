# expect: passed
def greedy_decode(step, bos, eos, max_len):
    tokens = []
    while len(tokens) < max_len and (not tokens or tokens[-1] != eos):
        scores = step([bos] + tokens)
        tokens.append(max(range(len(scores)), key=lambda i: scores[i]))
    return tokens


# expect: passed
# NumPy integers, a tuple
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]
    for _ in range(max_len):
        prefix.append(np.argmax(step(list(prefix))))
        if prefix[-1] == eos:
            return tuple(prefix[1:])
    return tuple(prefix[1:])


# expect: passed
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    def rest(prefix):
        if len(prefix) > max_len:
            return []
        token = int(step(prefix).argmax())
        return [token] if token == eos else [token, *rest([*prefix, token])]

    return np.array(rest([bos]))
