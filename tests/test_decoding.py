"""Decoders: stopping, ties, brute force, the laws of sampling; and a cache that changes nothing."""

from __future__ import annotations

import collections
import contextlib
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import reference
from reference.anatomy import edited
from reference.attention import log_softmax, multi_head_attention, softmax
from reference.caching import decoder_step, modern_decoder_step, next_token_model, start_decoding
from reference.decoding import (
    KVCache,
    beam_search,
    decode_step,
    empty_cache,
    greedy_decode,
    next_token_probabilities,
)
from reference.language_models import ModernConfig, init_modern_decoder, modern_decoder
from reference.layers import embed, feed_forward, pre_norm
from reference.positions import sinusoidal_positions
from reference.transformer import decoder, encoder, transformer
from reference.vector import flatten, unflatten
from reference.weights import TransformerConfig, init_encoder_layer, init_transformer

BOS, EOS, VOCABULARY = 0, 3, 5


def random_model(seed, vocabulary=VOCABULARY):
    """A language model that has an opinion about every prefix."""

    def step(prefix):
        rng = np.random.default_rng([seed, *prefix])
        return log_softmax(2 * rng.normal(size=vocabulary))

    return step


def logp(step, tokens):
    return sum(step([BOS, *tokens[:i]])[token] for i, token in enumerate(tokens))


# ---------------------------------------------------------------- greedy


def test_greedy_takes_the_likeliest_and_stops_after_eos():
    step = random_model(1)
    tokens = greedy_decode(step, BOS, EOS, max_len=50)
    for i, token in enumerate(tokens):
        assert token == np.argmax(step([BOS, *tokens[:i]]))
    assert tokens[-1] == EOS
    assert EOS not in tokens[:-1]
    assert all(type(token) is int for token in tokens)


def test_greedy_stops_at_max_len_without_eos():
    never = lambda prefix: np.log(np.array([0.1, 0.2, 0.6, 1e-9, 0.1]))  # noqa: E731
    assert greedy_decode(never, BOS, EOS, max_len=4) == [2, 2, 2, 2]
    assert beam_search(never, BOS, EOS, beam=2, max_len=4) == [2, 2, 2, 2]


def test_ties_go_to_the_lower_id():
    equal = lambda prefix: np.log(np.array([0.1, 0.35, 0.35, 0.1, 0.1]))  # noqa: E731
    assert greedy_decode(equal, BOS, EOS, max_len=2) == [1, 1]
    assert beam_search(equal, BOS, EOS, beam=1, max_len=2) == [1, 1]


def test_the_start_token_may_be_the_end_token():
    step = lambda prefix: np.log(np.array([0.8, 0.1, 0.1]) if len(prefix) > 2 else np.array([0.1, 0.8, 0.1]))  # noqa: E731
    assert greedy_decode(step, 0, 0, max_len=9) == [1, 1, 0]
    assert beam_search(step, 0, 0, beam=2, max_len=9) == [1, 1, 0]


def test_prefixes_are_not_shared():
    """A model may keep the prefix that it was given."""
    kept = []
    step = random_model(4)
    tokens = greedy_decode(lambda prefix: (kept.append(prefix), step(prefix))[1], BOS, EOS, max_len=6)
    assert kept == [[BOS, *tokens[:i]] for i in range(len(tokens))]


@pytest.mark.parametrize("wrong", [0, -1])
def test_lengths_and_beams_are_at_least_one(wrong):
    with pytest.raises(ValueError, match=f"greedy_decode: max_len must be at least 1, got {wrong}"):
        greedy_decode(random_model(0), BOS, EOS, wrong)
    with pytest.raises(ValueError, match="beam_search: beam and max_len must be at least 1"):
        beam_search(random_model(0), BOS, EOS, 2, wrong)
    with pytest.raises(ValueError, match="beam_search: beam and max_len must be at least 1"):
        beam_search(random_model(0), BOS, EOS, wrong, 2)


# ---------------------------------------------------------------- beam


@given(st.integers(0, 10_000), st.integers(1, 6), st.floats(0, 1.5))
def test_a_beam_of_one_is_greedy(seed, max_len, alpha):
    step = random_model(seed)
    assert beam_search(step, BOS, EOS, 1, max_len, alpha) == greedy_decode(step, BOS, EOS, max_len)


