# expect: failed no-length-penalty
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [(0.0, [bos])], []
    for _ in range(max_len):
        every = [(p + q, [*prefix, i]) for p, prefix in live for i, q in enumerate(step(prefix).tolist())]
        top = sorted(every, key=lambda pair: -pair[0])[: beam - len(done)]
        done += [each for each in top if each[1][-1] == eos]
        live = [each for each in top if each[1][-1] != eos]
        if not live:
            break
    return max(done + live, key=lambda pair: pair[0])[1][1:]


# expect: failed stops-at-first-eos
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live = [(0.0, [bos])]
    for _ in range(max_len):
        every = [(p + q, [*prefix, i]) for p, prefix in live for i, q in enumerate(step(prefix).tolist())]
        live = sorted(every, key=lambda pair: -pair[0])[:beam]
        done = [prefix for _, prefix in live if prefix[-1] == eos]
        if done:
            return done[0][1:]
    return max(live, key=lambda pair: pair[0] / ((5 + len(pair[1]) - 1) / 6) ** alpha)[1][1:]
