"""What run_autograder runs: one submission in, results.json out. Fails only if the grader itself does."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from exercises.catalog import exercises, find
from exercises.classroom.marks import rank
from exercises.classroom.notebooks import grade_source
from exercises.classroom.students import Student, whole
from exercises.classroom.tree import UnreadableError, grow, read
from exercises.grader import new_seed
from exercises.language import Language, choose
from exercises.reports import gradescope
from exercises.reports.wording import say
from exercises.sandbox import Sandbox
from exercises.verdict import Phrase, Verdict
from exercises.workspace import write


def main() -> None:
    root = Path(os.environ.get("AUTOGRADER_ROOT", "/autograder"))
    settings = json.loads((root / "source" / "byheart.json").read_text(encoding="utf-8"))
    language = choose(settings["language"])
    wanted = settings["exercises"] or [each.id for each in exercises()]
    student = whole(grow(root / "submission"), frozenset(wanted))
    protected = [str(root / name) for name in ("source", "results")]
    with Sandbox(protected=protected) as sandbox:
        verdicts, remarks = _verdicts(student, sandbox, language)
    write(root / "results" / "results.json", results(verdicts, wanted, remarks, language))


def _verdicts(
    student: Student, sandbox: Sandbox, language: Language
) -> tuple[dict[str, Verdict], list[Phrase]]:
    """The best verdict on each exercise that was handed in."""
    seed, tries = new_seed(), dict[str, list[Verdict]]()
    remarks = list(student.remarks)
    for exercise, node in student.files:
        try:
            source = read(node)
        except UnreadableError as error:
            remarks.append(Phrase(f"class.{error.reason}", {"file": node.path, "mb": node.size / 2**20}))
            continue
        verdict = grade_source(node.name, source, find(exercise), sandbox, seed)
        tries.setdefault(exercise, []).append(verdict._replace(file=node.path))
    best = {
        name: max(found, key=lambda each: rank(each.points, each.status)) for name, found in tries.items()
    }
    for name, found in tries.items():
        others = [each.file for each in found if each is not best[name] and each.status != "unsolved"]
        if others:
            told = {"file": best[name].file, "others": ", ".join(others)}
            remarks.append(Phrase("class.best_of", told))
    return best, remarks


def results(
    verdicts: dict[str, Verdict], wanted: Sequence[str], remarks: Sequence[Phrase], language: Language
) -> str:
    """The object that Gradescope reads: every exercise that is asked for is a test, handed in or not."""
    told: dict[str, Any] = json.loads(gradescope.render(list(verdicts.values()), language))
    told["tests"] += [_missing(name, language) for name in wanted if name not in verdicts]
    told["tests"].sort(key=lambda test: [int(part) for part in test["number"].split(".")])
    passed = sum(verdict.status == "passed" for verdict in verdicts.values())
    summary = language.say("report.summary", passed=passed, total=len(wanted))
    told["output"] = "\n".join([summary, *(say(remark, language) for remark in remarks)])
    told["visibility"] = "visible"
    told["stdout_visibility"] = "hidden"
    return json.dumps(told, ensure_ascii=False, indent=2) + "\n"


def _missing(name: str, language: Language) -> dict[str, Any]:
    return {
        "name": name,
        "number": str(find(name).number),
        "score": 0.0,
        "max_score": 1.0,
        "status": "failed",
        "output": language.say("class.not_handed_in", file=find(name).file_name),
        "output_format": "text",
        "visibility": "visible",
    }


if __name__ == "__main__":
    main()
