# expect: passed
# a binomial draw
import numpy as np


def dropout(x, p, rng, training=True):
    if not training or p == 0:
        return x
    return x * rng.binomial(1, 1 - p, size=x.shape) / (1 - p)


# expect: passed
# number by number
import numpy as np


def dropout(x, p, rng, training=True):
    if not training:
        return x.copy()
    out = np.empty_like(x)
    for i, value in enumerate(x.flat):
        out.flat[i] = 0 if rng.uniform() < p else value / (1 - p)
    return out


# expect: passed
# integers in place of fractions
import numpy as np


def dropout(x, p, rng, training=True):
    rate = p if training else 0.0
    keep = rng.integers(0, 10_000, size=x.shape) >= round(rate * 10_000)
    return np.multiply(x, keep / (1.0 - rate))


# expect: passed
# a module with a mode; the choice between two numbers
class Dropout:
    def __init__(self, p, rng):
        self.p, self.rng, self.training = p, rng, True

    def eval(self):
        self.training = False
        return self

    def __call__(self, x):
        if not self.training:
            return x
        factors = self.rng.choice([0.0, 1 / (1 - self.p)], p=[self.p, 1 - self.p], size=x.shape)
        return factors * x


def dropout(x, p, rng, training=True):
    module = Dropout(p, rng)
    return (module if training else module.eval())(x)


# expect: passed
# float32 draws, in place on a copy
import numpy as np


def dropout(x, p, rng, training=True):
    y = np.array(x)
    if training:
        y[rng.random(y.shape, dtype=np.float32) < p] = 0
        y /= 1 - p
    return y
