# expect: failed
# alpha is not looked at
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** 0.6)
    return everything[-1][1][1:]


# expect: failed stops-at-first-eos
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if done:
            break
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed length-penalty-wrong beam-eos-not-returned
# and so the length is wrong
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append((each[0], each[1][:-1]))
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed worst-hypothesis
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[0][1][1:]


# expect: failed worst-hypothesis
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    texts = [[bos]]
    logp = np.zeros(1)
    results = []
    for n in range(1, max_len + 1):
        rows = np.array([step(t) for t in texts])
        total = logp[:, None] + rows
        top = np.argsort(total.ravel())[:beam]
        who, tok = np.divmod(top, rows.shape[1])
        texts = [texts[i] + [int(t)] for i, t in zip(who, tok)]
        logp = total.ravel()[top]
        ended = tok == eos
        for i in np.flatnonzero(ended):
            results.append((logp[i] / ((5 + n) / 6) ** alpha, texts[i]))
        texts = [t for t, e in zip(texts, ended) if not e]
        logp = logp[~ended]
        if len(texts) == 0:
            break
    for t, s in zip(texts, logp):
        results.append((s / ((5 + n) / 6) ** alpha, t))
    return max(results, key=lambda r: r[0])[1][1:]


# expect: failed log-probabilities-not-added
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    texts = [[bos]]
    logp = np.zeros(1)
    results = []
    for n in range(1, max_len + 1):
        rows = np.array([step(t) for t in texts])
        total = rows
        top = np.argsort(total.ravel())[::-1][:beam]
        who, tok = np.divmod(top, rows.shape[1])
        texts = [texts[i] + [int(t)] for i, t in zip(who, tok)]
        logp = total.ravel()[top]
        ended = tok == eos
        for i in np.flatnonzero(ended):
            results.append((logp[i] / ((5 + n) / 6) ** alpha, texts[i]))
        texts = [t for t, e in zip(texts, ended) if not e]
        logp = logp[~ended]
        if len(texts) == 0:
            break
    for t, s in zip(texts, logp):
        results.append((s / ((5 + n) / 6) ** alpha, t))
    return max(results, key=lambda r: r[0])[1][1:]


# expect: failed
# all continuations share one list
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [(0.0, [bos])], []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            for t, x in enumerate(step(text)):
                text.append(t)
                pool.append((lp + x, text))
        pool.sort(key=lambda each: each[0], reverse=True)
        done += [each for each in pool[:beam] if each[1][-1] == eos]
        live = [each for each in pool[:beam] if each[1][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)[1][1:]


# expect: failed
# a place too many
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam + 1]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed
# a place too few
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam - 1] or pool[:1]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed
# a round too many
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len + 1):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed
# a round too few
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len - 1):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed product-of-probabilities
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(1.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp * np.exp(row[t]), text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed
# logarithms multiplied
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp * row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed finished-keep-growing
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]


# expect: failed beams-start-equal
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])] * beam
    done = []
    for n in range(max_len):
        pool = []
        for lp, text in live:
            row = step(text)
            for t in range(len(row)):
                pool.append((lp + row[t], text + [t]))
        pool.sort(key=lambda each: each[0], reverse=True)
        live = []
        for each in pool[:beam]:
            if each[1][-1] == eos:
                done.append(each)
            else:
                live.append(each)
        if not live:
            break
    everything = done + live
    everything.sort(key=lambda each: each[0] / ((5 + len(each[1]) - 1) / 6) ** alpha)
    return everything[-1][1][1:]
