"""JUnit XML, as continuous integration reads it: a test case a function."""

from __future__ import annotations

import xml.etree.ElementTree as ET

from exercises.catalog import find
from exercises.language import Language
from exercises.paper import plain
from exercises.reports import text
from exercises.reports.wording import message
from exercises.untrusted import clean
from exercises.verdict import FunctionVerdict, Verdict

ERRORS = ("error", "timeout", "crashed", "forged")


def render(verdicts: list[Verdict], language: Language) -> str:
    """The document as text."""
    cases = [case for verdict in verdicts for case in _cases(verdict, language)]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": str(sum(case.find("error") is not None for case in cases)),
        "time": f"{sum(verdict.seconds for verdict in verdicts):.3f}",
    }
    root = ET.Element("testsuites", {"name": "byheart", **counts})
    ET.SubElement(root, "testsuite", {"name": "exercises", **counts}).extend(cases)
    ET.indent(root)
    return (
        ET.tostring(root, encoding="unicode", xml_declaration=True).replace(
            "encoding='unicode'", "encoding='utf-8'"
        )
        + "\n"
    )


def _cases(verdict: Verdict, language: Language) -> list[ET.Element]:
    functions = verdict.functions or tuple(
        FunctionVerdict(name, verdict.status) for name in find(verdict.exercise).functions
    )
    return [_case(verdict, function, len(functions), language) for function in functions]


def _case(verdict: Verdict, function: FunctionVerdict, n_functions: int, language: Language) -> ET.Element:
    case = ET.Element(
        "testcase",
        {
            "classname": verdict.exercise,
            "name": function.function,
            "file": clean(verdict.file),
            "time": f"{verdict.seconds / n_functions:.3f}",
        },
    )
    if function.status != "passed":
        tag = "error" if function.status in ERRORS else "failure"
        said = {"message": message(verdict, find(verdict.exercise), language), "type": function.status}
        ET.SubElement(case, tag, said).text = plain(text.report(verdict, language, 100))
    return case
