# expect: failed no-stop-at-eos
def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        out += [int(step([bos, *out]).argmax())]
    return out


# expect: failed bos-returned
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    ids = [bos]
    while len(ids) <= max_len:
        ids.append(int(np.argmax(step(ids))))
        if ids[-1] == eos:
            break
    return ids


# expect: failed eos-not-returned
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    for _ in range(max_len):
        token = int(np.argmax(step([bos] + out)))
        if token == eos:
            return out
        out.append(token)
    return out


# expect: failed only-last-token-fed
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    token, out = bos, []
    while token != eos and len(out) < max_len:
        token = int(np.argmax(step([token])))
        out.append(token)
    return out


# expect: failed greedy-tie-to-higher-id
def greedy_decode(step, bos, eos, max_len):
    out = []
    for _ in range(max_len):
        scores = list(step([bos] + out))
        out.append(max(range(len(scores)), key=lambda i: (scores[i], i)))
        if out[-1] == eos:
            break
    return out


# expect: failed no-stop-at-eos bos-returned
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    ids = [bos]
    for _ in range(max_len):
        ids.append(int(np.argmax(step(ids))))
    return ids


# expect: failed
# the prefix comes backwards
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    for _ in range(max_len):
        out.append(int(np.argmax(step((out + [bos])[::-1]))) if len(out) % 2 else int(np.argmax(step([bos] + out))))
        if out[-1] == eos:
            break
    return out[::-1]


# expect: failed
# the second best token
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    for _ in range(max_len):
        out.append(int(np.argsort(-step([bos] + out), kind="stable")[1]))
        if out[-1] == eos:
            break
    return out


# expect: failed no-stop-at-eos token-not-appended
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    return [int(np.argmax(step([bos]))) for _ in range(max_len)]