def texts(vocabulary, max_len):
    """Everything that can be said: ended by eos, or as long as allowed."""
    others = [token for token in range(vocabulary) if token != EOS]
    for length in range(1, max_len + 1):
        for beginning in itertools.product(others, repeat=length - 1):
            yield [*beginning, EOS]
    yield from (list(text) for text in itertools.product(others, repeat=max_len))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("alpha", [0.0, 0.6, 2.0])
def test_a_beam_over_everything_is_brute_force(seed, alpha):
    step, max_len = random_model(seed), 3
    score = lambda text: logp(step, text) / ((5 + len(text)) / 6) ** alpha  # noqa: E731
    best = max(texts(VOCABULARY, max_len), key=score)
    assert beam_search(step, BOS, EOS, VOCABULARY**max_len, max_len, alpha) == best


def test_greedy_is_not_optimal():
    after = {(): [0, 0.6, 0.4, 0], (1,): [0.3, 0.2, 0.1, 0.4], (2,): [0.05, 0, 0.05, 0.9]}
    step = lambda prefix: np.log(np.maximum(after[tuple(prefix[1:])], 1e-300))  # noqa: E731
    assert greedy_decode(step, BOS, EOS, 2) == [1, EOS]
    assert beam_search(step, BOS, EOS, 2, 2, alpha=0.0) == [2, EOS]


def test_a_long_text_wins_by_the_length_penalty():
    """-4.0 in 4 tokens against -6.8 in 8: sums and alpha 0.6 prefer the short one, alpha 2 the long one."""

    def step(prefix):
        out = np.full(5, -50.0)
        if len(prefix) == 1:
            out[1], out[2] = -1.0, -0.85
        elif prefix[1] == 1:
            out[EOS if len(prefix) == 4 else 1] = -1.0
        else:
            out[EOS if len(prefix) == 8 else 2] = -0.85
        return out

    short, long = [1, 1, 1, EOS], [2] * 7 + [EOS]
    assert [beam_search(step, BOS, EOS, 2, 9, alpha) for alpha in (0.0, 0.6, 2.0)] == [short, short, long]


@pytest.mark.parametrize(("second", "best"), [(-0.14, [1, EOS]), (-0.16, [EOS])])
def test_the_score_to_the_second_digit(second, best):
    """-1 in 1 token against -1.16 or -1.18 in 2: alpha 1 divides by 7/6, which makes -0.994 or -1.011."""

    def step(prefix):
        out = np.full(5, -50.0)
        out[EOS] = -1.0 if len(prefix) == 1 else second
        out[1] = -1.02 if len(prefix) == 1 else -50.0
        return out

    assert beam_search(step, BOS, EOS, 2, 4, alpha=1.0) == best


@given(st.integers(0, 10_000), st.integers(2, 6))
def test_the_beam_gets_narrower(seed, beam):
    """As many prefixes are asked about as hypotheses are live: never more than before, once it is full."""
    asked = collections.Counter()
    step = random_model(seed)
    beam_search(lambda prefix: (asked.update([len(prefix)]), step(prefix))[1], BOS, EOS, beam, 6)
    live = [asked[length] for length in sorted(asked)]
    assert live[0] == 1
    assert all(0 < n <= beam for n in live)
    assert live[2:] == sorted(live[2:], reverse=True)


def test_finished_hypotheses_keep_their_place():
    """Three places, one goes to eos at once: two live ones afterwards, although there is room for more."""
    asked = collections.Counter()
    step = lambda prefix: (asked.update([len(prefix)]), np.log(np.array([0.1, 0.2, 0.2, 0.3, 0.2])))[1]  # noqa: E731
    beam_search(step, BOS, EOS, 3, 2)
    assert asked == {1: 1, 2: 2}


def test_long_texts_do_not_underflow():
    step = lambda prefix: np.log(np.array([0.002, 0.01, 0.004, 1e-5, 0.009]))  # noqa: E731
    assert beam_search(step, BOS, EOS, 2, 200) == [1] * 200


# ---------------------------------------------------------------- sampling

finite = st.floats(-20, 20).map(lambda x: round(x, 3))
rows = st.lists(finite, min_size=1, max_size=8).map(np.array)


@given(
    rows, st.sampled_from([0, 0.01, 0.5, 1, 3]), st.none() | st.integers(1, 9), st.none() | st.floats(0.01, 1)
)
def test_sampling_laws(logits, temperature, top_k, top_p):
    p = next_token_probabilities(logits, temperature, top_k, top_p)
    assert np.all(p >= 0)
    assert abs(p.sum() - 1) < 1e-12
    assert p[np.argmax(logits)] == p.max()  # the likeliest stays, and stays the likeliest
    if top_k is not None:
        assert np.count_nonzero(p) <= top_k
    kept = p > 0
    if kept.any() and not kept.all():
        assert logits[kept].min() >= logits[~kept].max() or temperature <= 0.01  # or exp has underflowed


