"""Card text to HTML: values filled in, Markdown, mathematics for MathJax, code in Pygments classes."""

from __future__ import annotations

import functools
import html
import re
from collections.abc import Callable
from typing import Any, Protocol

from markupsafe import Markup

from deck import typeset

_CLOZE = re.compile(r"\{\{c\d+::.*?\}\}(?!\})", re.DOTALL)
FILTERS: dict[str, Callable[..., Any]] = {
    "num": typeset.prose,
    "tex": typeset.tex,
    "shape": typeset.shape,
    "matrix": typeset.matrix,
}

_ACROSS_LINES = ('"""', "'''", "\\\n")  # what goes on in the next line

_VALUE = re.compile(r"\[=(.*?)=\]", re.DOTALL)
_HTML = re.compile("\ue000(.*?)\ue001", re.DOTALL)
_PUNCTUATED = re.compile(r"([(«]?\\\((?:(?!\\\)).)*\\\)(?:-\w+[)».,;:?!]*|[)».,;:?!]+))")
_INFINITY = re.compile(r"(?<!\w)-inf\b")  # browsers would break it behind the hyphen
# one line in which nothing means anything to Markdown or HTML
_PLAIN = re.compile(r"[^\W\d_](?:[^\s`*_\[\]<>&\\$|~\"\x00]| (?! |$))*")
_KEPT = re.compile("\ue000(\\d+)\ue001")
_KEPT_ALONE = re.compile("<p>\ue000(\\d+)\ue001</p>")


class Names(Protocol):
    """What can say what an expression is worth: a deck.world.World."""

    def value(self, expression: str) -> Any: ...


def fill(text: str, names: Names | None) -> str:
    """The text with its [= values =] filled in. Raises whatever an expression raises.

    `[= expression | filter | filter(argument) =]` is Python: each filter gets the value as first argument.
    """
    if names is None or "[=" not in text:
        return text
    return _VALUE.sub(lambda match: _shown(_filtered(match[1], names)), text)


def _filtered(source: str, names: Names) -> Any:
    expression, *filters = _pipeline(source)
    value = names.value(expression)
    for filter_ in filters:
        name, _, arguments = filter_.partition("(")
        if name.strip() not in FILTERS:
            raise NameError(f"there is no filter {name.strip()!r}; choose among {', '.join(FILTERS)}")
        more, named = names.value(f"_arguments({arguments or ')'}")
        value = FILTERS[name.strip()](value, *more, **named)
    return value


@functools.lru_cache(maxsize=4096)
def _pipeline(source: str) -> tuple[str, ...]:
    """The parts between the bars that stand outside brackets and quotes."""
    parts, depth, quote, start = [], 0, "", 0
    for n, char in enumerate(source):
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "|" and depth == 0:
            parts.append(source[start:n].strip())
            start = n + 1
    return (*parts, source[start:].strip())


def _shown(value: Any) -> str:
    """What stands for a value: its text, or its HTML between marks that Markdown leaves alone."""
    shown = value if isinstance(value, str) else typeset.prose(value)
    return f"\ue000{shown}\ue001" if isinstance(shown, Markup) else shown


def render(text: str, names: Names | None = None) -> str:
    """Card text as HTML.

    Values that are HTML already (matrices, pictures) stay whole; all others are text like any other.
    """
    kept: list[str] = []

    def keep(match: re.Match[str]) -> str:
        kept.append(match[1])
        return f"\ue000{len(kept) - 1}\ue001"

    body = _marked_up(_HTML.sub(keep, fill(text.strip(), names)))
    for pattern in (_KEPT_ALONE, _KEPT):
        body = pattern.sub(lambda match: kept[int(match[1])], body)
    return _kept_whole(body.strip())


def _kept_whole(body: str) -> str:
    """What no browser shall break: a formula and its punctuation or ending, a minus and its infinity."""
    whole = r'<span class="whole">{}</span>'
    if r"\(" in body:
        body = _PUNCTUATED.sub(whole.format(r"\1"), body)
    return _INFINITY.sub(whole.format("-inf"), body) if "-inf" in body else body


