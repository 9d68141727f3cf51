# expect: passed
# sorted tuples; finished ones stay in the beam
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        candidates = []
        for log_p, prefix in beams:
            if prefix[-1] == eos and len(prefix) > 1:
                candidates.append((log_p, prefix))
                continue
            for token, extra in enumerate(step(list(prefix)).tolist()):
                candidates.append((log_p + extra, prefix + [token]))
        beams = sorted(candidates, key=lambda c: -c[0])[:beam]
        if all(prefix[-1] == eos for _, prefix in beams):
            break
    score = lambda c: c[0] / ((5 + len(c[1]) - 1) / 6) ** alpha
    return max(beams, key=score)[1][1:]


# expect: passed
# a class of hypotheses, heapq
import heapq
from dataclasses import dataclass, field


@dataclass(order=True)
class Hypothesis:
    log_p: float
    tokens: list = field(compare=False, default_factory=list)
    finished: bool = field(compare=False, default=False)

    def score(self, alpha):
        return self.log_p / ((5 + len(self.tokens)) / 6) ** alpha

    def grow(self, step, bos, eos):
        for token, extra in enumerate(step([bos] + self.tokens)):
            yield Hypothesis(self.log_p + float(extra), self.tokens + [token], token == eos)


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [Hypothesis(0.0)], []
    while live and len(live[0].tokens) < max_len:
        best = heapq.nlargest(beam - len(done), (h for each in live for h in each.grow(step, bos, eos)))
        done += [h for h in best if h.finished]
        live = [h for h in best if not h.finished]
    return max(done + live, key=lambda h: h.score(alpha)).tokens


# expect: passed
# arrays; argpartition; float keys; NumPy tokens in an array
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    sequences, totals = np.array([[bos]]), np.zeros(1)
    best, best_score = None, -np.inf

    def offer(sequence, total):
        nonlocal best, best_score
        score = total / ((4 + len(sequence)) / 6) ** alpha
        if score > best_score:
            best, best_score = sequence[1:], score

    room = beam
    for _ in range(max_len):
        table = totals[:, None] + np.array([step([int(t) for t in s]) for s in sequences])
        flat = table.ravel()
        n = min(room, flat.size)
        top = np.argpartition(-flat, n - 1)[:n]
        top = top[np.argsort(-flat[top])]
        parents, tokens = np.divmod(top, table.shape[1])
        sequences, totals = np.column_stack([sequences[parents], tokens]), flat[top]
        over = tokens == eos
        for s, t in zip(sequences[over], totals[over]):
            offer(s, t)
        room -= over.sum()
        sequences, totals = sequences[~over], totals[~over]
        if not len(sequences):
            break
    for s, t in zip(sequences, totals):
        offer(s, t)
    return best


# expect: passed
# recursion over steps
from itertools import chain


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    def norm(h):
        return h[1] / ((5 + len(h[0]) - 1) / 6) ** alpha

    def search(live, finished, left):
        if not live or not left:
            return max(chain(finished, live), key=norm)[0][1:]
        every = (((*p, t), s + float(e)) for p, s in live for t, e in enumerate(step(list(p))))
        kept = sorted(every, key=lambda h: h[1], reverse=True)[: beam - len(finished)]
        ends = [h for h in kept if h[0][-1] == eos]
        return search([h for h in kept if h[0][-1] != eos], finished + ends, left - 1)

    import sys

    sys.setrecursionlimit(max(sys.getrecursionlimit(), 5000))
    return list(search([((bos,), 0.0)], [], max_len))


