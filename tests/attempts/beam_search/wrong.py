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
