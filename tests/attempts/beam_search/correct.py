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
