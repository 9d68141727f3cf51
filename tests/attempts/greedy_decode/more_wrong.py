# expect: failed
# bos ends it, too
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        p = step([bos] + out)
        t = int(np.argmax(p))
        out.append(t)
        if t in (bos, eos):
            break
    return out


# expect: failed
# eos at the end, come what may
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]
    for i in range(max_len):
        logits = step(prefix)
        best = logits.argmax()
        prefix.append(int(best))
        if best == eos:
            return prefix[1:]
    return prefix[1:] + [eos]


# expect: failed
# the last token becomes eos
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]
    for i in range(max_len):
        logits = step(prefix)
        best = logits.argmax()
        prefix.append(int(best))
        if best == eos:
            return prefix[1:]
    prefix[-1] = eos
    return prefix[1:]


# expect: failed bos-returned eos-not-returned
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]
    for i in range(max_len):
        best = int(step(prefix).argmax())
        if best == eos:
            break
        prefix.append(best)
    return prefix


# expect: failed token-not-appended
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix, answer = [bos], []
    for i in range(max_len):
        logits = step(prefix)
        best = logits.argmax()
        answer.append(int(best))
        if best == eos:
            return answer
    return answer


# expect: failed greedy-tie-to-higher-id
# a tie
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        p = step([bos] + out)
        t = int(np.argsort(p, kind="stable")[-1])
        out.append(t)
        if t == eos:
            break
    return out


# expect: failed
# the first token cannot end it
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        p = step([bos] + out)
        t = int(np.argmax(p))
        out.append(t)
        if t == eos and len(out) > 1:
            break
    return out


# expect: failed
# looks at eos one round late
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out, t = [], None
    while len(out) < max_len and (len(out) < 2 or out[-2] != eos):
        t = int(np.argmax(step([bos] + out)))
        out.append(t)
    return out


# expect: failed
# an array of two axes
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        p = step([bos] + out)
        t = int(np.argmax(p))
        out.append(t)
        if t == eos:
            break
    return np.array([out])


# expect: failed
# the return stands inside the loop
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        p = step([bos] + out)
        t = int(np.argmax(p))
        out.append(t)
        if t == eos:
            break
        return out
    return out


# expect: failed
# bos is never said
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        p = step([bos] + out)
        p = p.copy()
        p[bos] = -np.inf
        t = int(np.argmax(p))
        out.append(t)
        if t == eos:
            break
    return out


# expect: failed
# gives up when unsure
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while len(out) < max_len:
        p = step([bos] + out)
        t = int(np.argmax(p))
        out.append(t)
        if t == eos or p.max() < np.log(0.2):
            break
    return out


# expect: timeout
# max_len is not looked at
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    out = []
    while True:
        p = step([bos] + out)
        t = int(np.argmax(p))
        out.append(t)
        if t == eos:
            break
    return out


# expect: failed eos-not-returned max-len-off-by-one
# cuts off the last token in any case
import numpy as np


def greedy_decode(step, bos, eos, max_len):
    prefix = [bos]
    for i in range(max_len):
        logits = step(prefix)
        best = logits.argmax()
        prefix.append(int(best))
        if best == eos:
            break
    return prefix[1:-1]
