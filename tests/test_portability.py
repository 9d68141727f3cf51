"""Works elsewhere: what would break on Windows, on macOS, or in another folder, is found here.

Source is looked at as a tree, not as text; and what must be importable without POSIX is imported without it.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGES = ("reference", "exercises", "deck")
SHIPPED = sorted([ROOT / "byheart.py", *(path for name in PACKAGES for path in (ROOT / name).rglob("*.py"))])
FIXTURES = ("hostile", "attempts")  # written badly on purpose
TESTS = sorted(
    path for path in (ROOT / "tests").rglob("*.py") if not set(FIXTURES) & set(path.relative_to(ROOT).parts)
)
TEXTS = sorted(
    path
    for folder in (*PACKAGES, "tests", ".ci", ".github")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in {".py", ".toml", ".css", ".js", ".html", ".json", ".txt", ".md", ".yml", ".sh", ""}
    and path.is_file()
    and not {"__pycache__", *FIXTURES} & set(path.parts)
)

POSIX = {
    "crypt", "curses", "fcntl", "grp", "nis", "ossaudiodev", "posix", "pty", "pwd", "readline", "resource",
    "spwd", "syslog", "termios", "tty",
}  # fmt: skip
LONGEST = 400  # lines of a module
LONGER = {
    "byheart.py": "the front door: one short function a command, and no two belong together more than all",
    "reference/attention.py": "one argument from softmax to grouped queries; half of it is docstrings",
    "exercises/worker.py": "all that runs as the worker, with its rights, to be read in one place",
    "reference/layers.py": "what stands around attention, a page a layer; half of it is docstrings",
}
RUSSIAN = {"deck/rules.py": "the linter knows what Russian letters and pronouns look like; nobody reads them"}
GONE = {  # what newer Pythons no longer have, up to 3.14
    "aifc", "asynchat", "asyncore", "audioop", "cgi", "cgitb", "chunk", "crypt", "distutils", "imghdr", "imp",
    "lib2to3", "mailcap", "msilib", "nis", "nntplib", "ossaudiodev", "pipes", "smtpd", "sndhdr", "spwd",
    "sunau", "telnetlib", "uu", "xdrlib",
}  # fmt: skip
GONE_NAMES = {
    "ast": {"Num", "Str", "Bytes", "NameConstant", "Ellipsis"},
    "inspect": {"getargspec", "formatargspec"},
    "pkgutil": {"find_loader", "get_loader", "ImpImporter"},
    "asyncio": {"coroutine", "get_event_loop_policy"},
    "typing": {"ByteString", "io", "re"},
    "collections": {"Mapping", "Iterable", "Callable", "Sequence"},
    "locale": {"resetlocale", "format"},
    "configparser": {"SafeConfigParser"},
    "unittest": {"makeSuite", "findTestCases"},
    "importlib": {"find_loader"},
    "np": {
        "float_",
        "NaN",
        "Inf",
        "product",
        "cumproduct",
        "in1d",
        "trapz",
        "row_stack",
        "alltrue",
        "sometrue",
    },
}


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}"


# ---------------------------------------------------------------- text


MODES = set("rwaxbt+")
NOT_FILES = {"formatter.write_text", "tarfile.open"}


def _opens_text_without_encoding(call: ast.Call) -> bool:
    """Whether a call opens, reads or writes a text file in whatever encoding the machine likes."""
    whole, name = ast.unparse(call.func), ast.unparse(call.func).rpartition(".")[2]
    if any(word.arg in ("encoding", None) for word in call.keywords) or whole in NOT_FILES:
        return False
    if name == "read_text":
        return not call.args
    if name == "write_text":
        return len(call.args) == 1 and not _is_ascii(call.args[0])
    if whole == "open":
        return "b" not in _mode(call, 1)
    if whole == "os.fdopen":
        return "b" not in _mode(call, 1)
    if name == "open" and isinstance(call.func, ast.Attribute):  # of a path: others take no mode first
        return (not call.args or set(_mode(call, 0)) <= MODES) and "b" not in _mode(call, 0)
    return "TemporaryFile" in name and "b" not in (_mode(call, 0) or "b")


def _is_ascii(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isascii()


def _mode(call: ast.Call, at: int) -> str:
    """The mode that a file is opened in, where it is written out; what is not a mode is not "b" either."""
    given = [word.value for word in call.keywords if word.arg == "mode"] or call.args[at : at + 1]
    known = [node.value for node in given if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    return known[0] if known else "?" if given else ""


def _reads_output_as_text(call: ast.Call) -> bool:
    """A subprocess whose output is decoded in the encoding of the machine."""
    name = ast.unparse(call.func)
    words = {word.arg for word in call.keywords}
    return name in ("subprocess.run", "subprocess.Popen", "subprocess.check_output", "run", "Popen") and (
        bool(words & {"text", "universal_newlines"}) and "encoding" not in words
    )


BAD = [
    "open(p)", "open(p, 'w')", "p.open()", "p.open('w')", "p.read_text()", "p.write_text(t)", "os.fdopen(3)",
    "NamedTemporaryFile('w')",
]  # fmt: skip
GOOD = [
    "open(p, 'rb')", "open(p, encoding='utf-8')", "p.open('wb')", "p.read_text('utf-8')", "os.open(p, 1)",
    "p.write_text(t, encoding='utf-8')", "NamedTemporaryFile(delete=False)", "os.fdopen(3, 'wb')",
    "f(**words)", "archive.open(name)", "p.write_text('')",
]  # fmt: skip


@pytest.mark.parametrize(("source", "is_bad"), [(each, each in BAD) for each in [*BAD, *GOOD]])
def test_the_check_of_encodings_sees_what_it_should(source: str, is_bad: bool) -> None:
    call = ast.parse(source, mode="eval").body
    assert isinstance(call, ast.Call)
    assert _opens_text_without_encoding(call) is is_bad


@pytest.mark.parametrize("path", [*SHIPPED, *TESTS], ids=lambda path: str(path.relative_to(ROOT)))
def test_text_is_utf8(path: Path) -> None:
    """Windows reads and writes in the code page of the machine unless told otherwise."""
    calls = [node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call)]
    found = [place(path, call) for call in calls if _opens_text_without_encoding(call)]
    if path in SHIPPED:
        found += [place(path, call) for call in calls if _reads_output_as_text(call)]
    assert not found, f"name the encoding: {', '.join(found)}"


def test_text_files_end_lines_with_lf_and_are_utf8() -> None:
    for path in TEXTS:
        data = path.read_bytes()
        assert b"\r" not in data, path
        assert not data.startswith(b"\xef\xbb\xbf"), path
        data.decode("utf-8")


def test_russian_lives_in_toml() -> None:
    """Not in code: a language is added without touching Python."""
    found = [
        place(path, node)
        for path in SHIPPED
        if path.relative_to(ROOT).as_posix() not in RUSSIAN
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any("\u0400" <= letter <= "\u04ff" for letter in node.value)
    ]
    assert not found


def test_no_path_of_a_machine() -> None:
    """Nothing shipped points into somebody's home."""
    homes = [f"/{folder}/".encode() for folder in ("home", "Users", "root", "work")]
    homes += [b"C:\\Users", str(Path.home()).encode() + b"/"]
    shipped = [path for path in TEXTS if path.relative_to(ROOT).parts[0] in PACKAGES] + [ROOT / "byheart.py"]
    found = [(path.name, home) for path in shipped for home in homes if home in path.read_bytes()]
    assert not found


