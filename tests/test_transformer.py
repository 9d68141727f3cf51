"""Encoder, decoder and whole models: laws that tell right wiring from wrong, sizes, what may be dropped."""

from __future__ import annotations

import numpy as np
import pytest

from reference import (
    GPT2_SMALL,
    PAPER_BASE,
    PAPER_BIG,
    AttentionWeights,
    FeedForwardWeights,
    ModernConfig,
    NormWeights,
    TransformerConfig,
    causal_mask,
    count_parameters,
    count_weights,
    decoder,
    decoder_layer,
    dropout,
    embed,
    encoder,
    encoder_layer,
    feed_forward,
    gpt2,
    grouped_query_attention,
    init_decoder_layer,
    init_encoder_layer,
    init_gpt2,
    init_modern_decoder,
    init_transformer,
    layer_norm,
    modern_decoder,
    modern_decoder_layer,
    multi_head_attention,
    padding_mask,
    rms_norm,
    sinusoidal_positions,
    softmax,
    swiglu,
    transformer,
)

B, SOURCE, TARGET, V, D, H = 2, 7, 5, 11, 12, 3
NORMS = pytest.mark.parametrize("norm", ["post", "pre"])


def config(**changes):
    return TransformerConfig(V, D, H, 20, 2, 2)._replace(**changes)


def shaken(tree, rng):
    """The same weights with noise, so that no gamma is 1 and no bias 0."""
    if isinstance(tree, tuple):
        parts = [shaken(part, rng) for part in tree]
        return type(tree)(*parts) if hasattr(tree, "_fields") else tuple(parts)
    return None if tree is None else tree + 0.3 * rng.normal(size=tree.shape)


@pytest.fixture
def rng():
    return np.random.default_rng(9)


@pytest.fixture
def x(rng):
    return rng.normal(size=(B, TARGET, D))


@pytest.fixture
def memory(rng):
    return rng.normal(size=(B, SOURCE, D))


def model(norm, rng, **changes):
    return shaken(init_transformer(config(norm=norm, **changes), rng), rng)


# ---------------------------------------------------------------- layers


@NORMS
def test_an_encoder_layer_written_out(norm, x, rng):
    weights = shaken(init_encoder_layer(config(), rng), rng)
    mask = rng.random((B, 1, 1, TARGET)) < 0.8
    one, two = weights.norm_1, weights.norm_2
    if norm == "post":
        y = layer_norm(x + multi_head_attention(x, x, weights.attention, H, mask), *one)
        expected = layer_norm(y + feed_forward(y, *weights.feed_forward), *two)
    else:
        n = layer_norm(x, *one)
        y = x + multi_head_attention(n, n, weights.attention, H, mask)
        expected = y + feed_forward(layer_norm(y, *two), *weights.feed_forward)
    np.testing.assert_allclose(encoder_layer(x, weights, H, mask, norm), expected)


@NORMS
def test_a_decoder_layer_written_out(norm, x, memory, rng):
    weights = shaken(init_decoder_layer(config(), rng), rng)
    memory_mask = rng.random((B, 1, 1, SOURCE)) < 0.8
    past = causal_mask(TARGET)
    one, two, three = weights.norm_1, weights.norm_2, weights.norm_3
    if norm == "post":
        y = layer_norm(x + multi_head_attention(x, x, weights.self_attention, H, past), *one)
        z = layer_norm(y + multi_head_attention(y, memory, weights.cross_attention, H, memory_mask), *two)
        expected = layer_norm(z + feed_forward(z, *weights.feed_forward), *three)
    else:
        n = layer_norm(x, *one)
        y = x + multi_head_attention(n, n, weights.self_attention, H, past)
        z = y + multi_head_attention(layer_norm(y, *two), memory, weights.cross_attention, H, memory_mask)
        expected = z + feed_forward(layer_norm(z, *three), *weights.feed_forward)
    np.testing.assert_allclose(decoder_layer(x, memory, weights, H, None, memory_mask, norm), expected)


def test_a_layer_with_zero_maps_does_nothing_but_normalise(x, rng):
    weights = init_encoder_layer(config(), rng)
    nothing = weights._replace(
        attention=AttentionWeights(*[np.zeros((D, D))] * 4),
        feed_forward=FeedForwardWeights(*[np.zeros_like(w) for w in weights.feed_forward]),
    )
    np.testing.assert_array_equal(encoder_layer(x, nothing, H, norm="pre"), x)
    normalised = layer_norm(x, np.ones(D), np.zeros(D))
    np.testing.assert_allclose(encoder_layer(x, nothing, H), normalised, rtol=1e-4)


