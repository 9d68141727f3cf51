# expect: passed
# parent pointers in flat arrays, as in C
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    token, parent, total, length = [bos], [-1], [0.0], [0]

    def text(node):
        out = []
        while node >= 0:
            out.append(token[node])
            node = parent[node]
        return out[::-1]

    live, ended = [0], []
    for n in range(max_len):
        options = []
        for node in live:
            row = step(text(node))
            for t in range(len(row)):
                options.append((-(total[node] + row[t]), len(options), node, t))
        options.sort()
        fresh = []
        for minus, _, node, t in options[: beam - len(ended)]:
            token.append(t)
            parent.append(node)
            total.append(-minus)
            length.append(length[node] + 1)
            (ended if t == eos else fresh).append(len(token) - 1)
        live = fresh
        if not live:
            break
    winner = max(ended + live, key=lambda node: total[node] / ((5 + length[node]) / 6) ** alpha)
    return text(winner)[1:]


# expect: passed
# a trie of dicts; scores kept as costs
import heapq


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    cost = {(bos,): 0.0}
    done = {}
    for _ in range(max_len):
        grown = {}
        for text, c in cost.items():
            for t, lp in enumerate(step(list(text))):
                grown[text + (t,)] = c - lp
        chosen = heapq.nsmallest(beam, grown, key=grown.get)
        cost = {}
        for text in chosen:
            if text[-1] == eos:
                done[text] = grown[text]
            else:
                cost[text] = grown[text]
        if not cost:
            break
    every = {**done, **cost}
    best = min(every, key=lambda text: every[text] / ((4 + len(text)) / 6) ** alpha)
    return list(best[1:])


# expect: passed
# GNMT in logarithms, an upside-down ratio, alpha in the exponent with a minus
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    penalty = lambda n: np.exp(-alpha * (np.log(5 + n) - np.log(6)))
    hyps = [{"ids": [bos], "lp": 0.0, "over": False}]
    while not all(h["over"] for h in hyps) and max(len(h["ids"]) for h in hyps) <= max_len:
        pool = [h for h in hyps if h["over"]]
        for h in hyps:
            if h["over"]:
                continue
            for t, lp in enumerate(np.asarray(step(h["ids"]))):
                pool.append({"ids": h["ids"] + [t], "lp": h["lp"] + lp, "over": t == eos})
        pool.sort(key=lambda h: h["lp"], reverse=True)
        hyps = pool[:beam]
    best = max(hyps, key=lambda h: h["lp"] * penalty(len(h["ids"]) - 1))
    return best["ids"][1:]