def test_file_names_work_everywhere() -> None:
    """Windows has reserved names and does not tell cases apart."""
    reserved = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))}
    seen: dict[str, Path] = {}
    for path in (path for name in (*PACKAGES, "tests") for path in (ROOT / name).rglob("*")):
        assert path.stem.lower() not in reserved, path
        assert not set('<>:"|?*\\') & set(path.name), path
        key = str(path.relative_to(ROOT)).lower()
        assert seen.setdefault(key, path) == path
        assert len(key) < 120, path


# ---------------------------------------------------------------- imports


def _top_level_imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    """Modules imported when the file is, unguarded: not in functions, not under try or if."""
    for node in tree.body:
        if isinstance(node, ast.Import):
            yield from ((node, name.name.partition(".")[0]) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node, node.module.partition(".")[0]


def _imports(tree: ast.Module) -> Iterator[tuple[ast.stmt, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            yield from _top_level_imports(ast.Module([node], []))


def test_no_posix_module_at_the_top() -> None:
    found = [
        place(path, node)
        for path in SHIPPED
        for node, name in _top_level_imports(tree_of(path))
        if name in POSIX
    ]
    assert not found, f"import it where it is used, behind a question about the platform: {found}"


def test_nothing_that_newer_pythons_dropped() -> None:
    found = []
    for path in SHIPPED:
        tree = tree_of(path)
        found += [place(path, node) for node, name in _imports(tree) if name in GONE]
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in GONE_NAMES.get(ast.unparse(node.value), ()):
                found.append(f"{place(path, node)} {ast.unparse(node)}")
            if isinstance(node, ast.ImportFrom) and node.module in GONE_NAMES:
                found += [place(path, node) for each in node.names if each.name in GONE_NAMES[node.module]]
            if isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("utcnow", "utcfromtimestamp")):
                found.append(place(path, node))
    assert not found


def test_every_file_compiles_for_the_oldest_python() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["requires-python"] == ">=3.11"
    for path in SHIPPED:
        ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 11))