@NORMS
def test_stacks_are_their_layers_and_a_final_norm(norm, x, memory, rng):
    weights = model(norm, rng)
    expected = x
    for layer in weights.encoder.layers:
        expected = encoder_layer(expected, layer, H, norm=norm)
    if norm == "pre":
        expected = layer_norm(expected, *weights.encoder.norm)
    np.testing.assert_array_equal(encoder(x, weights.encoder, H, norm=norm), expected)
    expected = x
    for layer in weights.decoder.layers:
        expected = decoder_layer(expected, memory, layer, H, norm=norm)
    if norm == "pre":
        expected = layer_norm(expected, *weights.decoder.norm)
    np.testing.assert_array_equal(decoder(x, memory, weights.decoder, H, norm=norm), expected)


def test_norm_is_post_or_pre(x, rng):
    with pytest.raises(ValueError, match=r'norm must be "post" or "pre", got .middle.'):
        encoder_layer(x, init_encoder_layer(config(), rng), H, norm="middle")


# ---------------------------------------------------------------- laws


@NORMS
def test_the_decoder_never_sees_the_future(norm, rng):
    weights = model(norm, rng)
    source, target = rng.integers(0, V, size=(B, SOURCE)), rng.integers(0, V, size=(B, TARGET))
    before = transformer(source, target, weights, H, norm=norm)
    for t in range(TARGET):
        changed = target.copy()
        changed[:, t] = (changed[:, t] + 1) % V
        after = transformer(source, changed, weights, H, norm=norm)
        np.testing.assert_array_equal(after[:, :t], before[:, :t])
        assert (after[:, t:] != before[:, t:]).any(axis=-1).all()


@NORMS
def test_padding_of_source_and_target_never_matters(norm, rng):
    weights = model(norm, rng)
    pad = 0
    source = np.array([[3, 4, 5, 6, 7, 8, 9], [5, 4, 3, 2, 1, pad, pad]])
    target = np.array([[1, 2, 3, 4, 5], [1, 2, pad, pad, pad]])
    masks = padding_mask(source, pad), padding_mask(target, pad)
    logits = transformer(source, target, weights, H, *masks, norm)
    alone = transformer(source[1, :5], target[1, :2], weights, H, norm=norm)
    np.testing.assert_allclose(logits[1, :2], alone, atol=1e-12)
    noisy = transformer(np.where(source == pad, 10, source), target, weights, H, *masks, norm)
    np.testing.assert_array_equal(noisy, logits)


def test_every_layer_obeys_the_mask(x, rng):
    """A mask used in the first layer only would let padding in from the second on."""
    weights = model("post", rng).encoder
    mask = np.array([True, True, True, False, False])
    other = x.copy()
    other[:, 3:] += rng.normal(size=(B, 2, D))
    np.testing.assert_array_equal(
        encoder(x, weights, H, mask)[:, :3], encoder(other, weights, H, mask)[:, :3]
    )


def test_the_order_of_the_memory_does_not_matter(x, memory, rng):
    weights, order = model("post", rng).decoder, rng.permutation(SOURCE)
    np.testing.assert_allclose(decoder(x, memory[:, order], weights, H), decoder(x, memory, weights, H))


def test_post_norm_rows_are_normalised_at_the_end(rng):
    weights = init_transformer(config(tied=False), rng)
    hidden = decoder(rng.normal(size=(TARGET, D)), rng.normal(size=(SOURCE, D)), weights.decoder, H)
    np.testing.assert_allclose(hidden.mean(axis=-1), 0, atol=1e-12)
    np.testing.assert_allclose(hidden.var(axis=-1), 1, rtol=1e-4)


# ---------------------------------------------------------------- the whole model