def inline(text: str, names: Names | None = None) -> str:
    """The same without a paragraph around a single line."""
    body = render(text, names)
    alone = body.startswith("<p>") and body.endswith("</p>") and body.count("<p>") == 1
    return body[3:-4] if alone else body


@functools.cache
def _marked_up(markdown: str) -> str:
    if _PLAIN.fullmatch(markdown):  # half of all texts, and the parser takes its time
        return f"<p>{markdown}</p>\n"
    return str(_markdown().render(markdown))


@functools.cache
def _markdown() -> Any:
    from markdown_it import MarkdownIt
    from mdit_py_plugins.dollarmath import dollarmath_plugin

    markdown = MarkdownIt("commonmark", {"html": False, "highlight": highlight}).enable("table")
    dollarmath_plugin(markdown, double_inline=True)
    markdown.add_render_rule("math_inline", _math(r"\(", r"\)"))
    markdown.add_render_rule("math_inline_double", _math(r"\[", r"\]"))
    markdown.add_render_rule("math_block", _math(r"\[", r"\]"))
    markdown.add_render_rule("fence", _fence)
    return markdown


def _math(opening: str, closing: str) -> Callable[..., str]:
    def rule(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
        return html.escape(
            opening + anki_math(_in_tex(tokens[index].content.strip())) + closing,
            quote=False,
        )

    return rule


def _in_tex(formula: str) -> str:
    """A formula with values filled in as for a sentence: TeX has its own minus and its own spaces."""
    return formula.replace("−", "-").replace(typeset.THIN, r"\,").replace(typeset.KEPT, " ")


def anki_math(formula: str) -> str:
    """TeX that Anki's own braces do not trip over: {{c1::...}} stays a cloze, other doubled braces part."""
    parts, last = [], 0
    for match in _CLOZE.finditer(formula):
        parts.append(_part_braces(formula[last : match.start()]))
        head, _, inner = match[0][:-2].partition("::")
        parts.append(f"{head}::{_part_braces(inner)}" + (" }}" if inner.endswith("}") else "}}"))
        last = match.end()
    return "".join(parts) + _part_braces(formula[last:])


def _part_braces(formula: str) -> str:
    return re.sub(r"\}(?=\})", "} ", re.sub(r"\{(?=\{)", "{ ", formula))


def _fence(self: Any, tokens: Any, index: int, options: Any, env: Any) -> str:
    return code(tokens[index].content, tokens[index].info.strip() or "python")


def code(source: str, language: str = "python", name: str = "code") -> str:
    """A block of code, highlighted by classes."""
    lines = "".join(_line(line) for line in highlight(source, language, "").split("\n"))
    return f'<pre class="{name}"><code>{lines}</code></pre>'


def _line(line: str) -> str:
    """One line of code; where a phone wraps it, it goes on further in than it began."""
    indent = len(line) - len(line.lstrip(" "))
    style = f' style="--i:{indent}"' if indent else ""
    return f'<span class="l"{style}>{line}\n</span>'


def highlight(source: str, language: str, _attributes: str) -> str:
    """The inside of a block of code. Lines keep their breaks; anything not Python or shell is plain."""
    text = source.rstrip("\n")
    if language in ("text", "console", "sh"):
        return html.escape(text, quote=False)
    if any(mark in text for mark in _ACROSS_LINES):
        return _highlighted(text)
    return "\n".join(map(_highlighted, text.split("\n")))


@functools.cache
def _highlighted(text: str) -> str:
    """Python in Pygments classes. Line by line where that is the same: most cards share their lines."""
    from pygments import highlight as pygmented  # type: ignore[import-untyped]

    return str(pygmented(text, *_highlighter())).rstrip("\n")


@functools.cache
def _highlighter() -> tuple[Any, Any]:
    from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
    from pygments.lexers.python import PythonLexer  # type: ignore[import-untyped]

    return PythonLexer(stripnl=False, ensurenl=False), HtmlFormatter(nowrap=True)
