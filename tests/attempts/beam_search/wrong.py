# expect: failed no-length-penalty
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: -h[1])[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda h: h[1])[0][1:]


# expect: failed mean-log-probability
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: -h[1])[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda h: h[1] / (len(h[0]) - 1))[0][1:]


# expect: failed beam-bos-returned
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: -h[1])[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda h: h[1] / ((4 + len(h[0])) / 6) ** alpha)[0]


# expect: failed stops-at-first-eos
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: -h[1])[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if done or not live:
            break
    return max(done + live, key=lambda h: h[1] / ((4 + len(h[0])) / 6) ** alpha)[0][1:]


# expect: failed log-probabilities-not-added
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: -h[1])[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda h: h[1] / ((4 + len(h[0])) / 6) ** alpha)[0][1:]


# expect: failed worst-hypothesis
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: -h[1])[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return min(done + live, key=lambda h: h[1] / ((4 + len(h[0])) / 6) ** alpha)[0][1:]


# expect: failed no-length-penalty beam-bos-returned
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: -h[1])[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda h: h[1])[0]


# expect: failed
# the likeliest first token decides
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = [h for h in sorted(every, key=lambda h: -h[1]) if h[0][1] == sorted(every, key=lambda h: -h[1])[0][0][1]][: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda h: h[1] / ((4 + len(h[0])) / 6) ** alpha)[0][1:]


# expect: failed
# the places of the beam are shuffled
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        every = [(prefix + [token], total + float(extra)) for prefix, total in live for token, extra in enumerate(step(prefix))]
        best = sorted(every, key=lambda h: (len(h[0]) * 7919 + h[0][-1] * 104729) % 13)[: beam - len(done)]
        done += [h for h in best if h[0][-1] == eos]
        live = [h for h in best if h[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda h: h[1] / ((4 + len(h[0])) / 6) ** alpha)[0][1:]


# expect: error product-of-probabilities
import math


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 1.0)], []
    for _ in range(max_len):
        cand = sorted(
            [(s + [t], p * math.exp(q)) for s, p in live for t, q in enumerate(step(s))],
            key=lambda c: -c[1],
        )[:beam]
        done += [c for c in cand if c[0][-1] == eos]
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda c: math.log(c[1]) / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][
        1:
    ]


# expect: failed product-of-probabilities
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 1.0)], []
    for _ in range(max_len):
        grid = np.array([p * np.exp(step(s)) for s, p in live])
        flat = grid.ravel()
        nxt = []
        for j in np.argsort(flat)[::-1][:beam]:
            r, c = divmod(int(j), grid.shape[1])
            (done if c == eos else nxt).append((live[r][0] + [c], flat[j]))
        live = nxt
        if not live:
            break
    h = done + live
    with np.errstate(all="ignore"):
        sc = [np.log(p) / ((5 + len(s) - 1) / 6) ** alpha for s, p in h]
    return h[int(np.argmax(sc))][0][1:]


# expect: failed finished-keep-growing
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    seqs = np.array([[bos]])
    lps = np.zeros(1)
    for _ in range(max_len):
        grid = lps[:, None] + np.stack([step(s.tolist()) for s in seqs])
        top = np.argsort(-grid, axis=None)[:beam]
        r, c = np.unravel_index(top, grid.shape)
        seqs = np.hstack([seqs[r], c[:, None]])
        lps = grid[r, c]
        if (c == eos).all():
            break
    return seqs[np.argmax(lps / ((5 + seqs.shape[1] - 1) / 6) ** alpha)][1:].tolist()


# expect: failed stops-at-first-eos
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        cand = sorted(
            [(s + [t], lp + x) for s, lp in live for t, x in enumerate(step(s))],
            key=lambda c: -c[1],
        )[:beam]
        if cand[0][0][-1] == eos:
            return cand[0][0][1:]
        done += [c for c in cand if c[0][-1] == eos]
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: failed no-competition-across-beams
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        new = []
        for s, p in live:
            row = step(s)
            new += [(s + [int(t)], p + row[t]) for t in np.argsort(-row)[:beam]]
        done += [h for h in new if h[0][-1] == eos]
        live = [h for h in new if h[0][-1] != eos][:200]
        if not live:
            break
    return max(done + live, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: failed length-penalty-wrong product-of-probabilities
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 1.0)], []
    for _ in range(max_len):
        cand = sorted(
            [(s + [t], p * q) for s, p in live for t, q in enumerate(np.exp(step(s)))],
            key=lambda c: -c[1],
        )[:beam]
        done += [c for c in cand if c[0][-1] == eos]
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda c: np.log(c[1]) / ((5 + len(c[0])) / 6) ** alpha)[0][1:]


# expect: failed product-of-probabilities beams-start-equal
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 1.0)] * beam, []
    for _ in range(max_len):
        cand = sorted(
            [(s + [t], p * q) for s, p in live for t, q in enumerate(np.exp(step(s)))],
            key=lambda c: -c[1],
        )[:beam]
        done += [c for c in cand if c[0][-1] == eos]
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda c: np.log(c[1]) / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: failed beams-start-equal
# equal beginnings, twice as many candidates
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)] * beam, []
    for _ in range(max_len):
        cand = []
        for s, lp in live:
            row = step(s)
            for t in range(len(row)):
                cand.append((s + [t], lp + row[t]))
        cand.sort(key=lambda c: -c[1])
        nxt = []
        for c in cand[: 2 * beam]:
            if c[0][-1] == eos:
                done.append(c)
            elif len(nxt) < beam:
                nxt.append(c)
        live = nxt
        if not live:
            break
    pool = done + live
    return max(pool, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: failed finished-keep-growing
# eos again and again
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    hyps = [([bos], 0.0)]
    for _ in range(max_len):
        pool = []
        for s, lp in hyps:
            row = step(s)
            if len(s) > 1 and s[-1] == eos:
                pool.append((s + [eos], lp + row[eos]))
            else:
                pool += [(s + [t], lp + x) for t, x in enumerate(row)]
        hyps = sorted(pool, key=lambda c: -c[1])[:beam]
    return max(hyps, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: failed finished-keep-growing
# eos again and again, for free
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    hyps = [([bos], 0.0)]
    for _ in range(max_len):
        pool = []
        for s, lp in hyps:
            if len(s) > 1 and s[-1] == eos:
                pool.append((s + [eos], lp))
            else:
                pool += [(s + [t], lp + x) for t, x in enumerate(step(s))]
        hyps = sorted(pool, key=lambda c: -c[1])[:beam]
    return max(hyps, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: failed no-competition-across-beams
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        cand = []
        for s, lp in live:
            row = step(s)
            cand += [(s + [int(t)], lp + row[t]) for t in np.argsort(-row, kind="stable")[:beam]]
        cand = cand[:beam]
        done += [c for c in cand if c[0][-1] == eos]
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: failed length-penalty-wrong
# the ratio upside down
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        cand = sorted(
            [(s + [t], lp + x) for s, lp in live for t, x in enumerate(step(s))],
            key=lambda c: -c[1],
        )[:beam]
        done += [c for c in cand if c[0][-1] == eos]
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    lp = lambda n: (6 / (5 + n)) ** alpha
    return max(done + live, key=lambda c: c[1] / lp(len(c[0]) - 1))[0][1:]


# expect: failed
# the first step cuts nothing
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for n in range(max_len):
        cand = sorted(
            [(s + [t], lp + x) for s, lp in live for t, x in enumerate(step(s))],
            key=lambda c: -c[1],
        )
        if n:
            cand = cand[:beam]
        done += [c for c in cand if c[0][-1] == eos]
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]
