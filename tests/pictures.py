"""The README's pictures, from real output: `python tests/pictures.py [DIR]` (.github/pictures by default).

A verdict on an attempt with two mistakes, a card, the page of a class, and what a trained head looks at.
Needs Chromium for what is drawn by a browser.
"""

from __future__ import annotations

import html
import io
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

FOLDER = ROOT / ".github" / "pictures"
LARGEST = 150_000  # bytes of a picture
SEED = 4117

ATTEMPT = """
import math
import numpy as np
from reference import softmax


def scaled_dot_product_attention(q, k, v, mask=None):
    scores = q @ np.swapaxes(k, -1, -2)
    if mask is not None:
        scores = np.where(mask, scores, -np.inf)
    weights = softmax(scores, axis=-2)
    return weights @ v, weights
"""
HEAD = """from __future__ import annotations
import functools
import math
import numpy as np
from reference import *

"""
EXERCISE = "scaled_dot_product_attention"
CARD = "bug-scaled-dot-product-attention-softmax-over-queries"
LESSONS = ("softmax", "masks", "masked_softmax", EXERCISE, "heads", "layer_norm")
STUDENTS = 24


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        workplace = Path(name)
        made = [verdict(folder), *cards(folder, workplace), *attention(folder), *classroom(folder, workplace)]
        for picture in made:
            size = picture.stat().st_size
            assert size < LARGEST, f"{picture.name} has {size} bytes"
            print(f"{picture}  {size / 1000:.0f} kB")


# ---------------------------------------------------------------- a verdict


def verdict(folder: Path) -> Path:
    """The report of `byheart grade` as the terminal shows it, as an SVG without fonts from elsewhere."""
    from rich.console import Console
    from rich.text import Text

    from exercises.grader import grade_file
    from exercises.language import speak
    from exercises.paper import coloured
    from exercises.reports.text import report
    from exercises.sandbox import Sandbox

    with Sandbox() as sandbox:
        graded = grade_file(ATTEMPT.encode(), EXERCISE, sandbox, SEED)
    lines = coloured(report(graded, speak("en"), 100))
    console = Console(
        record=True, width=104, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    console.print(Text.from_ansi(f"$ byheart grade study --only {EXERCISE}\n\n{lines}"))
    drawn = console.export_svg(title="byheart", unique_id="byheart")
    drawn = re.sub(r"@font-face \{.*?\}\s*", "", drawn, flags=re.DOTALL)
    drawn = drawn.replace("Fira Code", "ui-monospace, Menlo, Consolas, DejaVu Sans Mono")
    path = folder / "verdict.svg"
    path.write_text(drawn, encoding="utf-8", newline="\n")
    return path


# ---------------------------------------------------------------- a card


def cards(folder: Path, workplace: Path) -> Iterator[Path]:
    """Front and back of a card of the preview page, in light and at night."""
    from deck import package, preview

    page = preview.write(workplace / "preview.html", ["en"]).read_text(encoding="utf-8")
    found = re.search(rf'<article[^>]*data-id="{CARD}"[^>]*>(.*?)</article>', page, re.DOTALL)
    assert found, f"there is no card {CARD}"
    for name, classes in (("card-light", "card"), ("card-night", "card nightMode")):
        drawn = workplace / f"{name}.html"
        drawn.write_text(
            f'<!doctype html><meta charset="utf-8"><style>{package.style()}'
            "article { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); }"
            ".front { border-right: 1px solid var(--line); }"
            ".byheart { max-width: none; padding: 26px 30px; }"
            f'</style><body class="{classes}"><article>{found[1]}</article>',
            encoding="utf-8",
        )
        yield photographed(drawn, folder / f"{name}.png", width=1260, scale=1.1)


# ---------------------------------------------------------------- a trained head


def attention(folder: Path) -> Iterator[Path]:
    """What a head of the decoder looks at while it reverses a row that it has never seen."""
    import contextlib

    from exercises.train_command import run_training

    with tempfile.TemporaryDirectory() as name:
        with contextlib.redirect_stdout(io.StringIO()):
            run_training("reverse", Path(name), "en")
        yield Path(shutil.copyfile(Path(name) / "attention.svg", folder / "attention.svg"))


# ---------------------------------------------------------------- a class


def classroom(folder: Path, workplace: Path) -> Iterator[Path]:
    """The page of an invented class, whose files are really graded."""
    handed_in = workplace / "handed in"
    _hand_in(handed_in)
    command = [sys.executable, str(ROOT / "byheart.py"), "class", str(handed_in), "--lang", "en"]
    command += ["--out", str(workplace / "graded"), "--seed", str(SEED)]
    command += [word for lesson in LESSONS for word in ("--only", lesson)]
    subprocess.run(command, check=False, capture_output=True)  # not everybody passes: the status says so
    yield photographed(
        workplace / "graded" / "class.html", folder / "class.png", width=800, scale=1, most=938
    )


def _hand_in(folder: Path) -> None:
    """Each student solves some exercises, and makes a known mistake in others."""
    from exercises import catalog
    from exercises.catalog import reference_functions
    from exercises.language import speak
    from exercises.starters import solution_text, starter_text
    from reference.anatomy import edited_source

    rng = np.random.default_rng(SEED)
    for n in range(1, STUDENTS + 1):
        diligence = rng.uniform(0.35, 0.95)
        for exercise in map(catalog.find, LESSONS):
            solved = solution_text(exercise, speak("en"))
            luck = rng.random()
            if luck > diligence + 0.35:
                text = starter_text(exercise, "guided", speak("en"))
            elif luck > diligence:
                mistake = exercise.mistakes[min(int(rng.exponential(1.3)), len(exercise.mistakes) - 1)]
                functions = reference_functions(exercise)
                sources = edited_source(functions.values(), mistake.edits[0])
                text = HEAD + "\n\n".join(sources.values())
            else:
                text = solved
            path = folder / f"student{n:02d}" / exercise.file_name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")


# ---------------------------------------------------------------- the camera


def _browser(*arguments: str, profile: Path) -> str:
    names = ("chromium", "chromium-browser", "google-chrome")
    program = next((found for name in names if (found := shutil.which(name))), None)
    if program is None:
        raise SystemExit("Chromium draws the pictures; install it")
    command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += ["--hide-scrollbars", "--virtual-time-budget=3000", f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8", timeout=120).stdout


def photographed(page: Path, out: Path, width: int, scale: float, most: int = 4000) -> Path:
    """A picture of the page, as high as it is, or `most` pixels."""
    measured = page.with_name(f"measured-{page.name}")
    script = "Math.max(...Array.from(document.body.children, (each) => each.getBoundingClientRect().bottom))"
    asking = f"<script>document.title = 'high ' + Math.ceil({script})</script>"
    measured.write_text(page.read_text(encoding="utf-8").replace("</body>", "") + asking, encoding="utf-8")
    profile = page.parent / "profile"
    dumped = _browser("--dump-dom", f"--window-size={width},600", measured.as_uri(), profile=profile)
    found = re.search(r"<title>high (\d+)</title>", html.unescape(dumped))
    height = min(int(found[1]) if found else most, most)
    size = [f"--window-size={width},{height}", f"--force-device-scale-factor={scale}"]
    _browser(f"--screenshot={out}", *size, page.as_uri(), profile=profile)
    return out


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
