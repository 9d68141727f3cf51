# expect: failed naive-log-softmax
# one maximum for all rows
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    z = logits - logits.max()
    lp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return -flat[rows, t[keep]].mean()


# expect: failed naive-log-softmax
# a product with one-hot rows: 0 times -inf
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    e = np.exp(logits - logits.max(-1, keepdims=True))
    lp = np.log(e / e.sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return -(np.eye(C)[t[keep]] * flat[keep]).sum(-1).mean()


# expect: failed softmax-twice
# probabilities without the maximum
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    e = np.exp(logits)
    p = e / e.sum(-1, keepdims=True)
    q = np.exp(p)
    lp = np.log(q / q.sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return -flat[rows, t[keep]].mean()


# expect: failed pads-in-mean
# the one-hot row of padding counts in the mean
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    z = logits - logits.max(-1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    oh = t[:, None] == np.arange(C)
    return -(oh * flat).sum() / t.size


# expect: error wrong-target-gather
# targets choose rows
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    z = logits - logits.max(-1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return -flat[t[keep]].mean()


# expect: failed wrong-target-gather
# all rows at the targets of all
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    z = logits - logits.max(-1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return -lp[..., t[keep]].mean()


# expect: failed wrong-target-gather
# a sum over classes
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    z = logits - logits.max(-1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return -flat[keep].sum(-1).mean()


# expect: failed log-base-or-sign
# log2 of a sum of exp
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    z = logits - logits.max(-1, keepdims=True)
    lp = z - np.log2(np.exp(z).sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return -flat[rows, t[keep]].mean()


# expect: failed log-base-or-sign pads-in-mean
import numpy as np


def cross_entropy(logits, targets, pad=None):
    C = logits.shape[-1]
    z = logits - logits.max(-1, keepdims=True)
    lp = z - np.log(np.exp(z).sum(-1, keepdims=True))
    flat, t = lp.reshape(-1, C), targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    rows = np.arange(t.size)[keep]
    return flat[rows, t[keep]].sum() / t.size


# expect: error wrong-target-gather
# log-sum-exp less whole rows of logits
import numpy as np


def cross_entropy(logits, targets, pad=None):
    z = logits.reshape(-1, logits.shape[-1])
    t = targets.reshape(-1)
    keep = np.ones(t.shape, bool) if pad is None else t != pad
    z, t = z[keep], t[keep]
    m = z.max(1, keepdims=True)
    lse = m + np.log(np.exp(z - m).sum(1, keepdims=True))
    return (lse - z[t]).mean()


# expect: error wrong-target-gather
# rows and columns exchanged
import numpy as np


def cross_entropy(logits, targets, pad=None):
    from reference import log_softmax

    lp = log_softmax(logits).reshape(-1, logits.shape[-1])
    t = targets.reshape(-1)
    if pad is not None:
        lp, t = lp[t != pad], t[t != pad]
    return -np.mean(lp[t, np.arange(len(t))])
