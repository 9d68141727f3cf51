"""Notebooks: what of them is graded, where errors are said to be, and what is laid out."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.catalog import Exercise, exercises, find
from exercises.classroom.cells import extract
from exercises.classroom.notebooks import grade_notebook, lay_out, notebook_text
from exercises.handed_in import gather, grade_all
from exercises.language import speak
from exercises.paper import plain
from exercises.reports.text import report
from exercises.reports.wording import reason
from exercises.sandbox import Sandbox
from exercises.starters import solution_text
from exercises.verdict import Verdict

EN = speak("en")
SOFTMAX = find("softmax")
DEFINITION = """\
def softmax(x, axis=-1):
    e = np.exp(x - np.max(x, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""
WRONG = DEFINITION.replace("e.sum(axis=axis, keepdims=True)", "e.sum()")


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    with Sandbox() as found:
        yield found


def notebook(*cells: str, lines: bool = True) -> bytes:
    """A notebook of these code cells, with a bit of prose in front."""
    prose = {"cell_type": "markdown", "metadata": {}, "source": ["# def softmax is here\n"]}
    code = [
        {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None, "source": source}
        for source in (cell.splitlines(keepends=True) if lines else cell for cell in cells)
    ]
    return json.dumps({"cells": [prose, *code], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def graded(sandbox: Sandbox, *cells: str, exercise: Exercise = SOFTMAX) -> Verdict:
    return grade_notebook("a.ipynb", notebook(*cells), exercise, sandbox, 1)


def kept(*cells: str) -> str:
    """What of the cells is graded, without the empty lines."""
    source, places = extract(notebook(*cells).decode(), ["softmax"])
    assert len(places) == source.count("\n")
    return "\n".join(line for line in source.splitlines() if line.strip())


# ---------------------------------------------------------------- what is graded


def test_the_cells_that_define_what_is_asked_with_what_they_need(sandbox: Sandbox) -> None:
    verdict = graded(
        sandbox,
        "%matplotlib inline\n!pip install nothing\nimport numpy as np\nimport matplotlib_is_not_here as plt",
        "SHIFT = 0.0\n\ndef largest(x, axis):\n    return np.max(x, axis=axis, keepdims=True) + SHIFT",
        DEFINITION.replace("np.max(x, axis=axis, keepdims=True)", "largest(x, axis)"),
        "x = np.random.randn(3)\nprint(softmax(x))\nplt.plot(softmax(x))\nraise RuntimeError('a demo')",
        "softmax?",
        "%%bash\nrm -rf everything",
        "this is not Python at all",
    )
    assert verdict.status == "passed", reason(verdict, EN)


def test_demos_that_use_the_names_of_local_variables_are_left_out() -> None:
    demo = "x = load_a_gigabyte()\naxis = 3\ne = 2"
    assert kept("import numpy as np", demo, DEFINITION) == f"import numpy as np\n{DEFINITION}".strip()


def test_what_is_needed_is_kept_wherever_it_stands() -> None:
    cells = [
        "import numpy as np\nimport os",
        "from math import *",
        "TABLE = {}\nTABLE['eps'] = 1e-9\nOTHER = {}\nOTHER['x'] = 1",
        "def helper(x):\n    return TABLE['eps'] * x",
        "@wraps\ndef softmax(x, axis=-1):\n    return helper(np.exp(x))",
        "def wraps(f):\n    return f",
        "def demo():\n    return softmax(1)",
    ]
    text = kept(*cells)
    for wanted in (
        "import numpy",
        "from math",
        "TABLE = {}",
        "TABLE['eps'] = 1e-9",
        "def helper",
        "@wraps",
        "def wraps",
    ):
        assert wanted in text
    for unwanted in ("import os", "OTHER", "demo"):
        assert unwanted not in text


def test_the_last_definition_counts_as_it_does_when_the_cells_are_run(sandbox: Sandbox) -> None:
    starter = "def softmax(x, axis=-1):\n    ..."
    assert graded(sandbox, "import numpy as np", starter, WRONG, DEFINITION).status == "passed"
    assert graded(sandbox, "import numpy as np", DEFINITION, WRONG).status == "failed"
    assert graded(sandbox, "import numpy as np", DEFINITION, starter).status == "unsolved"


def test_what_stands_on_the_same_line_is_taken_apart(sandbox: Sandbox) -> None:
    """Plots are not graded, so a library for plots need not be here; nor need what a demo shows."""
    for imports in (
        "import no_such_library.pyplot as plt; import numpy as np",
        "import numpy as np, no_such_library.pyplot as plt",
        "from numpy import exp as exponential; import numpy as np; plt.style()  # demo",
    ):
        assert graded(sandbox, imports, DEFINITION, "x = [1,\n2]; plt.plot(softmax(x))").status == "passed"
    function = "def softmax(x):\n    return A, C"
    assert kept("A = '''\n;'''; B = 2; C = \\\n 3", function) == f"A = '''\n;'''; C = \\\n 3\n{function}"
    assert kept("from m import (A,\n  B, C)", function) == f"from m import A; from m import C\n{function}"


def test_a_notebook_that_defines_something_else_is_told_so(sandbox: Sandbox) -> None:
    for cells in (
        (),
        ("x = 1",),
        ("def my_softmax(x):\n    return x",),
        (f"%%writefile a.py\n{DEFINITION}",),
    ):
        verdict = graded(sandbox, *cells)
        assert verdict.status == "error"
        assert reason(verdict, EN) == (
            "No cell of this notebook defines softmax: keep the function's name as asked."
        )
    verdict = graded(sandbox, "x = 1", exercise=find("heads"))
    assert "split_heads, merge_heads" in reason(verdict, speak("ru"))


def test_magics_in_a_cell_that_counts_and_magics_that_are_python() -> None:
    cell = f"%time\nimport numpy as np\n{DEFINITION}if True:\n    !ls\n"
    assert DEFINITION.strip() in kept(cell)
    assert "def softmax" in kept(f"%%time\n{DEFINITION}")
    assert kept(f"%%writefile softmax.py\n{DEFINITION}") == ""
    remainder = "X = (7\n% 4)\ndef softmax(x):\n    return X"  # is no magic
    assert kept(remainder) == remainder


@pytest.mark.parametrize("as_lines", [True, False])
def test_sources_may_be_a_string_or_lines(sandbox: Sandbox, as_lines: bool) -> None:
    data = notebook("import numpy as np", DEFINITION, lines=as_lines)
    assert grade_notebook("a.ipynb", data, SOFTMAX, sandbox, 1).status == "passed"


def test_notebooks_of_the_format_before(sandbox: Sandbox) -> None:
    cells = [{"cell_type": "code", "input": [f"import numpy as np\n{DEFINITION}"]}]
    data = json.dumps({"worksheets": [{"cells": cells}], "nbformat": 3}).encode()
    assert grade_notebook("a.ipynb", data, SOFTMAX, sandbox, 1).status == "passed"


@pytest.mark.parametrize("exercise", exercises(), ids=lambda each: each.id)
def test_a_solution_spread_over_cells_is_still_the_solution(exercise: Exercise) -> None:
    """Independent of the grader: the functions come out of the notebook as they went in."""
    text = solution_text(exercise, EN)
    namespace: dict[str, object] = {}
    source, _ = extract(notebook(*text.split("\n\n\n")).decode(), list(exercise.functions))
    exec(compile(source, "notebook", "exec"), namespace)
    assert set(exercise.functions) <= namespace.keys()


# ---------------------------------------------------------------- what is said


def test_errors_are_counted_in_the_notebooks_cells(sandbox: Sandbox) -> None:
    raising = "import numpy as np\n\ndef softmax(x, axis=-1):\n    x = x + 0\n    return np.nothing(x)\n"
    verdict = graded(sandbox, "# first\n", "print('demo')\n", raising)
    error = verdict.functions[0].error
    assert error is not None
    assert (error.cell, error.line, error.source.strip()) == (3, 5, "return np.nothing(x)")
    assert "line 5 of cell 3" in plain(report(verdict, EN))
    assert "строке 5 ячейки 3" in plain(report(verdict, speak("ru")))


def test_syntax_errors_and_holes_too(sandbox: Sandbox) -> None:
    broken = graded(sandbox, "import numpy as np", "def softmax(x, axis=-1):\n    return (\n")
    assert "of cell 2" in reason(broken, EN)
    hole = graded(
        sandbox, "import numpy as np", "def softmax(x, axis=-1):\n    y = 1\n    z = ...\n    return z"
    )
    assert (hole.status, "line 3 of cell 2" in reason(hole, EN)) == ("unsolved", True)


def test_known_mistakes_are_named(sandbox: Sandbox) -> None:
    exercise = find("scaled_dot_product_attention")
    text = solution_text(exercise, EN).replace("math.sqrt(q.shape[-1])", "1.0")
    assert graded(sandbox, text, exercise=exercise).mistakes == ("no-scaling",)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1, 2]",
        b"\xff\xfe",
        b'{"cells": 5}',
        b'{"cells": [{"cell_type": "code"}]}',
        b"[" * 100_000,
    ],
    ids=["empty", "object", "list", "binary", "number", "no-source", "deep"],
)
def test_what_is_no_notebook_is_a_sentence(sandbox: Sandbox, data: bytes) -> None:
    verdict = grade_notebook("a.ipynb", data, SOFTMAX, sandbox, 1)
    assert verdict.status == "error"
    assert "not a notebook" in reason(verdict, EN)


def test_a_cell_that_python_cannot_parse_for_its_depth_ends_nobody(sandbox: Sandbox) -> None:
    verdict = graded(sandbox, "x = " + "(" * 50_000 + ")" * 50_000, f"import numpy as np\n{DEFINITION}")
    assert verdict.status == "passed"


@settings(deadline=None)
@given(st.lists(st.text(max_size=200), max_size=4))
def test_any_text_in_cells_gives_lines_and_places(cells: list[str]) -> None:
    source, places = extract(notebook(*cells).decode(), ["softmax"])
    assert source.count("\n") == len(places)


# ---------------------------------------------------------------- laid out


@pytest.mark.parametrize("code", ["en", "ru"])
def test_what_is_laid_out_is_a_valid_notebook_that_is_unsolved(
    code: str, tmp_path: Path, sandbox: Sandbox
) -> None:
    nbformat = pytest.importorskip("nbformat")
    written = lay_out(tmp_path, "guided", speak(code))
    assert len(written) == len(exercises())
    for path in written:
        read = nbformat.read(path, as_version=4)
        nbformat.validate(read)
        defined = sum(cell.source.startswith("def ") for cell in read.cells)
        number = int(path.name[:2])
        assert defined == len(exercises()[number - 1].functions)
    verdict = grade_notebook("a.ipynb", written[7].read_bytes(), exercises()[7], sandbox, 1)
    assert verdict.status == "unsolved"


def test_laying_out_again_touches_nothing(tmp_path: Path) -> None:
    lay_out(tmp_path, "guided", EN)
    mine = tmp_path / "01_softmax.ipynb"
    mine.write_text("mine", encoding="utf-8")
    assert lay_out(tmp_path, "guided", EN) == []
    assert mine.read_text(encoding="utf-8") == "mine"


def test_a_notebook_filled_in_passes_by_way_of_byheart_grade(tmp_path: Path, sandbox: Sandbox) -> None:
    data = json.loads(notebook_text(SOFTMAX, "blank", EN))
    data["cells"][-1]["source"] = f"import numpy as np\n{DEFINITION}"
    (tmp_path / "01_softmax.ipynb").write_text(json.dumps(data), encoding="utf-8")
    found = gather([tmp_path])
    assert not found.problems
    (verdict,) = grade_all(found.files, sandbox, 1)
    assert (verdict.status, verdict.file) == ("passed", str(tmp_path / "01_softmax.ipynb"))


def test_start_lays_them_out_beside_the_exercises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    import byheart

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("deck.build.build", lambda *arguments: [])
    monkeypatch.setattr(sys, "argv", ["byheart", "start", "--notebooks"])
    with pytest.raises(SystemExit) as ended:
        byheart.main()
    assert not ended.value.code
    assert len(list((tmp_path / "study" / "notebooks").glob("*.ipynb"))) == len(exercises())
    assert len(list((tmp_path / "study" / "exercises").glob("*.py"))) == len(exercises())
