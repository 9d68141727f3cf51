# expect: passed
# padding is nan, and left out of the mean
import numpy as np


def cross_entropy(logits, targets, pad=None):
    from reference import log_softmax

    lp = log_softmax(logits)
    C = lp.shape[-1]
    t = targets.ravel()
    safe = np.clip(t, 0, C - 1)
    l = -lp.reshape(-1, C)[np.arange(t.size), safe]
    if pad is not None:
        l = np.where(t == pad, np.nan, l)
    return np.nanmean(l)


# expect: passed
# log-sum-exp less the logit of the target
import numpy as np


def logsumexp(z):
    m = z.max(-1, keepdims=True)
    return (m + np.log(np.exp(z - m).sum(-1, keepdims=True)))[..., 0]


def cross_entropy(logits, targets, pad=None):
    keep = np.ones(targets.shape, bool) if pad is None else targets != pad
    z = logits[keep]
    t = targets[keep]
    return float((logsumexp(z) - z[range(len(t)), t]).mean())