@given(rows, st.sampled_from([0.1, 0.5, 1, 3]))
def test_without_cuts_it_is_softmax(logits, temperature):
    np.testing.assert_allclose(
        next_token_probabilities(logits, temperature), softmax(logits / temperature), rtol=1e-12, atol=1e-300
    )
    np.testing.assert_array_equal(
        next_token_probabilities(logits, temperature, top_k=99, top_p=1.0),
        next_token_probabilities(logits, temperature),
    )


def test_sampling_examples():
    p = np.log(np.array([0.15, 0.5, 0.05, 0.3]))
    np.testing.assert_allclose(next_token_probabilities(p, top_p=0.6), [0, 0.625, 0, 0.375])
    np.testing.assert_allclose(next_token_probabilities(p, top_p=0.4), [0, 1, 0, 0])
    np.testing.assert_allclose(next_token_probabilities(p, top_k=2, top_p=0.7), [0, 0.625, 0, 0.375])
    np.testing.assert_allclose(
        next_token_probabilities(p, top_k=2, top_p=0.6), [0, 1, 0, 0]
    )  # 0.625 suffices
    np.testing.assert_allclose(
        next_token_probabilities(np.array([3.0, 2, 2, 1]), top_k=2), [0.7311, 0.2689, 0, 0], atol=1e-4
    )
    np.testing.assert_allclose(
        next_token_probabilities(np.array([2.0, 1, 0]), 0.5), [0.8668, 0.1173, 0.0159], atol=1e-4
    )
    np.testing.assert_array_equal(next_token_probabilities(np.zeros(2), top_p=0.5), [1, 0])  # hit exactly
    np.testing.assert_array_equal(next_token_probabilities(np.array([1.0, 7, 7]), 0), [0, 1, 0])
    np.testing.assert_array_equal(next_token_probabilities(np.array([1.0, 7, 6]), 1e-300), [0, 1, 0])
    with np.errstate(over="ignore"):  # 6 / 1e-310 is not a number any more
        np.testing.assert_array_equal(next_token_probabilities(np.array([1.0, 7, 6]), 1e-310), [0, 1, 0])
    np.testing.assert_array_equal(next_token_probabilities(np.array([1.0, -np.inf, 1.0])), [0.5, 0, 0.5])


def test_sampling_row_by_row():
    logits = np.random.default_rng(0).normal(size=(3, 4, 9)).astype(np.float32)
    together = next_token_probabilities(logits, 0.7, 5, 0.8)
    assert together.dtype == np.float32
    for i, j in np.ndindex(3, 4):
        np.testing.assert_allclose(
            together[i, j], next_token_probabilities(logits[i, j], 0.7, 5, 0.8), rtol=1e-5
        )


@pytest.mark.parametrize("wrong", [{"temperature": -1}, {"top_k": 0}, {"top_p": 0.0}, {"top_p": 1.1}])
def test_sampling_refuses(wrong):
    (name,) = wrong
    with pytest.raises(ValueError, match=f"{name} must be"):
        next_token_probabilities(np.zeros(3), **wrong)


# ---------------------------------------------------------------- cache, decoder-only

D, H, T = 12, 3, 7
CONFIG = TransformerConfig(11, D, H, 20, 2, 3)


def jittered(weights):
    vector = flatten(weights)
    return unflatten(vector + 0.2 * np.random.default_rng(8).normal(size=vector.size), weights)


LAYERS = jittered(tuple(init_encoder_layer(CONFIG, np.random.default_rng(i)) for i in range(3)))
X = np.random.default_rng(9).normal(size=(2, T, D))


def naive_stack(x):
    """The same stack without a cache, a query at a time: rotary as complex numbers, masks as slices."""
    for weights in LAYERS:
        x = pre_norm(x, lambda y: naive_attention(y, weights.attention), *weights.norm_1)  # noqa: B023
        x = pre_norm(x, lambda y: feed_forward(y, *weights.feed_forward), *weights.norm_2)  # noqa: B023
    return x


