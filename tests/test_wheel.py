"""What is installed is what is here: a wheel, built from the files that git knows, in a clean environment.

The environment is clean of this clone; the libraries are those of the Python that runs the tests.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import venv
import zipfile
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = {"reference", "exercises", "deck"}
DATA = (".toml", ".css", ".html", ".js", ".json", ".txt", ".sh", ".svg")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (importlib.util.find_spec("build") and importlib.util.find_spec("hatchling")),
        reason="build and hatchling make the wheel: pip install -e '.[check]'",
    ),
    pytest.mark.skipif(
        shutil.which("git") is None or not (ROOT / ".git").exists(),
        reason="git says which files are the project's",
    ),
]


def run(*command: str | Path, cwd: Path, status: int = 0) -> str:
    """What a command prints, without anything of this clone in its environment."""
    env = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "PYTEST", "BYHEART"))
    }
    env |= {
        "PYTHONUTF8": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "HOME": str(cwd),
        "PIP_NO_INDEX": "1",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd, env=env, capture_output=True, encoding="utf-8", errors="replace", timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout


def tracked() -> set[str]:
    """The files that git knows, as they are in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    source = folder / "source"
    for name in tracked():
        target = source / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, source, cwd=folder)
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path) -> Path:
    """The folder of programs of a new environment that has the wheel; the libraries come by a path file."""
    home = wheel.parent / "environment"
    venv.create(home, with_pip=False, symlinks=os.name != "nt")
    paths = sysconfig.get_paths("venv", vars={"base": str(home), "platbase": str(home)})
    site, programs = Path(paths["purelib"]), Path(paths["scripts"])
    libraries = [Path(path) for path in sysconfig.get_paths().values() if Path(path).name == "site-packages"]
    # path files there, such as that of an editable install of this clone, are not read from here
    (site / "libraries.pth").write_text(
        "\n".join(sorted({str(path) for path in libraries})), encoding="utf-8"
    )
    pip = [sys.executable, "-m", "pip", "--python", programs / "python", "install", "--quiet"]
    run(
        *pip,
        "--no-deps",
        "--no-index",
        "--force-reinstall",
        "--disable-pip-version-check",
        wheel,
        cwd=wheel.parent,
    )
    return programs


def _tops(names: Iterable[str]) -> set[str]:
    return {name.partition("/")[0] for name in names}


# ---------------------------------------------------------------- what is in it


def test_the_wheel_holds_the_project_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    own = {name for name in names if ".dist-info/" not in name}
    assert _tops(own) == PACKAGES | {"byheart.py"}
    expected = {name for name in tracked() if name.partition("/")[0] in PACKAGES | {"byheart.py"}}
    assert own == expected
    assert {f"exercises/languages/{code}.toml" for code in ("en", "ru")} <= own
    assert {"deck/style.css", "deck/record.json", "deck/book.toml", "deck/templates/book.html"} <= own
    assert any(name.startswith("deck/cards/") for name in own)
    assert any(name.startswith("exercises/catalog/") for name in own)


def test_its_metadata(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    info = next(name for name in archive.namelist() if name.endswith("/METADATA"))
    metadata = archive.read(info).decode()
    entry_points = archive.read(info.replace("METADATA", "entry_points.txt")).decode()
    assert "Requires-Python: >=3.11" in metadata
    assert "Name: byheart" in metadata
    assert "byheart = byheart:main" in entry_points
    assert "byheart = exercises.pytest_plugin" in entry_points
    assert wheel.name.endswith("-py3-none-any.whl")
    assert wheel.stat().st_size < 3e6
    licences = {Path(name).name for name in archive.namelist() if "/licenses/" in name}
    assert licences >= {path.name for path in ROOT.glob("LICENSE*")}


def test_git_archive_is_a_source_distribution() -> None:
    """What `git archive` gives builds and can be tested: all of it is under version control."""
    data = subprocess.run(["git", "archive", "HEAD"], cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=BytesIO(data)) as archive:
        names = set(archive.getnames())
    assert PACKAGES | {"byheart.py", "pyproject.toml", "README.md", "tests"} <= _tops(names)
    assert not any(name.endswith((".pyc", ".apkg", ".orig")) for name in names)
    data_files = {
        path.relative_to(ROOT).as_posix()
        for package in PACKAGES
        for path in (ROOT / package).rglob("*")
        if path.suffix in DATA and path.is_file()
    }
    ignored = subprocess.run(
        ["git", "check-ignore", *sorted(data_files)],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    ).stdout.split()
    assert not ignored, "a file that the program reads is ignored by git"


# ---------------------------------------------------------------- what it does


def test_what_is_installed_works_outside_the_clone(installed: Path, tmp_path: Path) -> None:
    python, byheart = installed / "python", installed / "byheart"
    home = run(
        python,
        "-c",
        "import byheart, deck, reference; print(byheart.__file__, deck.__path__[0])",
        cwd=tmp_path,
    )
    assert str(ROOT) not in home
    assert run(byheart, "--version", cwd=tmp_path).startswith("byheart ")

    said = run(byheart, "start", "study", cwd=tmp_path)
    study = tmp_path / "study"
    assert {path.name for path in study.glob("*.apkg")} == {"attention-en.apkg", "attention-ru.apkg"}
    laid_out = sorted((study / "exercises").glob("*.py"))
    assert len(laid_out) == 35
    assert "study" in said

    run(byheart, "solution", "masks", "--out", study / "exercises" / "05_masks.py", cwd=tmp_path)
    verdict = json.loads(run(byheart, "grade", "study", "--only", "masks", "--format", "json", cwd=tmp_path))
    assert [each["status"] for each in verdict["exercises"]] == ["passed"]
    run(byheart, "grade", "study", "--only", "softmax", cwd=tmp_path, status=1)
    said = run(python, "-m", "pytest", "-q", study / "exercises" / "05_masks.py", cwd=tmp_path)
    assert "passed" in said, "the pytest plugin is found"


def test_pages_and_cards_outside_the_clone(installed: Path, tmp_path: Path) -> None:
    byheart = installed / "byheart"
    run(byheart, "preview", "--out", "cards.html", cwd=tmp_path)
    run(byheart, "book", "--out", "book.html", cwd=tmp_path)
    for name in ("cards.html", "book.html"):
        page = (tmp_path / name).read_text(encoding="utf-8")
        assert "softmax" in page
        assert str(ROOT) not in page
    run(byheart, "deck", "--check", cwd=tmp_path)
    assert json.loads(run(byheart, "list", "--format", "json", "--lang", "ru", cwd=tmp_path))["exercises"]


def test_an_editable_install_reads_the_clone(wheel: Path, tmp_path: Path) -> None:
    """Nothing is copied: who edits the clone sees what they edited, the front door too."""
    pytest.importorskip("editables", reason="hatchling needs it for an editable install")
    source, home = wheel.parent / "source", tmp_path / "environment"
    run(
        sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--no-build-isolation",
        "--disable-pip-version-check", "--target", home, "-e", source, cwd=tmp_path,
    )  # fmt: skip
    assert {path.name for path in home.glob("*.py")} == set()
    paths = "".join(path.read_text(encoding="utf-8") for path in home.glob("*.pth"))
    assert paths.strip() == str(source)
