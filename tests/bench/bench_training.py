"""How fast a training step is beside PyTorch's, on one thread each: `python tests/bench/bench_training.py`.

The small encoder-decoder: d 64, 4 heads, 2 + 2 layers, d_ff 256, 64 sentences of 12 tokens, float32. A step
is forward, backward and Adam. The two libraries take turns, and each keeps its best time; both begin with the
same weights, and their losses are compared first. With `--check` the exit status is 1 if the ratio of
steps is above its target.
"""

from __future__ import annotations

import os

if __name__ == "__main__":  # before NumPy is loaded
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from reference.attention import padding_mask
from reference.converters import to_torch_transformer
from reference.layer_gradients import cross_entropy_backward
from reference.layers import NormWeights
from reference.model_backprop import transformer_pullback
from reference.positions import sinusoidal_positions
from reference.training import (
    BOS,
    EOS,
    PAD,
    Batch,
    TrainingConfig,
    adam_start,
    adam_step,
    cross_entropy,
    make_pairs,
    teacher_forcing_batch,
)
from reference.vector import flatten, unflatten
from reference.weights import TransformerConfig, TransformerWeights, init_transformer

TARGET = 1.0
SIZES = TransformerConfig(32, 64, 4, 256, 2, 2, attention_biases=True)
SENTENCES, TOKENS = 64, 12


def a_batch() -> Batch:
    config = TrainingConfig(shortest=TOKENS - 1, longest=TOKENS - 1, model=SIZES)
    return teacher_forcing_batch(make_pairs(config, SENTENCES, np.random.default_rng(0)), BOS, EOS, PAD)


def initial_weights() -> TransformerWeights:
    """In float32, and with what nn.Transformer has besides: a norm behind each stack, biases in attention."""
    weights, d_model = init_transformer(SIZES, np.random.default_rng(0)), SIZES.d_model
    norm = NormWeights(np.ones(d_model), np.zeros(d_model))
    weights = weights._replace(
        encoder=weights.encoder._replace(norm=norm), decoder=weights.decoder._replace(norm=norm)
    )
    single: TransformerWeights = unflatten(flatten(weights).astype(np.float32), weights)
    return single


# ---------------------------------------------------------------- ours


class Ours:
    """The reference: forward, backward, Adam on all weights as one vector."""

    def __init__(self, weights: TransformerWeights, batch: Batch) -> None:
        self.weights, self.batch = weights, batch
        self.vector = flatten(weights)
        self.state = adam_start(self.vector)

    def forward(self) -> tuple[Any, Any]:
        batch = self.batch
        mask = padding_mask(batch.source, PAD)
        return transformer_pullback(batch.source, batch.decoder_input, self.weights, SIZES.n_heads, mask)

    def backward(self) -> Any:
        logits, back = self.forward()
        self.loss = cross_entropy(logits, self.batch.target, PAD)
        return flatten(back(cross_entropy_backward(1.0, logits, self.batch.target, PAD)))

    def step(self) -> None:
        self.vector, self.state = adam_step(self.vector, self.backward(), self.state, 1e-3)
        self.weights = unflatten(self.vector, self.weights)


# ---------------------------------------------------------------- PyTorch's


class Theirs:
    """The same model of PyTorch's own parts: nn.Embedding, nn.Transformer, tied output."""

    def __init__(self, torch: Any, weights: TransformerWeights, batch: Batch, **adam: Any) -> None:
        self.torch = torch
        sizes = SIZES.d_model, SIZES.n_heads, SIZES.n_encoder_layers, SIZES.n_decoder_layers, SIZES.d_ff
        self.model = torch.nn.Transformer(*sizes, dropout=0.0, batch_first=True)
        state = to_torch_transformer(weights.encoder, weights.decoder)
        self.model.load_state_dict({name: torch.from_numpy(np.array(array)) for name, array in state.items()})
        self.embedding = torch.nn.Embedding.from_pretrained(
            torch.from_numpy(weights.embedding.copy()), freeze=False
        )
        positions = sinusoidal_positions(TOKENS, SIZES.d_model).astype(np.float32)
        self.positions = torch.from_numpy(positions)
        self.source, self.decoder_input, self.target = (torch.from_numpy(ids) for ids in batch)
        self.causal = torch.nn.Transformer.generate_square_subsequent_mask(TOKENS)
        self.optimiser = torch.optim.Adam(
            [*self.model.parameters(), *self.embedding.parameters()],
            1e-3,
            betas=(0.9, 0.98),
            eps=1e-9,
            **adam,
        )

    def embed(self, ids: Any) -> Any:
        return self.embedding(ids) * SIZES.d_model**0.5 + self.positions[: ids.shape[1]]

    def forward(self) -> Any:
        source, target = self.embed(self.source), self.embed(self.decoder_input)
        hidden = self.model(source, target, tgt_mask=self.causal, tgt_is_causal=True)
        return hidden @ self.embedding.weight.T

    def backward(self) -> None:
        self.optimiser.zero_grad()
        logits = self.forward().flatten(0, 1)
        loss = self.torch.nn.functional.cross_entropy(logits, self.target.flatten(), ignore_index=PAD)
        loss.backward()
        self.loss = float(loss.detach())

    def step(self) -> None:
        self.backward()
        self.optimiser.step()


