"""The recipes of CONTRIBUTING, followed to the letter in a copy of the project."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
GUIDE = (ROOT / ".github" / "CONTRIBUTING.md").read_text(encoding="utf-8")


def recipe(heading: str) -> str:
    """The text under a heading."""
    return GUIDE.partition(f"## {heading}\n")[2].partition("\n## ")[0]


def record(heading: str) -> str:
    """The TOML block of a recipe, without the indentation of its list."""
    block = re.search(r"```toml\n(.*?)```", recipe(heading), re.DOTALL)
    assert block, heading
    return re.sub(r"(?m)^ {3}", "", block[1])


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project's code."""
    for package in ("reference", "exercises", "deck"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(ROOT / "byheart.py", tmp_path / "byheart.py")
    return tmp_path


def python(project: Path, *arguments: str) -> str:
    """The output of Python in the copy; it must succeed."""
    done = subprocess.run(
        [sys.executable, *arguments], cwd=project, capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + "\n" + text, encoding="utf-8")


def test_every_recipe_takes_at_most_seven_steps_and_the_guide_one_screen() -> None:
    headings = re.findall(r"(?m)^## (I want to .*)$", GUIDE)
    assert len(headings) == 4
    assert all(1 <= len(re.findall(r"(?m)^\d+\. ", recipe(heading))) <= 7 for heading in headings)
    assert len(GUIDE.splitlines()) <= 60


def test_adding_a_card_and_a_mistake(project: Path) -> None:
    append(project / "deck" / "cards" / "3_scaled_dot_product.toml", record("I want to add a card"))
    append(project / "exercises" / "catalog" / "2_attention.toml", record("I want to add a mistake"))
    python(project, "byheart.py", "deck", "--check")
    cards = python(
        project, "-c", "from deck import notes; print(*(card.id for card in notes.all_cards()[1]))"
    ).split()
    assert "rows-of-weights-sum" in cards
    assert "bug-scaled-dot-product-attention-scale-by-cube-root" in cards  # a mistake is a card too


def test_a_mistake_that_was_added_is_named(project: Path, tmp_path: Path) -> None:
    append(project / "exercises" / "catalog" / "2_attention.toml", record("I want to add a mistake"))
    attempt = tmp_path / "scaled_dot_product_attention.py"
    attempt.write_text(
        "import numpy as np\nfrom reference import masked_softmax\n\n\n"
        "def scaled_dot_product_attention(q, k, v, mask=None):\n"
        "    scores = np.einsum('...qd,...kd->...qk', q, k) / np.cbrt(q.shape[-1])\n"
        "    weights = masked_softmax(scores, mask)\n"
        "    return np.einsum('...qk,...kv->...qv', weights, v), weights\n",
        encoding="utf-8",
    )
    said = subprocess.run(
        [sys.executable, "byheart.py", "grade", str(attempt), "--lang", "en"],
        cwd=project,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert said.returncode == 1
    assert "scale-by-cube-root" in said.stdout
    assert "the cube root of d_k" in " ".join(said.stdout.split())


def test_a_third_language_touches_no_python(project: Path) -> None:
    """Russian under another code: every table is copied, no module changes, and its deck builds."""
    languages = project / "exercises" / "languages"
    shutil.copyfile(languages / "ru.toml", languages / "be.toml")
    for path in [*(project / "deck").rglob("*.toml"), *(project / "exercises" / "catalog").glob("*.toml")]:
        path.write_text(with_another(path.read_text(encoding="utf-8"), "ru", "be"), encoding="utf-8")
    said = python(project, "byheart.py", "--lang", "be", "list")
    assert said == python(project, "byheart.py", "--lang", "ru", "list")
    python(project, "byheart.py", "deck", "--lang", "be", "--out", str(project / "out"))
    assert (project / "out" / "attention-be.apkg").is_file()


def with_another(text: str, old: str, new: str) -> str:
    """The text with a copy of every table and every line of language `old` for language `new`."""
    table = re.compile(rf"(?ms)^\[+[\w.-]+\.{old}(?:\.[\w-]+)*\]+\n.*?(?=^\[+[\w.-]+\]+$|\Z)")
    text = table.sub(lambda found: found[0] + renamed(found[0], old, new), text)
    quoted = r"(?:'''.*?'''|\"\"\".*?\"\"\"|\"(?:[^\"\\]|\\.)*\"|'[^'\n]*'|\[[^\]]*\])"
    line = re.compile(rf"(?ms)^{old} = {quoted}\n")
    return line.sub(lambda found: found[0] + f"{new}{found[0][len(old) :]}", text)


def renamed(tables: str, old: str, new: str) -> str:
    return re.sub(rf"(?m)^(\[+[\w.-]+\.){old}((?:\.[\w-]+)*\]+)$", rf"\g<1>{new}\g<2>", tables)