# expect: passed
# the beam stays full: twice as many candidates
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [([bos], 0.0)]
    done = []
    for n in range(1, max_len + 1):
        total = np.concatenate([lp + step(s) for s, lp in live])
        V = len(total) // len(live)
        nxt = []
        for j in np.argsort(-total)[: 2 * beam]:
            s = live[j // V][0] + [int(j % V)]
            if s[-1] == eos:
                done.append((s, total[j]))
            elif len(nxt) < beam:
                nxt.append((s, total[j]))
        live = nxt
        if not live:
            break
    best, bs = None, -np.inf
    for s, lp in done + live:
        v = lp / ((5 + len(s) - 1) / 6) ** alpha
        if v > bs:
            best, bs = s, v
    return best[1:]


# expect: passed
# ends when nothing can win any more
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    pen = lambda n: ((5 + n) / 6) ** alpha
    live, done = [([], 0.0)], []
    for n in range(1, max_len + 1):
        cand = sorted(
            ((s + [t], lp + x) for s, lp in live for t, x in enumerate(step([bos] + s))),
            key=lambda c: c[1],
            reverse=True,
        )[:beam]
        done += [(s, lp / pen(n)) for s, lp in cand if s[-1] == eos]
        live = [(s, lp) for s, lp in cand if s[-1] != eos]
        if not live:
            break
        if done and max(d[1] for d in done) >= live[0][1] / pen(max_len):
            break
    else:
        done += [(s, lp / pen(max_len)) for s, lp in live]
    if not done:
        done = [(s, lp / pen(len(s))) for s, lp in live]
    return max(done, key=lambda d: d[1])[0]


# expect: passed
# arrays of fixed size
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    seqs = np.full((beam, max_len + 1), -1)
    seqs[:, 0] = bos
    lp = np.full(beam, -np.inf)
    lp[0] = 0
    length = np.zeros(beam, int)
    ended = np.zeros(beam, bool)
    for n in range(max_len):
        parts, owner, toks = [], [], []
        for b in range(beam):
            if not np.isfinite(lp[b]):
                continue
            if ended[b]:
                parts.append([lp[b]])
                owner.append([b])
                toks.append([-1])
            else:
                row = step(seqs[b, : n + 1].tolist())
                parts.append(lp[b] + row)
                owner.append([b] * len(row))
                toks.append(np.arange(len(row)))
        flat, owner, toks = map(np.concatenate, (parts, owner, toks))
        top = np.argsort(-flat, kind="stable")[:beam]
        k = len(top)
        seqs[:k] = seqs[owner[top]]
        length[:k] = length[owner[top]]
        ended[:k] = ended[owner[top]]
        new = lp.copy()
        new[:] = -np.inf
        new[:k] = flat[top]
        lp = new
        for j in range(k):
            if toks[top[j]] >= 0:
                seqs[j, n + 1] = toks[top[j]]
                length[j] += 1
                ended[j] = toks[top[j]] == eos
        if ended[:k].all():
            break
    score = lp / ((5 + length) / 6) ** alpha
    score[~np.isfinite(lp)] = -np.inf
    b = int(np.argmax(score))
    return seqs[b, 1 : length[b] + 1].tolist()


# expect: passed
# unfinished ones only where none has finished
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [([bos], 0.0)], []
    for _ in range(max_len):
        cand = [(s + [t], lp + x) for s, lp in live for t, x in enumerate(step(s).tolist())]
        cand = sorted(cand, key=lambda c: c[1], reverse=True)[:beam]
        done.extend(c for c in cand if c[0][-1] == eos)
        live = [c for c in cand if c[0][-1] != eos]
        if not live:
            break
    return max(done or live, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: passed
# ends when as many have finished as the beam is wide
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [([bos], 0.0)]
    done = []
    for n in range(max_len):
        cand = sorted(
            [(s + [t], lp + x) for s, lp in live for t, x in enumerate(step(s))],
            key=lambda c: c[1],
            reverse=True,
        )
        live = []
        for rank, (s, lp) in enumerate(cand[: 2 * beam]):
            if s[-1] == eos:
                if rank < beam:
                    done.append((s, lp))
            else:
                live.append((s, lp))
            if len(live) == beam:
                break
        if len(done) >= beam or not live:
            break
    return max(done or live, key=lambda c: c[1] / ((5 + len(c[0]) - 1) / 6) ** alpha)[0][1:]


# expect: passed
# finished texts padded with eos, which costs and counts nothing
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    hyps = [([], 0.0)]
    cut = lambda s: s[: s.index(eos) + 1] if eos in s else s
    for _ in range(max_len):
        pool = []
        for s, lp in hyps:
            if s and s[-1] == eos:
                pool.append((s + [eos], lp))
            else:
                pool += [(s + [t], lp + x) for t, x in enumerate(step([bos] + s))]
        hyps = sorted(pool, key=lambda c: -c[1])[:beam]
    return cut(max(hyps, key=lambda c: c[1] / ((5 + len(cut(c[0]))) / 6) ** alpha)[0])