def naive_attention(x, weights):
    d_head = D // H
    turn = np.exp(1j * np.arange(T)[:, None] * 10000.0 ** (-np.arange(d_head // 2) / (d_head // 2)))
    heads = []
    for h in range(H):
        columns = slice(h * d_head, (h + 1) * d_head)
        q, k, v = (x @ w[:, columns] for w in weights[:3])
        q, k = ((y[..., 0::2] + 1j * y[..., 1::2]) * turn for y in (q, k))
        rows = []
        for t in range(T):
            scores = np.real(np.sum(q[:, t : t + 1].conj() * k[:, : t + 1], axis=-1)) / np.sqrt(d_head)
            rows.append(np.einsum("bk,bkd->bd", softmax(scores), v[:, : t + 1]))
        heads.append(np.stack(rows, axis=1))
    return np.concatenate(heads, axis=-1) @ weights.w_o


def in_chunks(x, sizes, step=decode_step):
    cache, outputs, start = empty_cache(3, H, D // H, batch=(2,)), [], 0
    for size in sizes:
        output, cache = step(x[:, start : start + size], LAYERS, cache, H)
        outputs.append(output)
        start += size
    return np.concatenate(outputs, axis=1), cache


CHUNKS = [[7], [1] * 7, [2, 2, 2, 1], [3, 1, 1, 2], [1, 6]]


@pytest.mark.parametrize("sizes", CHUNKS, ids=str)
def test_cached_is_uncached(sizes):
    output, cache = in_chunks(X, sizes)
    np.testing.assert_allclose(output, naive_stack(X), rtol=1e-10, atol=1e-10)
    assert cache.offset == T
    assert all(layer.k.shape == layer.v.shape == (2, H, T, D // H) for layer in cache.layers)


def test_two_hypotheses_go_on_from_one_cache():
    _, prompt = in_chunks(X, [4])
    kept = [KVCache(layer.k.copy(), layer.v.copy()) for layer in prompt.layers]
    other = X.copy()
    other[:, 4:] = np.random.default_rng(3).normal(size=other[:, 4:].shape)
    first, _ = decode_step(X[:, 4:6], LAYERS, prompt, H)
    second, _ = decode_step(other[:, 4:6], LAYERS, prompt, H)
    np.testing.assert_allclose(first, naive_stack(X)[:, 4:6], atol=1e-10)
    np.testing.assert_allclose(second, naive_stack(other)[:, 4:6], atol=1e-10)
    for before, after in zip(kept, prompt.layers, strict=True):
        np.testing.assert_array_equal(before.k, after.k)
        np.testing.assert_array_equal(before.v, after.v)
    assert prompt.offset == 4


MISTAKES = {
    "new-token-position-zero": {"positions": "np.arange(x.shape[-2])"},
    "offset-grows-by-prompt": {"cache.offset + x.shape[-2])": "cache.offset + caches[0].k.shape[-2])"},
    "offset-advanced-by-layer": {
        "caches[i] = KVCache(k, v)": "caches[i] = KVCache(k, v); positions += (i == 0) * x.shape[-2]"
    },
    "square-mask-for-chunk": {"mask": "np.tri(x.shape[-2], k.shape[-2], dtype=bool)"},
    "append-after-attending": {
        "scaled_dot_product_attention(turned_q, k, v, mask)": "scaled_dot_product_attention("
        "turned_q, cache.layers[i].k, cache.layers[i].v, None)"
    },
    "cache-joined-wrong-axis": {"k": "np.concatenate([caches[i].k, turned_k], axis=-3)"},
    "cache-shared-between-beams": {"caches = list(cache.layers)": "caches = cache.layers"},
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_every_known_mistake_is_one_edit_and_shows(mistake):
    step = edited(decode_step, MISTAKES[mistake])["decode_step"]
    right = naive_stack(X)

    def goes_wrong():
        for sizes in CHUNKS:
            if not np.allclose(in_chunks(X, sizes, step)[0], right, atol=1e-8):
                return True
        _, prompt = in_chunks(X, [4], step)
        before = [layer.k.shape for layer in prompt.layers]
        step(X[:, 4:6], LAYERS, prompt, H)
        return before != [layer.k.shape for layer in prompt.layers]

    with contextlib.suppress(ValueError, IndexError):  # raising is going wrong, too
        assert goes_wrong()


def test_cache_keeps_float32():
    layers = unflatten(flatten(LAYERS).astype(np.float32), LAYERS)
    cache = empty_cache(3, H, D // H, batch=(2,), dtype=np.float32)
    output, cache = decode_step(X.astype(np.float32), layers, cache, H)
    assert {output.dtype, cache.layers[2].k.dtype, cache.layers[0].v.dtype} == {np.dtype(np.float32)}


# ---------------------------------------------------------------- cache, encoder-decoder


@pytest.mark.parametrize("norm", ["post", "pre"])
@pytest.mark.parametrize("sizes", CHUNKS, ids=str)
def test_decoder_with_cache_is_decoder(norm, sizes):
    weights = jittered(init_transformer(CONFIG._replace(norm=norm), np.random.default_rng(1)))
    memory = np.random.default_rng(2).normal(size=(2, 5, D))
    mask = np.array([[1, 1, 1, 0, 0], [1] * 5], dtype=bool)[:, None, None]
    cache, outputs, start = start_decoding(memory, weights.decoder, H), [], 0
    for size in sizes:
        output, cache = decoder_step(X[:, start : start + size], weights.decoder, cache, H, mask, norm)
        outputs.append(output)
        start += size
    expected = decoder(X, memory, weights.decoder, H, memory_mask=mask, norm=norm)
    np.testing.assert_allclose(np.concatenate(outputs, axis=1), expected, rtol=1e-10, atol=1e-10)
    assert all(layer.memory.k.shape[-2] == 5 for layer in cache.layers)


@pytest.mark.parametrize("norm", ["post", "pre"])
@pytest.mark.parametrize("tied", [True, False])
def test_next_token_model_is_the_transformer(norm, tied):
    config = CONFIG._replace(norm=norm, tied=tied)
    weights = jittered(init_transformer(config, np.random.default_rng(1)))
    source = np.array([3, 9, 4, 4])
    step = next_token_model(source, weights, H, norm)
    for prefix in ([1], [1, 5], [1, 7], [1, 5, 5, 2], [1, 7, 2], [1, 5, 6]):  # beams that part and swap
        logits = transformer(source, np.array(prefix), weights, H, norm=norm)
        np.testing.assert_allclose(step(prefix), log_softmax(logits[-1]), rtol=1e-10, atol=1e-10)
    assert beam_search(step, 1, 2, 1, 8) == greedy_decode(step, 1, 2, 8)


def test_positions_of_the_cached_model_are_those_of_the_model():
    weights = init_transformer(CONFIG, np.random.default_rng(1))
    x = embed(np.array([1, 5, 6]), weights.embedding, sinusoidal_positions(3, D))
    memory = encoder(X[0], weights.encoder, H)
    output, _ = decoder_step(x, weights.decoder, start_decoding(memory, weights.decoder, H), H)
    np.testing.assert_allclose(output, decoder(x, memory, weights.decoder, H), atol=1e-12)
    assert multi_head_attention(x, x, weights.encoder.layers[0].attention, H).shape == x.shape


@pytest.mark.parametrize("n_kv_heads", [1, 2, 6])
@pytest.mark.parametrize("sizes", CHUNKS, ids=str)
def test_modern_decoder_with_cache_is_modern_decoder(sizes, n_kv_heads):
    weights = jittered(
        init_modern_decoder(ModernConfig(11, D, 6, n_kv_heads, 10, 2), np.random.default_rng(0))
    )
    ids = np.random.default_rng(1).integers(0, 11, (2, T))
    cache, outputs, start = empty_cache(2, n_kv_heads, 2, batch=(2,)), [], 0
    for size in sizes:
        logits, cache = modern_decoder_step(ids[:, start : start + size], weights, cache, 6, n_kv_heads)
        outputs.append(logits)
        start += size
    expected = modern_decoder(ids, weights, 6, n_kv_heads)
    np.testing.assert_allclose(np.concatenate(outputs, axis=1), expected, rtol=1e-10, atol=1e-10)
    assert cache.layers[0].k.shape == (2, n_kv_heads, T, 2)
    assert cache.offset == T


# ---------------------------------------------------------------- through the door


def test_the_public_decoders_take_lists_and_empty_caches():
    np.testing.assert_allclose(reference.next_token_probabilities([0, 0]), [0.5, 0.5])
    output, cache = reference.decode_step(X, LAYERS, reference.empty_cache(3, H, D // H, batch=(2,)), H)
    again, cache = reference.decode_step(X[:, :2], LAYERS, cache, H)
    assert (output.shape, again.shape, cache.offset) == ((2, T, D), (2, 2, D), T + 2)
    with pytest.raises(ValueError, match="x must have at least one element along new"):
        reference.decode_step(X[:, :0], LAYERS, cache, H)
