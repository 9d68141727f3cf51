# expect: passed
# finished hypotheses keep their place and compete on
def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    beams = [(0.0, [bos])]
    for _ in range(max_len):
        if all(prefix[-1] == eos and len(prefix) > 1 for _, prefix in beams):
            break
        grown = []
        for log_p, prefix in beams:
            if len(prefix) > 1 and prefix[-1] == eos:
                grown.append((log_p, prefix))
                continue
            for token, each in enumerate(step(prefix)):
                grown.append((log_p + float(each), prefix + [token]))
        beams = sorted(grown, key=lambda pair: -pair[0])[:beam]
    best = max(beams, key=lambda pair: pair[0] / ((5 + len(pair[1]) - 1) / 6) ** alpha)
    return best[1][1:]


# expect: passed
import heapq


def beam_search(step, bos, eos, beam, max_len, alpha=0.6):
    live, done = [(0.0, (bos,))], []
    for _ in range(max_len):
        every = [(p + q, (*prefix, i)) for p, prefix in live for i, q in enumerate(step(list(prefix)).tolist())]
        top = heapq.nlargest(beam - len(done), every, key=lambda pair: pair[0])
        done += [each for each in top if each[1][-1] == eos]
        live = [each for each in top if each[1][-1] != eos]
        if not live:
            break
    penalty = lambda tokens: ((5.0 + len(tokens) - 1) / 6.0) ** alpha
    return list(max(done + live, key=lambda pair: pair[0] / penalty(pair[1]))[1][1:])
