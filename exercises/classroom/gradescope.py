"""`byheart class --make-gradescope`: an autograder to upload, with this very version of By Heart inside.

Nothing in it is fetched from anywhere but what By Heart itself depends on.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable
from pathlib import Path

from exercises.catalog import exercises
from exercises.classroom.project import source_files
from exercises.errors import UseError
from exercises.language import Language

__all__ = ["make_gradescope"]

SCRIPTS = Path(__file__).parent / "gradescope_files"
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same source gives the same archive


def make_gradescope(path: Path, only: Iterable[str], language: Language) -> int:
    """Write the archive; how many bytes it has. `only` are the exercises of this assignment (none: all)."""
    settings = {
        "language": language.code,
        "exercises": [each.id for each in exercises() if each.id in set(only)],
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.new")
        with zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive:
            for script in ("setup.sh", "run_autograder"):
                _add(archive, script, (SCRIPTS / script).read_bytes().replace(b"\r\n", b"\n"), 0o755)
            _add(archive, "byheart.json", json.dumps(settings).encode(), 0o644)
            for name, content in source_files():
                _add(archive, f"project/{name}", content, 0o644)
        draft.replace(path)
    except OSError as error:
        raise UseError("error.cannot_write", path=path, why=error.strerror or str(error)) from None
    return path.stat().st_size


def _add(archive: zipfile.ZipFile, name: str, content: bytes, mode: int) -> None:
    info = zipfile.ZipInfo(name, LONG_AGO)
    info.external_attr, info.compress_type, info.create_system = mode << 16, zipfile.ZIP_DEFLATED, 3
    archive.writestr(info, content)
