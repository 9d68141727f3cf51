"""How fast attention is beside PyTorch's, on one thread each.

`python tests/bench/bench_attention.py [--plot FILE.svg] [--check]`

8 heads, d 64, float32. The two libraries take turns, and each keeps its best time. Prints a table; with
`--check` the exit status is 1 if a ratio is above its target. The processor matters much: without AVX-512,
NumPy's exp alone takes several times as long, so what it runs on is part of the table.
"""

from __future__ import annotations

import os

if __name__ == "__main__":  # before NumPy is loaded
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"

import argparse
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from reference import causal_mask, scaled_dot_product_attention, tiled_attention

HEADS, D_HEAD = 8, 64
TARGETS = {"tiled": 1.05, "tiled, causal": 1.0, "readable": 1.6}


class Row(NamedTuple):
    """One measurement: best seconds of both, and the peak of what ours allocates in bytes."""

    name: str
    tokens: int
    ours: float
    torch: float
    peak: int

    @property
    def ratio(self) -> float:
        return self.ours / self.torch


def best_of(rounds: int, *functions: Callable[[], object]) -> list[float]:
    """The shortest time of each, in seconds; they take turns, so that a busy moment hits all of them."""
    times: list[list[float]] = [[] for _ in functions]
    for _ in range(rounds + 1):
        for function, spent in zip(functions, times, strict=True):
            start = time.perf_counter()
            function()
            spent.append(time.perf_counter() - start)
    return [min(spent[1:]) for spent in times]


def peak_bytes(function: Callable[[], object]) -> int:
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


def measure(torch: Any, tokens: int, rounds: int) -> list[Row]:
    rng = np.random.default_rng(0)
    q, k, v = rng.normal(size=(3, 1, HEADS, tokens, D_HEAD)).astype(np.float32)
    tensors, causal = [torch.from_numpy(array) for array in (q, k, v)], causal_mask(tokens)
    theirs = torch.nn.functional.scaled_dot_product_attention
    pairs: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
        "tiled": (lambda: tiled_attention(q, k, v), lambda: theirs(*tensors)),
        "tiled, causal": (lambda: tiled_attention(q, k, v, causal), lambda: theirs(*tensors, is_causal=True)),
        "readable": (lambda: scaled_dot_product_attention(q, k, v), lambda: theirs(*tensors)),
        "readable, causal": (
            lambda: scaled_dot_product_attention(q, k, v, causal),
            lambda: theirs(*tensors, is_causal=True),
        ),
    }
    return [
        Row(name, tokens, *best_of(rounds, ours, torchs), peak_bytes(ours))
        for name, (ours, torchs) in pairs.items()
    ]


def kernels() -> str:
    """Which library multiplies NumPy's matrices, and which instructions its exp uses (X86_V4 is AVX-512)."""
    from numpy.lib.introspect import opt_func_info

    blas = np.show_config(mode="dicts")["Build Dependencies"]["blas"]
    exp = opt_func_info(func_name="^exp$", signature="float32").get("exp", {}).get("ff", {})
    return f"{blas['name']} {blas['version']}, exp {exp.get('current', 'plain')}"


def show(rows: list[Row], versions: str) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(
        "attention", "tokens", "ours, ms", "PyTorch, ms", "ratio", "at most", "peak, MiB", title=versions
    )
    for row in rows:
        target = TARGETS.get(row.name)
        colour = "" if target is None else "[green]" if row.ratio <= target else "[red]"
        times = f"{row.ours * 1e3:.1f}", f"{row.torch * 1e3:.1f}"
        limit = "" if target is None else f"{target:.2f}"
        table.add_row(
            row.name, str(row.tokens), *times, f"{colour}{row.ratio:.2f}", limit, f"{row.peak / 2**20:.1f}"
        )
    Console().print(table)


def plot(rows: list[Row], path: Path) -> None:
    """Bars of the ratios; the line is PyTorch."""
    unit, height = 160, 26
    bars = [
        f'<text x="0" y="{y + 13}">{row.name}, {row.tokens}</text>'
        f'<rect x="190" y="{y}" width="{row.ratio * unit:.0f}" height="18" fill="#4477aa"/>'
        f'<text x="{196 + row.ratio * unit:.0f}" y="{y + 13}">{row.ratio:.2f}</text>'
        for y, row in zip(range(10, 10 + height * len(rows), height), rows, strict=True)
    ]
    bottom = 10 + height * len(rows)
    width = 260 + unit * max(row.ratio for row in rows)
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" font-family="sans-serif" font-size="12" '
        f'width="{width:.0f}" height="{bottom + 24}">{"".join(bars)}'
        f'<line x1="{190 + unit}" x2="{190 + unit}" y1="4" y2="{bottom}" stroke="#222" stroke-dasharray="3"/>'
        f'<text x="{170 + unit}" y="{bottom + 14}">PyTorch</text></svg>\n',
        encoding="utf-8",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tokens", type=int, nargs="+", default=[1024, 2048])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--plot", type=Path, help="also draw the ratios into this SVG file")
    parser.add_argument("--check", action="store_true", help="exit with 1 if a ratio is above its target")
    arguments = parser.parse_args()
    try:
        import torch
    except ImportError:
        print("bench_attention: PyTorch is not installed, there is nothing to compare with")
        return 2
    torch.set_num_threads(1)
    rows = [row for tokens in arguments.tokens for row in measure(torch, tokens, arguments.rounds)]
    show(
        rows,
        f"NumPy {np.__version__} ({kernels()}) and PyTorch {torch.__version__}, one thread each, float32",
    )
    if arguments.plot:
        plot(rows, arguments.plot)
    missed = [row for row in rows if row.ratio > TARGETS.get(row.name, float("inf"))]
    return 1 if arguments.check and missed else 0


if __name__ == "__main__":
    sys.exit(main())
