"""The isolation layer: what an attempt can do, what it cannot, and what is left when it is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exercises import launch, scratch, wire
from exercises.outcome import how, outcome_of, signature_of
from exercises.sandbox import Attempt, Limits, Outcome, Sandbox, encoded

ROOT = Path(__file__).parent.parent
POSIX = os.name == "posix"
LINUX = sys.platform == "linux"
Open = Callable[..., Attempt]


class Weights(NamedTuple):
    w_q: Any
    w_k: Any


@pytest.fixture(scope="module", params=["fork", "pipes"] if POSIX else ["pipes"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    fork = request.param == "fork"
    with Sandbox(Limits(seconds=2.0), strength=None if fork else "portable", fork=fork) as started:
        yield started


@pytest.fixture
def load(sandbox: Sandbox) -> Iterator[Open]:
    def opened(source: str, **more: Any) -> Attempt:
        return sandbox.attempt(source.encode(), "/study/07_masks.py", **more)

    yield opened
    assert sandbox._current is not None
    sandbox._current.close()


# ---------------------------------------------------------------- calling


def test_values_go_in_and_come_out(load: Open) -> None:
    attempt = load("def f(x, y=2, *more, **rest): return x * y, {'n': len(more) + len(rest)}")
    assert attempt.loaded.status == "returned"
    outcome = attempt.call("f", {"x": np.ones((2, 3), np.float32), "y": 3})
    assert outcome.status == "returned"
    assert outcome.value[0].dtype == np.float32
    np.testing.assert_array_equal(outcome.value[0], np.full((2, 3), 3))
    assert outcome.value[1] == {"n": 0}


def test_named_tuples_generators_and_functions(load: Open) -> None:
    weights = "from typing import NamedTuple\nclass Weights(NamedTuple):\n  w_q: object\n  w_k: object"
    attempt = load(
        "from reference import Weights\n"
        "def same(w): return isinstance(w, Weights) and w._replace(w_q=1)\n"
        "def plain(p): return p.x + p.y\n"
        "def draw(rng): return rng.random()\n"
        "def use(step): return step([1, 2])\n",
        modules={"reference": weights},
    )
    assert attempt.call("same", {"w": Weights(0, 2)}).value == wire.Named("Weights", {"w_q": 1, "w_k": 2})
    assert attempt.call("plain", {"p": wire.Named("Point", {"x": 1, "y": 2})}).value == 3
    assert attempt.call("draw", {"rng": wire.Seed(5)}).value == np.random.default_rng(5).random()
    lambda_ = wire.Callable_("lambda prefix: table[len(prefix)]", {"table": [0, 1, 7]})
    assert attempt.call("use", {"step": lambda_}).value == 7
    define = wire.Callable_("def step(prefix):\n    return np.log(scale) * len(prefix)", {"scale": 1.0})
    assert attempt.call("use", {"step": define}).value == 0.0


def test_what_does_not_travel_is_the_graders_mistake(load: Open) -> None:
    with pytest.raises(TypeError, match="does not travel"):
        load("def f(x): return x").call("f", {"x": object()})


def test_changed_arguments_are_named(load: Open) -> None:
    attempt = load("def f(x, y, rng):\n  y[0] = 7\n  rng.random()\n  return x")
    outcome = attempt.call("f", {"x": np.zeros(2), "y": np.zeros(2), "rng": wire.Seed(0)})
    assert outcome.changed == ("y",)
    assert outcome.drawn == ("rng",)
    unmoved = load("import copy\ndef f(x, rng): return x * copy.deepcopy(rng).random()")
    assert unmoved.call("f", {"x": np.zeros(2), "rng": wire.Seed(0)}).drawn == ()
    children = load("def f(rng): return rng.spawn(1)[0].random()")
    assert children.call("f", {"rng": wire.Seed(0)}).drawn == ("rng",)


def test_an_error_tells_the_learners_line_and_shapes(load: Open) -> None:
    attempt = load("import numpy as np\ndef f(q, k):\n    scale = 2\n    return np.linalg.solve(q, k)\n")
    outcome = attempt.call("f", {"q": np.eye(3), "k": np.ones((2, 4))})
    assert outcome.status == "raised"
    assert outcome.error is not None
    assert (outcome.error.type, outcome.error.line) == ("ValueError", 4)
    assert outcome.error.source == "return np.linalg.solve(q, k)"
    assert outcome.error.shapes == {"q": "(3, 3) float64", "k": "(2, 4) float64"}


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        (b"x = 1\ndef f(:\n", "SyntaxError", 2),
        (b"x = 1\n\0", "SyntaxError|ValueError", None),
        (b"\xef\xbb\xbfx = 1\r\ny = 1 / 0\r\n", "ZeroDivisionError", 2),
        (b"x = 'caf\xe9'\n", "SyntaxError", None),
        (b"import nothing_like_it\n", "ModuleNotFoundError", 1),
    ],
)
def test_a_file_that_cannot_be_loaded(sandbox: Sandbox, source: bytes, kind: str, line: int | None) -> None:
    with sandbox.attempt(source, "a.py") as attempt:
        error = attempt.loaded.error
        assert attempt.loaded.status == "raised"
        assert error is not None
        assert error.type in kind.split("|")
        assert line is None or error.line == line


def test_a_file_beyond_all_measure(sandbox: Sandbox) -> None:
    with sandbox.attempt(bytes(33 << 20), "a.py") as attempt:
        assert attempt.loaded.status == "refused"
        assert attempt.call("f", {}).status == "refused"


def test_traces_the_functions_own_frame(load: Open) -> None:
    attempt = load(
        "import functools\n"
        "def wrapped(f):\n  @functools.wraps(f)\n  def g(*a, **k): return f(*a, **k)\n  return g\n"
        "@wrapped\n"
        "def f(x, deep=2):\n  scores = x + deep\n  secret = object()\n"
        "  if deep: f(x, deep - 1)\n  return scores\n"
        "def bad(x):\n  half = x / 2\n  raise ValueError\n"
    )
    traced = next(attempt.answers("f", [encoded({"x": np.ones(2)})], trace=True))
    assert traced.status == "returned"
    assert set(traced.locals) == {"x", "deep", "scores"}
    np.testing.assert_array_equal(traced.locals["scores"], [3, 3])
    failed = next(attempt.answers("bad", [encoded({"x": 1.0})], trace=True))
    assert failed.status == "raised"
    assert failed.locals["half"] == 0.5
    assert attempt.call("f", {"x": np.ones(2)}).locals == {}


def test_signatures(load: Open) -> None:
    attempt = load(
        "from functools import lru_cache, partial\n"
        "@lru_cache\ndef mask(n, m=None): return n\n"
        "relu = lambda x: x\n"
        "def f(a, /, b=1.5, *c, d, **e): pass\n"
        "number = 3\n"
    )
    assert attempt.signature("mask") == (
        ("n", "positional_or_keyword", None),
        ("m", "positional_or_keyword", "None"),
    )
    assert [each.name for each in attempt.signature("relu") or ()] == ["x"]
    kinds = [each.kind for each in attempt.signature("f") or ()]
    assert kinds == [
        "positional_only",
        "positional_or_keyword",
        "var_positional",
        "keyword_only",
        "var_keyword",
    ]
    assert attempt.signature("number") is None
    assert attempt.signature("missing") is None
    missing = attempt.call("missing", {}).error
    assert missing is not None
    assert missing.message == "the file defines no missing"


def test_output_belongs_to_its_call(load: Open) -> None:
    attempt = load("import sys, os\nprint('load')\ndef f(x):\n  print(x)\n  os.write(2, b'\\xff')\n")
    assert attempt.loaded.output == "load\n"
    assert attempt.call("f", {"x": 1}).output == "\ufffd1\n"
    assert attempt.call("f", {"x": "\ud800"}).output == "\ufffd\\ud800\n"


def test_output_beyond_the_limit_is_thrown_away(load: Open) -> None:
    attempt = load("def f():\n  for _ in range(3000): print('x' * 1000)\ndef g(): print('more')")
    assert 0 < len(attempt.call("f", {}).output) <= Limits().output_bytes
    assert attempt.call("g", {}).status == "returned"


# ---------------------------------------------------------------- what may be imported


def test_what_is_offered_and_withheld(load: Open) -> None:
    modules = {"reference": "def softmax(x): return x"}
    assert (
        load("from reference import softmax\nimport reference", modules=modules).loaded.status == "returned"
    )
    assert load("from reference import attend", modules=modules).loaded.status == "forged"
    withheld = {"modules": modules, "withheld": ["attend"]}
    assert load("from reference import attend", **withheld).loaded.status == "forged"
    typo = load("from reference import sofmax", **withheld).loaded
    assert typo.error is not None
    assert typo.error.type == "ImportError"
    assert load("import reference").loaded.status == "forged"
    assert load("try:\n  import exercises\nexcept BaseException: pass").loaded.status == "forged"


def test_an_attempt_sees_nothing_of_ours(load: Open) -> None:
    attempt = load(
        "import os, sys\n"
        "def look():\n"
        "  names = ('exercises', 'deck', 'click', 'pytest', 'reference')\n"
        "  ours = [n for n in sys.modules if n.partition('.')[0] in names]\n"
        "  return ours, dict(os.environ), os.getcwd(), sys.path, sys.argv\n"
        "def descriptors(): return [n for n in range(256) if is_open(n)]\n"
        "def is_open(n):\n  try: os.fstat(n)\n  except OSError: return False\n  return True\n"
    )
    modules, environment, home, path, _ = attempt.call("look", {}).value
    assert modules == []
    assert not set(environment) - set(attempt_environment())
    assert str(ROOT) not in path
    assert Path(home) != Path.cwd()
    assert len(attempt.call("descriptors", {}).value) <= 5


def attempt_environment() -> list[str]:
    threads = [f"{name}_NUM_THREADS" for name in launch.THREADS]
    return ["PATH", "HOME", "TMPDIR", "LANG", "LC_CTYPE", "LD_LIBRARY_PATH", "SYSTEMROOT", "PWD", *threads]


def test_attempts_share_nothing(sandbox: Sandbox) -> None:
    with sandbox.attempt(b"import numpy\nnumpy.pi = 3\nopen('note', 'w').write('x')\n", "a.py") as first:
        assert first.loaded.status == "returned"
    with sandbox.attempt(b"import numpy, os\ndef f(): return numpy.pi, os.listdir()\n", "a.py") as second:
        assert second.call("f", {}).value == (np.pi, [])


# ---------------------------------------------------------------- ends


def test_results_before_a_hang_stay(load: Open) -> None:
    attempt = load("def f(x):\n  while x == 2: pass\n  return x")
    outcomes = attempt.calls("f", [{"x": 1}, {"x": 2}, {"x": 3}])
    assert [each.status for each in outcomes] == ["returned", "timeout", "timeout"]
    assert attempt.call("f", {"x": 1}).status == "timeout"
    assert attempt.signature("f") is None


def test_results_before_a_crash_stay(load: Open) -> None:
    attempt = load("import os\ndef f(x):\n  x == 2 and os._exit(5)\n  return x")
    outcomes = attempt.calls("f", [{"x": 1}, {"x": 2}, {"x": 3}])
    assert [each.status for each in outcomes] == ["returned", "crashed", "crashed"]
    assert outcomes[1].detail == "exited 5"


def test_to_leave_by_an_exception_is_a_crash_of_that_call_only(load: Open) -> None:
    attempt = load("import sys\ndef f(x):\n  x == 2 and sys.exit(x)\n  return x")
    outcomes = attempt.calls("f", [{"x": 2}, {"x": 3}])
    assert [(each.status, each.detail) for each in outcomes] == [("crashed", "exited 2"), ("returned", "")]


@pytest.mark.skipif(not POSIX, reason="signals")
def test_the_signal_is_named(load: Open) -> None:
    attempt = load("import os, signal\ndef f(): os.kill(os.getpid(), signal.SIGSEGV)")
    assert attempt.call("f", {}).detail == "SIGSEGV"


@pytest.mark.skipif(not LINUX, reason="RLIMIT_AS")
def test_memory_has_a_ceiling(load: Open) -> None:
    outcome = load("import numpy as np\ndef f(): return np.ones(1 << 28)").call("f", {})
    assert outcome.error is not None
    assert outcome.error.type.endswith("MemoryError")


@pytest.mark.skipif(not POSIX, reason="signals")
def test_killed_for_its_memory(tmp_path: Path) -> None:
    code = (
        "import numpy as np, time; from exercises import confine; confine.guard_memory(200);"
        "x = [np.ones(1 << 20) for _ in range(64)]; time.sleep(9)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, timeout=8)
    assert found.returncode == -signal.SIGKILL


def test_how_it_ended() -> None:
    ended = launch_line().ended_with
    assert how(ended(-9, 900 << 10), 1024) == "memory"
    assert how(ended(-9, 100 << 10), 1024) == "SIGKILL"
    assert how(ended(0), 1024) == "exited 0"
    assert how(None, 1024) == "lost"


def launch_line() -> Any:
    from exercises import line

    return line


def test_a_closed_attempt_says_so(sandbox: Sandbox) -> None:
    with sandbox.attempt(b"def f(): return 1", "a.py") as attempt:
        assert attempt.call("f", {}).value == 1
    assert attempt.call("f", {}).detail == "closed"
    first = sandbox.attempt(b"def f(): return 1", "a.py")
    second = sandbox.attempt(b"def f(): return 2", "a.py")
    assert second.call("f", {}).value == 2
    assert first.call("f", {}).status == "crashed"


# ---------------------------------------------------------------- the worker


@pytest.mark.skipif(not LINUX, reason="/proc")
@pytest.mark.parametrize("strength", launch.STRENGTHS)
def test_each_protection(strength: str) -> None:
    look = (
        b"import os, subprocess\n"
        b"def sees(path): return os.path.exists(path)\n"
        b"def cat(path): return subprocess.run(['cat', path], capture_output=True).returncode == 0\n"
        b"def who(): return os.getppid(), os.getuid()\n"
    )
    with Sandbox(strength=strength) as sandbox:
        try:
            assert sandbox.strength == strength
        except RuntimeError:
            pytest.skip(f"no {strength} on this system")
        with sandbox.attempt(look, "a.py") as attempt:
            assert attempt.loaded.status == "returned"
            secret = str(Path.home() / "notes")
            namespaced = strength in ("bubblewrap", "namespaces")
            assert attempt.call("sees", {"path": os.fspath(ROOT / "reference")}).value is not namespaced
            assert attempt.call("cat", {"path": "/etc/hostname"}).value is (strength == "portable")
            assert attempt.call("sees", {"path": secret}).status == "returned"
            parent, user = attempt.call("who", {}).value
            assert (parent == 1) is namespaced
            if os.getuid() == 0 and namespaced:
                assert user != 0


@pytest.mark.skipif(not LINUX, reason="bubblewrap")
def test_falls_back_when_bubblewrap_does_not_work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bwrap"
    broken.write_text("#!/bin/sh\necho No permissions to create new namespace >&2\nexit 1\n")
    broken.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.delenv("BYHEART_SANDBOX", raising=False)
    with Sandbox() as sandbox, sandbox.attempt(b"def f(x): return x + 1", "a.py") as attempt:
        assert attempt.call("f", {"x": 1}).value == 2
        assert sandbox.strength in ("namespaces", "landlock", "portable")


@pytest.mark.skipif(not POSIX, reason="signals")
@pytest.mark.parametrize("moment", ["before", "during", "between"])
def test_a_worker_that_is_killed_is_replaced(moment: str) -> None:
    with Sandbox(Limits(seconds=1)) as sandbox:
        with sandbox.attempt(b"import time\ndef f(): time.sleep(9)", "a.py") as attempt:
            if moment != "before":
                assert attempt.loaded.status == "returned"
            if moment == "during":
                kill_worker(sandbox)
                assert attempt.call("f", {}).status in ("crashed", "timeout")
        if moment != "during":
            kill_worker(sandbox)
        with sandbox.attempt(b"def f(): return 1", "a.py") as attempt:
            assert attempt.call("f", {}).value == 1


def kill_worker(sandbox: Sandbox) -> None:
    worker: Any = sandbox._ready_worker()
    worker.process.kill()
    worker.process.wait()


def test_nothing_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with Sandbox(strength="portable") as sandbox, sandbox.attempt(b"open('note', 'w')", "a.py") as attempt:
        assert attempt.loaded.status == "returned"
        assert list(tmp_path.rglob("note")) != []
        process = sandbox._worker.process if POSIX else None  # type: ignore[union-attr]
    assert list(tmp_path.iterdir()) == []
    assert process is None or process.returncode is not None


@pytest.mark.skipif(not LINUX, reason="/proc")
def test_the_worker_does_not_outlive_the_grader() -> None:
    code = (
        "import os, signal, time; from exercises.sandbox import Sandbox; s = Sandbox();"
        "a = s.attempt(b'import os, time\\ndef f(): time.sleep(60)', 'a.py'); a.loaded;"
        "print(s._worker.process.pid, flush=True); os.kill(os.getpid(), signal.SIGKILL)"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    worker = Path("/proc") / found.stdout.strip()
    deadline = time.monotonic() + 5
    while is_alive(worker) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive(worker)


def is_alive(process: Path) -> bool:
    try:
        return (process / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_starting_is_light() -> None:
    code = (
        "import sys; from exercises.sandbox import Sandbox; s = Sandbox(); a = s.attempt(b'x = 1', 'a.py');"
        "heavy = ('numpy', 'click', 'rich', 'tomllib', 'reference', 'tempfile', 'ctypes');"
        "heavy = [n for n in heavy if n in sys.modules];"
        "print(heavy); s.close()"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert found.stdout.strip() in ("[]", "['tempfile']")


# ---------------------------------------------------------------- hostile answers

ANSWERS = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=3)
    | st.binary(max_size=9)
    | st.just(np.zeros(2)),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "status",
                    "value",
                    "error",
                    "changed",
                    "drawn",
                    "locals",
                    "detail",
                    "type",
                    "message",
                    "line",
                    "source",
                    "shapes",
                ]
            ),
            inner,
        )
    ),
)


@given(ANSWERS)
def test_any_answer_is_an_outcome_or_an_error(answer: Any) -> None:
    received = wire.decode(wire.encode(answer))
    signature_of(received)
    try:
        outcome = outcome_of(received, 1)
    except wire.WireError:
        return
    assert type(outcome) is Outcome


HONEST = {"id": 1, "status": "returned", "value": wire.encode(1), "detail": ""}
HONEST |= {"changed": [], "drawn": [], "locals": {}}


@given(st.sampled_from(sorted(HONEST)), ANSWERS)
def test_any_field_of_an_answer_may_be_forged(field: str, value: Any) -> None:
    try:
        outcome_of(HONEST | {field: value}, 1)
    except wire.WireError:
        return


def test_only_the_grader_sends_functions() -> None:
    for thing in (wire.Seed(1), wire.Callable_("1", {})):
        with pytest.raises(wire.WireError):
            outcome_of(HONEST | {"value": wire.encode(thing)}, 1)
    assert outcome_of(HONEST, 1).value == 1


# ---------------------------------------------------------------- what is left on the disk


@pytest.mark.skipif(not POSIX, reason="permissions")
def test_removes_whatever_was_made(tmp_path: Path) -> None:
    top = tmp_path / "top"
    top.mkdir()
    outside = tmp_path / "outside"
    outside.write_text("stays")
    subprocess.run(
        ["sh", "-c", "for i in $(seq 1200); do mkdir d && cd d; done; touch file; chmod 0 ."],
        cwd=top,
        check=True,
    )
    (top / "link").symlink_to(outside)
    (top / "folder").symlink_to(tmp_path)
    (top / "locked").mkdir(mode=0)
    scratch.remove(str(top))
    assert not top.exists()
    assert outside.read_text(encoding="utf-8") == "stays"
    scratch.remove(str(top))
