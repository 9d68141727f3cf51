"""The reference as a book: complete in every language, computed, and working in a real browser engine."""

from __future__ import annotations

import html
import inspect
import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import reference
from deck import book, build, entries, examples
from exercises import catalog
from exercises.language import speak

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to draw the page")
LANGUAGES = catalog.languages()
EXERCISED = [name for entry in catalog.contents() for name in entry.functions]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return book.write(tmp_path_factory.mktemp("book") / "book.html")


@pytest.fixture(scope="module")
def chapters() -> dict[str, entries.Entry]:
    decks = {deck.language: deck.notes for deck in build.render(LANGUAGES)}
    return {entry.name: entry for chapter in entries.chapters(LANGUAGES, decks) for entry in chapter.entries}


class _Page(HTMLParser):
    """Ids, links, and what is loaded from elsewhere."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: set[str] = set()
        self.loaded: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if "id" in found:
            self.ids.append(str(found["id"]))
        if tag == "a" and "href" in found:
            self.links.add(str(found["href"]))
        self.loaded += [str(found[name]) for name in ("src", "srcset", "data", "poster") if name in found]
        self.loaded += [str(found["href"])] if tag in ("link", "base") else []


# ---------------------------------------------------------------- what is in it


def test_every_public_function_has_an_entry(chapters: dict[str, entries.Entry]) -> None:
    public = {name for name in reference.__all__ if inspect.isfunction(getattr(reference, name))}
    assert set(chapters) == public


@pytest.mark.parametrize("name", EXERCISED)
def test_an_exercised_function_shows_the_whole_thread(name: str, chapters: dict[str, entries.Entry]) -> None:
    entry = chapters[name]
    assert entry.exercise is not None
    assert name in entry.exercise.functions
    assert entry.faults
    for language in LANGUAGES:
        words = entry.words[language]
        assert words.summary
        assert words.shapes
        assert 'class="c1"' in words.code, "steps come with comments"
        assert all(fault.text[language] for fault in entry.faults)
        assert all(language in card.faces for card in entry.cards)


@pytest.mark.parametrize("name", EXERCISED)
def test_the_example_is_a_trace(name: str) -> None:
    function = inspect.unwrap(getattr(reference, name))
    example = examples.example_of(function)
    assert example is not None
    assert example.given
    steps = {step for each in examples.anatomy.steps(function) for step in re.findall(r"\w+", each.name)}
    shown = {re.match(r"\w+", figure.name)[0] for figure in example.values}  # type: ignore[index]
    assert shown & steps, "no step is shown"
    assert shown <= steps | {"result"}
    bodies = [figure.body for figure in (*example.given, *example.values)]
    assert sum(body != "…" for body in bodies) > len(bodies) / 2, "its numbers are too many to follow"


def test_values_of_an_example_are_those_of_the_reference() -> None:
    function = inspect.unwrap(reference.scaled_dot_product_attention)
    example = examples.example_of(function)
    assert example is not None
    q, k = (
        np.array(rows)
        for rows in ([[2.0, 0, 2, 0], [0, 2, 0, 0]], [[1.0, 0, 1, 0], [0, 1, 0, 1], [1, 1, 0, 0]])
    )
    shown = {figure.name: figure for figure in example.values}
    numbers = [float(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", shown["scaled"].body)]
    assert np.allclose(np.reshape(numbers, (2, 3)), q @ k.T / 2)
    _, weights = function(q, k, np.eye(3))
    numbers = [float(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", shown["weights"].body)]
    assert np.allclose(np.reshape(numbers, (2, 3)), weights, atol=5e-4)
    assert "heat" in shown["weights"].body


def test_a_mistake_shows_the_lines_it_changes(chapters: dict[str, entries.Entry]) -> None:
    fault = next(each for each in chapters["softmax"].faults if each.id == "no-max-subtraction")
    lines = [(sign, re.sub(r"<.*?>", "", line)) for sign, line in fault.lines]
    assert lines == [("-", "shifted = x - np.max(x, axis=axis, keepdims=True)"), ("+", "shifted = x")]


def test_no_language_is_half_spoken(chapters: dict[str, entries.Entry]) -> None:
    """In a language with letters of its own, words and comments are in those letters or are not there."""
    cyrillic = re.compile("[\u0400-\u04ff]")
    for entry in chapters.values():
        words = entry.words["ru"]
        comments = re.findall(r'<span class="c1">(.*?)</span>', words.code)
        assert all(map(cyrillic.search, comments[:1])), entry.name
        assert words.summary, f"deck/book.toml: say in [summaries.ru] what {entry.name} does"
        assert cyrillic.search(words.summary) or not re.search("[a-z] [a-z]", words.summary), entry.name
        assert not cyrillic.search(entry.words["en"].summary + entry.words["en"].code), entry.name


def test_every_language_says_the_same_things() -> None:
    said = {
        language: {key for key in speak(language).keys if key.startswith("book.")} for language in LANGUAGES
    }
    assert len({frozenset(keys) for keys in said.values()}) == 1
    modules = {f"book.chapters.{module.rpartition('.')[2]}" for module in entries.modules()}
    assert modules <= said["ru"], "each chapter has a title"


# ---------------------------------------------------------------- the page


def test_anchors_lead_somewhere_and_are_unique(page: Path) -> None:
    read = _Page(page.read_text(encoding="utf-8"))
    assert len(read.ids) == len(set(read.ids)), sorted(
        {each for each in read.ids if read.ids.count(each) > 1}
    )
    assert {link for link in read.links if not link.startswith("#")} == set()
    assert {link[1:] for link in read.links} <= set(read.ids)
    assert {f"exercise-{entry.id}" for entry in catalog.contents()} <= set(read.ids)


def test_nothing_is_loaded_and_nothing_is_left_to_fill_in(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert _Page(text).loaded == []
    assert "url(" not in text
    assert "@import" not in text
    prose = re.sub(r"<(script|style|code|pre)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert "[=" not in prose
    assert "{{" not in prose
    assert r"\(" not in prose
    assert "<math" in text
    assert str(Path(reference.__file__).parent.parent) not in text


def in_browser(page: Path, script: str, width: int = 1200) -> Any:
    """What a script says in the page; fails if the page complains or asks the network for anything."""
    asking = page.with_name("asking.html")
    asking.write_text(
        page.read_text(encoding="utf-8")
        + f'<pre id="said"></pre><script>const said = (() => {{ {script} }})();'
        + 'said.loaded = performance.getEntriesByType("resource").length;'
        + 'document.getElementById("said").textContent = JSON.stringify(said)</script>',
        encoding="utf-8",
    )
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
    command += ["--lang=en", "--enable-logging=stderr", f"--window-size={width},900"]
    command += [f"--user-data-dir={page.parent / 'profile'}", "--virtual-time-budget=3000"]
    done = subprocess.run(
        [*command, "--dump-dom", asking.as_uri()],
        capture_output=True,
        encoding="utf-8",
        check=True,
        timeout=120,
    )
    assert "CONSOLE" not in done.stderr, done.stderr
    found = re.search(r'<pre id="said">(.*?)</pre>', done.stdout, re.DOTALL)
    assert found, "the page's script did not finish"
    said = json.loads(html.unescape(found[1]))
    assert said.pop("loaded") == 0
    return said


@needs_browser
def test_search_languages_night_and_links(page: Path) -> None:
    said = in_browser(
        page,
        """
        const $ = (id) => document.getElementById(id);
        const seen = () => Array.from(document.querySelectorAll("article:not([hidden])"), (each) => each.id);
        const change = (id, value, event) => { $(id).value = value; $(id).dispatchEvent(new Event(event)); };
        const shown = (node) => node.getClientRects().length > 0;
        const said = { all: seen().length };
        change("language", "en", "change");
        change("search", "rope-with-no-such-word", "input");
        said.none = [seen().length, shown($("nothing"))];
        change("search", "scaled_dot_product attention keys across", "input");
        said.found = seen();
        const items = document.querySelectorAll("[data-entry]:not([hidden])");
        said.side = Array.from(items, (each) => each.dataset.entry);
        change("search", "", "input");
        said.again = seen().length;
        change("language", "ru", "change");
        said.lang = document.documentElement.lang;
        said.english = Array.from(document.querySelectorAll("main [lang=en]")).filter(shown).length;
        said.russian = Array.from(document.querySelectorAll("main [lang=ru]")).filter(shown).length > 500;
        const paper = () => getComputedStyle(document.body).backgroundColor;
        const before = paper();
        $("night").click();
        said.night = paper() !== before;
        const card = document.querySelector("[id^=card-]");
        location.hash = card.id;
        window.dispatchEvent(new HashChangeEvent("hashchange"));
        said.opened = shown(card) && card.closest("details").open;
        return said;
        """,
    )
    assert said["all"] == said["again"] == sum(map(len, entries.modules().values()))
    assert said["none"] == [0, True]
    assert "scaled_dot_product_attention" in said["found"]
    assert said["found"] == said["side"]
    assert said["lang"] == "ru"
    assert said["english"] == 0
    assert said["russian"]
    assert said["night"]
    assert said["opened"]


@pytest.mark.slow
@needs_browser
@pytest.mark.parametrize("width", [500, 1200])
def test_nothing_is_wider_than_the_window(page: Path, width: int) -> None:
    said = in_browser(
        page,
        """
        const wide = [];
        for (const details of document.querySelectorAll("details")) details.open = true;
        for (const each of document.querySelectorAll("article")) {
          each.style.contentVisibility = "visible";
          const right = document.querySelector("main").getBoundingClientRect().right;
          for (const part of each.querySelectorAll(":scope > *, figure, details, table"))
            if (!part.closest(".figure, .side") && part.getBoundingClientRect().right > right + 1)
              wide.push(each.id);
        }
        return { wide: [...new Set(wide)], page: document.documentElement.scrollWidth - innerWidth };
        """,
        width,
    )
    assert said == {"wide": [], "page": min(said["page"], 0)}