WITHOUT_POSIX = """
import importlib.abc, sys

class Hidden(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in HIDDEN:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None

HIDDEN = set(%r)
import click, genanki, numpy, rich.console, watchfiles, multiprocessing.connection, subprocess, tempfile, pdb
for name in HIDDEN:
    sys.modules.pop(name, None)
sys.meta_path.insert(0, Hidden())
import os, signal
for module, names in %r.items():
    for name in names:
        if hasattr(sys.modules[module], name):
            delattr(sys.modules[module], name)
sys.platform = "win32"
"""
ABSENT = {  # what these modules lack on Windows
    "os": ["fork", "setsid", "killpg", "getuid", "geteuid", "getpgid", "setpgid", "wait4", "WNOHANG", "uname",
           "sched_setaffinity", "sched_getaffinity", "getloadavg", "mkfifo", "chown", "nice", "forkpty"],
    "signal": ["SIGKILL", "SIGALRM", "SIGHUP", "setitimer", "alarm", "pthread_sigmask", "SIGXCPU"],
}  # fmt: skip
MODULES = [
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in SHIPPED
    if path.name not in ("__init__.py", "__main__.py")
]


def _as_on_windows(code: str) -> subprocess.CompletedProcess[str]:
    hidden = sorted(POSIX)
    return subprocess.run(
        [sys.executable, "-c", WITHOUT_POSIX % (hidden, ABSENT) + code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "OPENBLAS_NUM_THREADS": "1"},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_modules_import_without_posix() -> None:
    """As on Windows: POSIX modules cannot be found, and os and signal lack what they lack there."""
    optional = {"exercises.classroom.cluster"}  # needs the extra [cluster]
    wanted = [name for name in MODULES if name not in optional and "_files" not in name]
    done = _as_on_windows(
        f"""
import importlib
for name in {wanted!r}:
    try:
        importlib.import_module(name)
    except BaseException as error:
        print(name, repr(error))
"""
    )
    assert (done.returncode, done.stdout) == (0, ""), done.stdout + done.stderr


def test_the_blinds_are_drawn() -> None:
    """The test above would pass for nothing if the modules could be found after all."""
    done = _as_on_windows("import fcntl")
    assert "No module named 'fcntl'" in done.stderr
    done = _as_on_windows("os.fork()")
    assert "AttributeError" in done.stderr


@pytest.mark.parametrize(
    "command", [["--version"], ["list", "--format", "json"], ["hint", "softmax", "--all"]]
)
def test_commands_run_without_posix(command: list[str]) -> None:
    done = _as_on_windows(f"sys.argv = ['byheart', *{command!r}]\nimport byheart\nbyheart.main()")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()


# ---------------------------------------------------------------- size


def test_modules_are_short() -> None:
    """A module fits in one sitting; the few that do not say why."""
    for path in SHIPPED:
        name, lines = path.relative_to(ROOT).as_posix(), len(path.read_text(encoding="utf-8").splitlines())
        if name in LONGER:
            assert lines > LONGEST, f"{name} is short enough now: take it off the list"
        else:
            assert lines <= LONGEST, f"{name} has {lines} lines: split it, or say here why not"
