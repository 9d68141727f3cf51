# expect: failed max-instead-of-min
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor / d_model**0.5 * max(step**-0.5, step * warmup**-1.5)


# expect: failed step-zero-accepted
# a branch at warmup: 0 at step 0
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < warmup:
        return factor * d_model**-0.5 * step * warmup**-1.5
    return factor * d_model**-0.5 * step**-0.5


# expect: failed warmup-for-d-model
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * warmup**-0.5 * min(step**-0.5, step * warmup**-1.5)


# expect: failed
# d_model^-1.5
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * d_model**-1.5 * min(step**-0.5, step * warmup**-1.5)


# expect: failed factor-ignored
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)


# expect: failed
# factor on one term only
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return d_model**-0.5 * min(step**-0.5, factor * step * warmup**-1.5)


# expect: failed warmup-exponent-half
# warmup^-1
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * d_model**-0.5 * min(step**-0.5, step * warmup**-1.0)


# expect: failed
# (step * warmup)^-1.5
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * d_model**-0.5 * min(step**-0.5, (step * warmup) ** -1.5)


# expect: failed
# -0.5 times, not to the power
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * d_model**-0.5 * min(step * -0.5, step * warmup**-1.5)


# expect: failed no-decay
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * d_model**-0.5 * min(warmup**-0.5, step * warmup**-1.5)


# expect: failed schedule-counter-off
# step + 1, so that 0 is no trouble
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    s = step + 1
    return factor * d_model**-0.5 * min(s**-0.5, s * warmup**-1.5)


# expect: failed step-zero-accepted
# raises for negative steps only
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 0:
        raise ValueError
    return factor * d_model**-0.5 * min(max(step, 1) ** -0.5, step * warmup**-1.5)


# expect: failed
# the default 4000 is used whatever is given
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * d_model**-0.5 * min(step**-0.5, step * 4000**-1.5)


# expect: failed
# integer division
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        raise ValueError('step')
    return factor * d_model**-0.5 * min(step**-0.5, step // warmup**1.5)


# expect: failed step-zero-accepted factor-ignored
def noam_learning_rate(step, d_model, warmup=4000, factor=1.0):
    if step < 1:
        return 0
    return d_model**-0.5 * min(step**-0.5, step * warmup**-1.5)