# expect: passed
# beam many rows from the start, all but the first at -inf, as in batched code
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    ids = np.full((beam, 1), bos)
    lp = np.where(np.arange(beam) == 0, 0.0, -np.inf)
    pool = []
    for n in range(1, max_len + 1):
        rows = np.stack([step(i.tolist()) for i in ids])
        V = rows.shape[1]
        scores = (lp[:, None] + rows).reshape(-1)
        top = np.argsort(-scores, kind="stable")[:beam]
        top = top[np.isfinite(scores[top])]
        lp = scores[top]
        ids = np.concatenate([ids[top // V], (top % V)[:, None]], axis=1)
        ended = ids[:, -1] == eos
        pool += [(s / ((5 + n) / 6) ** alpha, i.tolist()) for s, i in zip(lp[ended], ids[ended])]
        lp, ids = lp[~ended], ids[~ended]
        if lp.size == 0:
            break
    pool += [(s / ((5 + n) / 6) ** alpha, i.tolist()) for s, i in zip(lp, ids)]
    return max(pool, key=lambda each: each[0])[1][1:]


# expect: passed
# generators and itertools
from itertools import islice
from operator import itemgetter


def extend(step, live):
    for total, text in live:
        for token, gain in enumerate(step(text)):
            yield total + float(gain), [*text, token]


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done, rounds = [(0.0, [bos])], [], 0
    while live and rounds < max_len:
        rounds += 1
        ranked = sorted(extend(step, live), key=itemgetter(0), reverse=True)
        front = list(islice(ranked, beam - len(done)))
        done.extend(each for each in front if each[1][-1] == eos)
        live = [each for each in front if each[1][-1] != eos]
    value = lambda each: each[0] / pow((5 + len(each[1]) - 1) / 6, alpha)
    return max(done + live, key=value)[1][1:]


# expect: passed
# greedy apart if the beam is 1, total recomputed from the model
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    if beam == 1:
        out = []
        while len(out) < max_len and (not out or out[-1] != eos):
            out.append(int(np.argmax(step([bos] + out))))
        return out
    memory = {}

    def lp(text):
        if len(text) == 1:
            return 0.0
        if text not in memory:
            memory[text] = lp(text[:-1]) + float(step(list(text[:-1]))[text[-1]])
        return memory[text]

    live, over = [(bos,)], []
    for _ in range(max_len):
        new = [text + (t,) for text in live for t in range(len(step(list(text))))]
        new = sorted(new, key=lp, reverse=True)[:beam]
        over += [text for text in new if text[-1] == eos]
        live = [text for text in new if text[-1] != eos]
        if not live:
            break
    return list(max(over + live, key=lambda text: lp(text) / ((4 + len(text)) / 6) ** alpha)[1:])


# expect: passed
# a bounded heap of candidates; a counter breaks ties
import heapq
from itertools import count


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    ticket = count()
    live = [(0.0, next(ticket), [bos])]
    best, best_score = None, float("-inf")

    def consider(lp, text):
        nonlocal best, best_score
        score = lp / ((5 + len(text) - 1) / 6) ** alpha
        if score > best_score:
            best, best_score = text[1:], score

    for _ in range(max_len):
        heap = []
        for lp, _, text in live:
            for t, x in enumerate(step(text).tolist()):
                item = (lp + x, -next(ticket), text + [t])
                if len(heap) < beam:
                    heapq.heappush(heap, item)
                elif item > heap[0]:
                    heapq.heapreplace(heap, item)
        live = []
        for lp, k, text in sorted(heap, reverse=True):
            if text[-1] == eos:
                consider(lp, text)
            else:
                live.append((lp, k, text))
        if not live:
            break
    for lp, _, text in live:
        consider(lp, text)
    return best


# expect: passed
# top beam continuations of each first, which is enough, then across
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    active = [([], 0.0)]
    complete = []
    for _ in range(max_len):
        candidates = []
        for tokens, lp in active:
            row = step([bos] + tokens)
            for t in np.argsort(row)[::-1][:beam]:
                candidates.append((tokens + [int(t)], lp + row[t]))
        candidates.sort(key=lambda c: -c[1])
        active = []
        for c in candidates[:beam]:
            (complete if c[0][-1] == eos else active).append(c)
        if not active:
            break
    norm = lambda c: c[1] / (((5 + len(c[0])) / 6) ** alpha)
    return sorted(complete + active, key=norm)[-1][0]


# expect: passed
# probabilities rescaled to the best at every step, so nothing underflows
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, weights, offset = [[bos]], np.ones(1), 0.0
    finished = []
    for _ in range(max_len):
        table = weights[:, None] * np.exp([step(text) for text in live])
        flat = table.ravel()
        top = sorted(range(flat.size), key=lambda i: -flat[i])[:beam]
        peak = flat[top[0]]
        texts = [live[i // table.shape[1]] + [i % table.shape[1]] for i in top]
        w = flat[top] / peak
        offset += np.log(peak)
        keep = [i for i, text in enumerate(texts) if text[-1] != eos]
        with np.errstate(divide="ignore"):
            finished += [(texts[i], np.log(w[i]) + offset) for i in range(len(texts)) if i not in keep]
        live, weights = [texts[i] for i in keep], w[keep]
        if not live:
            break
    with np.errstate(divide="ignore"):
        finished += [(text, np.log(w) + offset) for text, w in zip(live, weights)]
    return max(finished, key=lambda f: f[1] / ((4 + len(f[0])) / 6) ** alpha)[0][1:]


# expect: passed
# vectorised with an explicit flat index, Fortran-like; returns an array
import numpy as np


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    texts, lp, best = [(bos,)], np.array([0.0]), (-np.inf, None)
    for length in range(1, max_len + 1):
        scores = lp + np.column_stack([step(list(t)) for t in texts])
        order = np.argsort(-scores.ravel(order="F"), kind="stable")[:beam]
        tokens, parents = np.unravel_index(order, scores.shape, order="F")
        texts = [texts[p] + (int(t),) for p, t in zip(parents, tokens)]
        lp = scores[tokens, parents]
        norm = lp / ((5 + length) / 6) ** alpha
        last = length == max_len
        for text, n in zip(texts, norm):
            if (text[-1] == eos or last) and n > best[0]:
                best = n, text
        going = [i for i, text in enumerate(texts) if text[-1] != eos]
        texts, lp = [texts[i] for i in going], lp[going]
        if not texts:
            break
    return np.array(best[1][1:])