@NORMS
@pytest.mark.parametrize("tied", [True, False])
def test_the_whole_model_is_its_parts(norm, tied, rng):
    weights = model(norm, rng, tied=tied)
    source, target = rng.integers(0, V, size=(B, SOURCE)), rng.integers(0, V, size=(B, TARGET))
    source_table = weights.embedding if tied else weights.source_embedding
    memory = encoder(
        embed(source, source_table, sinusoidal_positions(SOURCE, D)), weights.encoder, H, norm=norm
    )
    vectors = embed(target, weights.embedding, sinusoidal_positions(TARGET, D))
    hidden = decoder(vectors, memory, weights.decoder, H, norm=norm)
    expected = np.einsum("btd,vd->btv", hidden, weights.embedding if tied else weights.unembedding)
    np.testing.assert_allclose(transformer(source, target, weights, H, norm=norm), expected)


def test_logits_are_not_probabilities(rng):
    logits = transformer([1, 2, 3], [4, 5], model("post", rng), H)
    assert logits.shape == (2, V)
    assert (np.abs(logits.sum(axis=-1) - 1) > 1e-6).any()
    np.testing.assert_allclose(softmax(logits).sum(axis=-1), 1)


def test_tied_means_that_the_output_moves_with_the_table(rng):
    weights = model("post", rng)
    moved = weights._replace(embedding=weights.embedding + np.eye(V, D)[::-1])
    assert weights.source_embedding is None
    assert weights.unembedding is None
    assert (transformer([1], [2], weights, H) != transformer([1], [2], moved, H)).any()


def test_a_batch_is_its_members_and_may_be_empty(rng):
    weights = model("post", rng)
    source, target = rng.integers(0, V, size=(B, SOURCE)), rng.integers(0, V, size=(B, TARGET))
    logits = transformer(source, target, weights, H)
    for b in range(B):
        np.testing.assert_allclose(logits[b], transformer(source[b], target[b], weights, H), atol=1e-12)
    assert transformer(source[:0], target[:0], weights, H).shape == (0, TARGET, V)


def test_what_a_model_refuses(rng):
    weights = model("post", rng)
    with pytest.raises(ValueError, match="ids must be from 0 to 10, got 11"):
        transformer([11], [1], weights, H)
    with pytest.raises(ValueError, match="n_heads must divide d_model = 12, got 5"):
        transformer([1], [1], weights, 5)
    with pytest.raises(ValueError, match="transformer: source must have at least one element along source"):
        transformer(np.zeros((2, 0), int), [[1], [2]], weights, H)
    for wrong in ({"n_heads": 5}, {"norm": "no"}, {"n_encoder_layers": 0}, {"learned_positions": 4}):
        with pytest.raises(ValueError, match="init_transformer: "):
            init_transformer(config(**wrong), rng)


# ---------------------------------------------------------------- dropout in training


@NORMS
def test_drop_meets_both_embeddings_and_every_sublayer_once(norm, rng):
    weights, shapes = model(norm, rng), []
    keep_all = transformer(
        [1, 2, 3], [4, 5], weights, H, norm=norm, drop=lambda y: shapes.append(y.shape) or y
    )
    np.testing.assert_array_equal(keep_all, transformer([1, 2, 3], [4, 5], weights, H, norm=norm))
    assert sorted(shapes) == [(2, D)] * (1 + 2 * 3) + [(3, D)] * (1 + 2 * 2)


def test_dropout_with_the_same_generator_is_the_same(rng):
    weights = model("post", rng)

    def run(seed):
        generator = np.random.default_rng(seed)
        return transformer([1, 2, 3], [4, 5], weights, H, drop=lambda y: dropout(y, 0.5, generator))

    np.testing.assert_array_equal(run(1), run(1))
    assert (run(1) != run(2)).any()


# ---------------------------------------------------------------- decoders on their own


def gpt2_config():
    return config(n_encoder_layers=0, norm="pre", attention_biases=True, learned_positions=8)


def test_gpt2_sees_no_future_and_ignores_padding(rng):
    weights = shaken(init_gpt2(gpt2_config(), rng), rng)
    ids = np.array([[1, 2, 3, 4], [5, 6, 0, 0]])
    logits = gpt2(ids, weights, H, padding_mask(ids, 0))
    np.testing.assert_allclose(logits[1, :2], gpt2(ids[1, :2], weights, H), atol=1e-12)
    assert (gpt2([1, 1], weights, H)[0] != gpt2([1, 1], weights, H)[1]).all()
    with pytest.raises(ValueError, match="gpt2: ids must have at most 8 tokens, got 9"):
        gpt2(np.ones(9, int), weights, H)
    with pytest.raises(ValueError, match="init_gpt2: "):
        init_gpt2(config(), rng)


