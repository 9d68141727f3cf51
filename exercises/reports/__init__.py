"""Verdicts for people and programs: text, JSON, JUnit, Gradescope, a web page. One module each."""
