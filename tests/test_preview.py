"""The preview page and the living numbers in a real browser engine."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
from functools import cache as once
from pathlib import Path
from typing import Any

import pytest

from deck import build, faces, package, preview
from deck.notes import Note

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))),
    None,
)
needs_browser = pytest.mark.skipif(BROWSER is None, reason="there is no Chromium to draw the page")


def in_browser(page: Path, query: str = "", width: int = 900) -> str:
    """The page as the browser leaves it."""
    assert BROWSER is not None
    command = [
        BROWSER,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        f"--window-size={width},900",
    ]
    command += [
        f"--user-data-dir={page.parent / 'profile'}",
        "--virtual-time-budget=3000",
        "--dump-dom",
        page.as_uri() + query,
    ]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=120).stdout


def asked(page: Path, script: str, query: str = "", width: int = 900) -> Any:
    """What a script says in the page: it must evaluate to something that JSON can hold."""
    asking = page.with_name("asking.html")
    asking.write_text(
        page.read_text(encoding="utf-8")
        + f'<pre id="said"></pre><script>const said = (() => {{ {script} }})();'
        + 'document.getElementById("said").textContent = JSON.stringify(said)</script>',
        encoding="utf-8",
    )
    found = re.search(r'<pre id="said">(.*?)</pre>', in_browser(asking, query, width), re.DOTALL)
    assert found, "the page's script did not finish"
    return json.loads(html.unescape(found[1]))


@once
def _notes() -> list[Note]:
    return [note for deck in build.render(["en", "ru"]) for note in deck.notes]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return preview.write(tmp_path_factory.mktemp("preview") / "preview.html")


# ---------------------------------------------------------------- the page


def test_every_card_of_every_language_is_there(page: Path) -> None:
    expected = sorted(
        (note.language, note.card.id)
        for note in _notes()
        for _ in faces.holes(note.fields, note.notetype == "cloze")
    )
    found = re.findall(
        r'<article tabindex="0" data-id="([^"]+)" data-language="([^"]+)"', page.read_text(encoding="utf-8")
    )
    assert sorted((language, card) for card, language in found) == expected


def test_the_page_needs_no_network_and_no_mathjax(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert not re.findall(r"""(?:src|href)\s*=\s*["']?(?:https?:)?//""", text)
    assert "url(" not in text
    assert "@import" not in text
    assert r"\(" not in re.sub(r"<(script|code|pre)\b.*?</\1>", "", text, flags=re.DOTALL)
    assert "<math" in text
    assert "{{" not in re.sub(r"<(script|style)\b.*?</\1>", "", text, flags=re.DOTALL)


@needs_browser
def test_filters_search_flip_and_night(page: Path) -> None:
    said = asked(
        page,
        """
        const $ = (id) => document.getElementById(id);
        const seen = () => Array.from(document.querySelectorAll("article")).filter((card) => !card.hidden);
        const change = (id, value, event) => { $(id).value = value; $(id).dispatchEvent(new Event(event)); };
        const press = (name) => new KeyboardEvent("keydown", {key: name, bubbles: true, cancelable: true});
        const key = (name, at) => (at || document.body).dispatchEvent(press(name));
        const said = {};
        said.languages = [...new Set(seen().map((card) => card.dataset.language))];
        change("kind", $("kind").options[1].value, "change");
        said.kinds = [...new Set(seen().map((card) => card.dataset.kind))];
        change("kind", "", "change");
        change("search", "kata-softmax", "input");
        said.found = seen().map((card) => card.dataset.id);
        change("search", "", "input");
        key("j");
        const card = document.activeElement;
        const visible = (name) => getComputedStyle(card.querySelector(name)).display !== "none";
        said.front = [visible(".front"), visible(".back")];
        key(" ", card);
        said.flipped = [visible(".front"), visible(".back")];
        const paper = () => getComputedStyle(document.body).backgroundColor;
        const before = paper();
        key("n");
        said.night = before !== paper();
        change("language", "ru", "change");
        said.russian = [...new Set(seen().map((card) => card.dataset.language))];
        said.russian.push(document.documentElement.lang);
        change("search", "no such words anywhere", "input");
        said.nothing = !$("nothing").hidden;
        return said;
        """,
    )
    assert said == {
        "languages": ["en"],
        "kinds": said["kinds"],
        "found": ["kata-softmax"],
        "front": [True, False],
        "flipped": [False, True],
        "night": True,
        "russian": ["ru", "ru"],
        "nothing": True,
    }
    assert len(said["kinds"]) == 1


@needs_browser
def test_nothing_is_wider_than_a_phone(page: Path) -> None:
    wide = asked(
        page,
        """
        for (const card of document.querySelectorAll("article")) {
          card.hidden = false;
          card.classList.add("flipped");
          card.style.contentVisibility = "visible";
        }
        const limit = document.documentElement.clientWidth + 1;
        const inside = (element) => element.closest("pre, .figure, math, mjx-container");
        const parts = document.querySelectorAll("article :is(p, li, pre, .figure, footer, header)");
        const over = (element) => element.getBoundingClientRect().right > limit;
        const wide = Array.from(parts).filter((element) => over(element) && !inside(element.parentElement));
        return [...new Set(wide.map((element) => element.closest("article").dataset.id))];
        """,
        width=500,
    )
    assert wide == []


# ---------------------------------------------------------------- living numbers


def living() -> Note:
    return next(note for note in _notes() if note.fields["Front"].count('class="variant"') > 2)


def sides(folder: Path, day: int, script: bool = True) -> Path:
    """Front and back of a living card one after the other, as on that day."""
    note = living()
    noon = f"{day} * 86400000 + 43200000 + new Date().getTimezoneOffset() * 60000"
    clock = f"<script>Date.now = () => {noon};</script>"
    parts = []
    for template in package.faces("numeric"):
        filled = faces.fill(template, note.fields).replace('id="answer"', "")
        parts.append(filled if script else re.sub(r"<script>.*?</script>", "", filled, flags=re.DOTALL))
    page = folder / f"day{day}.html"
    page.write_text(
        f"<style>{package.style()}</style>{clock}<body class='card'>{''.join(parts)}", encoding="utf-8"
    )
    return page


SHOWN = """
    const seen = (one) => getComputedStyle(one).display !== "none";
    const place = (one, n) => (seen(one) ? n : -1);
    const places = (group) => Array.from(group.children, place).filter((n) => n >= 0);
    return Array.from(document.querySelectorAll(".variants")).map(places);
"""


@needs_browser
def test_front_and_back_show_the_same_variant_and_days_differ(tmp_path: Path) -> None:
    days = [asked(sides(tmp_path, day), SHOWN) for day in (20000, 20001, 20002, 20003)]
    for shown in days:
        assert len(shown) >= 2
        assert all(group == shown[0] and len(group) == 1 for group in shown)
    assert len({shown[0][0] for shown in days}) > 1


@needs_browser
def test_without_script_the_first_variant_shows(tmp_path: Path) -> None:
    shown = asked(sides(tmp_path, 20000, script=False), SHOWN)
    assert all(group == [0] for group in shown)
