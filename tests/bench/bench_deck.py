"""How long the decks take: cold, with and without a cache, and at 1, 10 and 100 times the cards.

    python tests/bench/bench_deck.py [--scales 1 10 100]

Times are the best of several processes, next to `import numpy, genanki, jinja2` on the same machine.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
IMPORTS = "import numpy, genanki, jinja2"
BUILD = "import sys; from pathlib import Path; from deck.build import build; build(Path(sys.argv[1]))"
SCALED = """
import sys
from pathlib import Path
from deck import records
records.FOLDER = Path(sys.argv[2])
from deck.build import build
build(Path(sys.argv[1]))
"""


def seconds(program: str, *arguments: str, repeat: int, before: str = "", cache: Path | None = None) -> float:
    """The best time of a fresh process; `before` is a folder that is emptied each time."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "BYHEART_CACHE": str(cache or "off")}
    times = []
    for _ in range(repeat):
        if before:
            shutil.rmtree(before, ignore_errors=True)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program, *arguments], check=True, env=environment, cwd=ROOT)
        times.append(time.perf_counter() - start)
    return min(times)


def many(folder: Path, scale: int) -> Path:
    """Every chapter file, with each card `scale` times under ids of their own."""
    target = folder / f"x{scale}"
    target.mkdir()
    for path in sorted((ROOT / "deck" / "cards").glob("*.toml")):
        head, *cards = path.read_text(encoding="utf-8").split("\n[[card]]\n")
        copies = [card if n == 0 else _renamed(card, n) for n in range(scale) for card in cards]
        (target / path.name).write_text("\n[[card]]\n".join([head, *copies]), encoding="utf-8")
    return target


def _renamed(card: str, n: int) -> str:
    """A copy with an id of its own, and without what ties it to others."""
    lines = [line for line in card.splitlines() if not line.startswith("after = ")]
    return "\n".join(f'{line[:-1]}-{n}"' if line.startswith('id = "') else line for line in lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scales", type=int, nargs="*", default=[1, 10, 100])
    scales = parser.parse_args().scales
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        base = seconds(IMPORTS, repeat=5)
        print(f"{IMPORTS:44} {base:8.2f} s")
        cache, out = folder / "cache", str(folder / "out")
        nothing = seconds(BUILD, out, repeat=3, before=str(cache), cache=cache)
        print(f"{'both decks from nothing':44} {nothing:8.2f} s  {nothing / base:6.1f} x   (at most 20)")
        again = seconds(BUILD, out, repeat=5, cache=cache)
        print(
            f"{'both decks from cold, with a cache':44} {again:8.2f} s  {again / base:6.1f} x   (at most 6)"
        )
        for scale in scales:
            taken = seconds(SCALED, out, str(many(folder, scale)), repeat=1)
            print(
                f"{f'{scale} x the written cards, no cache':44} {taken:8.2f} s  {taken / scale:8.3f} s each"
            )


if __name__ == "__main__":
    main()
