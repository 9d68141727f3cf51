# expect: failed no-stop-at-eos
def greedy_decode(step, bos, eos, max_len):
    tokens = [bos]
    while len(tokens) <= max_len:
        tokens.append(int(step(tokens).argmax()))
    return tokens[1:]


# expect: failed eos-not-returned
def greedy_decode(step, bos, eos, max_len):
    tokens = []
    while len(tokens) < max_len:
        token = int(step([bos, *tokens]).argmax())
        if token == eos:
            break
        tokens.append(token)
    return tokens


# expect: failed greedy-tie-to-higher-id
def greedy_decode(step, bos, eos, max_len):
    tokens = []
    while len(tokens) < max_len and eos not in tokens:
        scores = list(step([bos, *tokens]))
        tokens.append(max(range(len(scores)), key=lambda i: (scores[i], i)))
    return tokens


# expect: failed bos-returned
def greedy_decode(step, bos, eos, max_len):
    tokens = [bos]
    for _ in range(max_len):
        tokens.append(int(step(tokens).argmax()))
        if tokens[-1] == eos:
            break
    return tokens
