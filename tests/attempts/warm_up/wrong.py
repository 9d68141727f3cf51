# expect: failed max-instead-of-min
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    return factor * d_model**-0.5 * max(step**-0.5, step * warmup**-1.5)


# expect: failed step-zero-accepted
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    rate = step / warmup**1.5 if step < warmup else step**-0.5
    return factor * rate / d_model**0.5


# expect: failed warmup-exponent-half
import math


def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    return factor / math.sqrt(d_model) * min(1 / math.sqrt(step), step / math.sqrt(warmup))