# ---------------------------------------------------------------- the comparison


def best_of(rounds: int, *functions: Callable[[], object]) -> list[float]:
    """The shortest time of each, in seconds; they take turns, so that a busy moment hits all of them."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds + 1):
        for function, spent in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            spent.append(time.perf_counter() - start)
    return [min(spent[1:]) for spent in times]


def measure(torch: Any, rounds: int) -> list[tuple[str, float, float]]:
    """Name, our seconds and theirs, for the forward pass, forward and backward, and the whole step."""
    weights, batch = initial_weights(), a_batch()
    ours, theirs = Ours(weights, batch), Theirs(torch, weights, batch)
    ours.backward()
    theirs.backward()
    np.testing.assert_allclose(ours.loss, theirs.loss, rtol=1e-4)
    fused = Theirs(torch, weights, batch, fused=True)
    rows = [
        ("forward", ours.forward, theirs.forward),
        ("forward and backward", ours.backward, theirs.backward),
        ("step", ours.step, theirs.step),
        ("step, their Adam fused", ours.step, fused.step),
    ]
    return [(name, *best_of(rounds, mine, yours)) for name, mine, yours in rows]  # type: ignore[misc]


def show(rows: list[tuple[str, float, float]], title: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table("training", "ours, ms", "PyTorch, ms", "ratio", "at most", title=title)
    for name, ours, theirs in rows:
        limit = TARGET if name == "step" else None
        colour = "" if limit is None else "[green]" if ours <= limit * theirs else "[red]"
        times = f"{ours * 1e3:.1f}", f"{theirs * 1e3:.1f}", f"{colour}{ours / theirs:.2f}"
        table.add_row(name, *times, "" if limit is None else f"{limit:.2f}")
    Console().print(table)


def plot(rows: list[tuple[str, float, float]], path: Path) -> None:
    """Bars of the ratios; the line is PyTorch."""
    unit, height, bottom = 160, 26, 10 + 26 * len(rows)
    bars = [
        f'<text x="0" y="{y + 13}">{name}</text>'
        f'<rect x="190" y="{y}" width="{ours / theirs * unit:.0f}" height="18" fill="#4477aa"/>'
        f'<text x="{196 + ours / theirs * unit:.0f}" y="{y + 13}">{ours / theirs:.2f}</text>'
        for y, (name, ours, theirs) in zip(range(10, bottom, height), rows, strict=True)
    ]
    width = 260 + unit * max(1.0, *(ours / theirs for _, ours, theirs in rows))
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" '
        f'width="{width:.0f}" height="{bottom + 24}">{"".join(bars)}'
        f'<line x1="{190 + unit}" x2="{190 + unit}" y1="4" y2="{bottom}" stroke="#222" stroke-dasharray="3"/>'
        f'<text x="{170 + unit}" y="{bottom + 14}">PyTorch</text></svg>\n',
        encoding="utf-8",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--plot", type=Path, help="also draw the ratios into this SVG file")
    parser.add_argument("--check", action="store_true", help="exit with 1 if the ratio is above its target")
    arguments = parser.parse_args()
    try:
        import torch
    except ImportError:
        print("bench_training: PyTorch is missing, so there is nothing to compare with (pip install torch)")
        return 2
    torch.set_num_threads(1)
    rows = measure(torch, arguments.rounds)
    show(rows, f"NumPy {np.__version__} and PyTorch {torch.__version__}, one thread each, float32")
    if arguments.plot:
        plot(rows, arguments.plot)
    missed = [name for name, ours, theirs in rows if name == "step" and ours > TARGET * theirs]
    return 1 if arguments.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