def test_a_modern_layer_written_out(rng):
    """At position 0 nothing turns, so grouped-query attention without rotation is enough."""
    layer = shaken(init_modern_decoder(ModernConfig(V, D, 6, 2, 20, 1), rng), rng).layers[0]
    x = rng.normal(size=(B, TARGET, D))
    n = rms_norm(x, layer.gamma_1)
    y = x + grouped_query_attention(n, n, layer.attention, 6, 2, causal_mask(TARGET))
    expected = y + swiglu(rms_norm(y, layer.gamma_2), *layer.feed_forward)
    output = modern_decoder_layer(x, layer, 6, 2, positions=np.zeros(TARGET, int))
    np.testing.assert_allclose(output, expected)
    assert not np.allclose(modern_decoder_layer(x, layer, 6, 2), expected)


def test_a_modern_decoder_knows_distances_only(rng):
    layer = shaken(init_modern_decoder(ModernConfig(V, D, 6, 2, 20, 1), rng), rng).layers[0]
    x = rng.normal(size=(TARGET, D))
    here, far = (
        modern_decoder_layer(x, layer, 6, 2, positions=np.arange(TARGET) + start) for start in (0, 100)
    )
    np.testing.assert_allclose(here, far, atol=1e-9)


def test_a_modern_decoder_sees_no_future(rng):
    weights = shaken(init_modern_decoder(ModernConfig(V, D, 6, 2, 20, 2), rng), rng)
    logits = modern_decoder([1, 2, 3, 4], weights, 6, 2)
    np.testing.assert_allclose(logits[:2], modern_decoder([1, 2], weights, 6, 2), atol=1e-12)
    untied = weights._replace(unembedding=np.zeros((V, D)))
    assert (modern_decoder([1, 2], untied, 6, 2) == 0).all()
    with pytest.raises(ValueError, match="init_modern_decoder: n_heads must divide d_model"):
        init_modern_decoder(ModernConfig(V, D, 5, 2, 20, 1), rng)


# ---------------------------------------------------------------- sizes


def test_known_sizes():
    assert count_parameters(GPT2_SMALL) == 124_439_808
    assert 63_000_000 < count_parameters(PAPER_BASE) < 65_000_000
    assert count_parameters(PAPER_BASE._replace(attention_biases=True)) == 63_082_496
    assert 200_000_000 < count_parameters(PAPER_BIG) < 220_000_000


def test_sizes_of_single_layers():
    biased = PAPER_BASE._replace(attention_biases=True)

    def layer(**one):
        none = biased._replace(n_encoder_layers=1, n_decoder_layers=1)
        return count_parameters(none._replace(**one)) - count_parameters(none)

    assert layer(n_encoder_layers=2) == 3_152_384
    assert layer(n_decoder_layers=2) == 4_204_032
    assert count_parameters(biased._replace(tied=False)) - count_parameters(biased) == 2 * 18_944_000


@NORMS
@pytest.mark.parametrize("tied", [True, False])
@pytest.mark.parametrize("attention_biases", [True, False])
def test_counting_foretells_what_initialising_makes(norm, tied, attention_biases, rng):
    sizes = config(
        norm=norm, tied=tied, attention_biases=attention_biases, n_encoder_layers=1, n_decoder_layers=3
    )
    assert count_weights(init_transformer(sizes, rng)) == count_parameters(sizes)


def test_counting_foretells_gpt2(rng):
    assert count_weights(init_gpt2(gpt2_config(), rng)) == count_parameters(gpt2_config())
    many_heads = gpt2_config()._replace(n_heads=12)
    assert count_parameters(many_heads) == count_parameters(gpt2_config())


def test_first_weights_are_the_generators_choice_and_keep_the_scale(rng):
    one, same, other = (init_transformer(config(), np.random.default_rng(seed)) for seed in (1, 1, 2))
    np.testing.assert_array_equal(one.embedding, same.embedding)
    assert (one.embedding != other.embedding).all()
    wide = init_transformer(config(d_model=384), rng)
    np.testing.assert_allclose(np.linalg.norm(wide.embedding, axis=-1), 1, atol=0.2)
    out = rng.normal(size=(100, 384)) @ wide.encoder.layers[0].attention.w_q
    assert out.std() == pytest.approx(1, abs=0.1)
    assert isinstance(wide.encoder.layers[0].norm_1, NormWeights)
