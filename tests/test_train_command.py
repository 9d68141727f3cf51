"""`byheart train`: what it says, what it draws, and that it learns what it should."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from exercises import train_run
from exercises.errors import UseError
from exercises.language import speak
from exercises.train_command import run_training
from exercises.train_pictures import attention_map, curve
from exercises.train_run import cross_attention_weights, learn, names, pictures
from reference.training import BOS, EOS, TrainingConfig
from reference.weights import TransformerConfig, init_transformer

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def short_run(monkeypatch):
    """A run of a few steps: pictures and sentences do not depend on how well it went."""
    monkeypatch.setattr(train_run, "LESSON", TrainingConfig(steps=30, batch=4, warmup=10))
    monkeypatch.setattr(train_run, "N_UNSEEN", 3)


@pytest.mark.slow
@pytest.mark.parametrize("task", ["copy", "reverse"])
def test_it_learns(task):
    run = learn(TrainingConfig(task))
    assert run.accuracy > 0.99
    assert run.said == [*run.example[1], EOS]
    assert np.mean(run.losses[-50:]) < run.floor + 0.05
    heads = cross_attention_weights(
        list(run.example[0]), [BOS, *run.said[:-1]], run.weights, run.config.model
    )
    looked_at = heads.mean(axis=0)[:-1].argmax(axis=-1)  # at the last place it says eos
    right = np.arange(len(looked_at))
    right = right if task == "copy" else right[::-1]
    assert np.mean(np.abs(looked_at - right) <= 1) > 0.6


@pytest.mark.parametrize("language", ["en", "ru"])
def test_it_says_what_it_did_and_leaves_three_pictures(short_run, tmp_path, capsys, language):
    run = run_training("copy", tmp_path / "new" / "folder", language)
    said = capsys.readouterr().out
    assert f"{100 * run.accuracy:.2f}" in said
    assert " ".join(names(run.example[0])) in said
    assert "train." not in said  # a sentence that is missing would show its key
    for name in ("loss.svg", "learning_rate.svg", "attention.svg"):
        path = tmp_path / "new" / "folder" / name
        assert str(path) in said
        root = ET.parse(path).getroot()
        assert root.tag == f"{SVG}svg"
        words = [text.text for text in root.iter(f"{SVG}text")]
        assert words
        assert all(words)
        assert "prefers-color-scheme: dark" in path.read_text(encoding="utf-8")


def test_pictures_are_in_the_language(short_run):
    run = learn(train_run.LESSON)
    english, russian = (pictures(run, speak(code)) for code in ("en", "ru"))
    assert "queries" in english[2]
    assert "запросы" in russian[2]
    assert all(one != other for one, other in zip(english, russian, strict=True))


def test_a_file_is_no_folder(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UseError) as error:
        run_training("copy", tmp_path / "file", "en")
    assert error.value.phrase.key == "error.start_is_file"


def test_attention_weights_are_distributions_queries_down_keys_across():
    for norm in ("post", "pre"):
        config = TransformerConfig(12, 8, 2, 16, 2, 2, norm=norm, tied=False)
        weights = init_transformer(config, np.random.default_rng(0))
        heads = cross_attention_weights([3, 4, 5, 6, 7], [1, 3, 4], weights, config)
        assert heads.shape == (2, 3, 5)
        np.testing.assert_allclose(heads.sum(axis=-1), 1)


def test_heat_map_has_queries_down_and_keys_across():
    weights = np.array([[0.9, 0.1, 0.0], [0.2, 0.3, 0.5]])
    root = ET.fromstring(attention_map(weights, ["<q>", "r"], ["x", "y", "&"], "t", "Q", "K"))
    cells = {cell.find(f"{SVG}title").text: cell for cell in root.iter(f"{SVG}rect")}
    assert len(cells) == 6
    first, second = cells["<q> → x: 0.900"], cells["r → &: 0.500"]
    assert float(first.get("y")) < float(second.get("y"))
    assert float(first.get("x")) < float(second.get("x"))
    assert float(first.get("fill-opacity")) > float(second.get("fill-opacity"))


def test_a_curve_goes_up_where_values_do():
    root = ET.fromstring(curve([1.0, 3.0, 2.0], "t", "x", "y", at_step=2, at_value=(1.0, "low")))
    (line,) = root.iter(f"{SVG}polyline")
    points = [tuple(map(float, point.split(","))) for point in line.get("points").split()]
    assert points[0][0] < points[1][0] < points[2][0]
    assert points[1][1] < points[2][1] < points[0][1]  # y runs downwards
    dashed = [mark for mark in root.iter(f"{SVG}line") if mark.get("class") == "mark"]
    assert float(dashed[0].get("x1")) == points[1][0]
    assert float(dashed[1].get("y1")) == points[0][1]
