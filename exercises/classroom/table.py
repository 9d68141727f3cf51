"""The class as a CSV file, for spreadsheets and grade books: in no language, but for the remarks."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Sequence

from exercises.classroom.marks import Row
from exercises.language import Language
from exercises.reports.wording import say
from exercises.untrusted import one_line

FORMULA = ("=", "+", "-", "@")  # also as wide as Chinese characters are, which some take for the same

__all__ = ["csv_text", "harmless"]


def csv_text(rows: Sequence[Row], exercises: Sequence[str], language: Language) -> str:
    """The table, with a mark at its beginning by which spreadsheets know that it is UTF-8."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ["student", "id", "passed", "points", "max_points", "late", "mistakes", "remarks", *exercises]
    )
    for row in rows:
        writer.writerow(
            [
                harmless(row.name),
                harmless(row.id),
                row.passed,
                f"{row.points:g}",
                len(exercises),
                "late" if row.late else "",
                harmless(" ".join(row.mistakes)),
                harmless(" ".join(say(remark, language) for remark in row.remarks)),
                *(row.statuses.get(exercise, "") for exercise in exercises),
            ]
        )
    return "\ufeff" + out.getvalue()


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula: names and file names are the students' own choice."""
    shown = one_line(text, 4000)
    return f"'{shown}" if unicodedata.normalize("NFKC", shown).lstrip().startswith(FORMULA) else shown
