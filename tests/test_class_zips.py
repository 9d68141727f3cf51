"""Zip files of strangers: whatever is wrong with one is a remark, and costs nobody else anything."""

from __future__ import annotations

import contextlib
import io
import stat
import struct
import time
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exercises.classroom import tree as trees
from exercises.classroom.students import Student, students
from exercises.classroom.tree import UnreadableError, grow, read


def put(top: Path, *names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def zipped(files: Mapping[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", packing) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return data.getvalue()


def only(top: Path) -> Student:
    (found,) = students(grow(top))
    return found


def keys(student: Student) -> list[str]:
    return [remark.key for remark in student.remarks]


def test_members_that_lead_out_are_links_or_lie_about_their_size(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("../../01_softmax.py", "/etc/02_attend.py", "C:\\05_masks.py"):
            archive.writestr(name, b"x")
        link = zipfile.ZipInfo("06_mask_scores.py")
        link.external_attr, link.create_system = (stat.S_IFLNK | 0o777) << 16, 3
        archive.writestr(link, b"/etc/passwd")
        archive.writestr("08_scaled_dot_product_attention.py", b"\0" * (64 << 20))
        archive.writestr("09_heads.py", b"x = 1")
    (tmp_path / "ada.zip").write_bytes(data.getvalue())
    ada = only(tmp_path)
    assert [file.exercise for file in ada.files] == ["heads"]
    assert sorted(keys(ada)) == ["class.leads_out"] * 3 + ["class.link", "class.too_large"]


def test_a_member_that_is_larger_than_it_says(tmp_path: Path) -> None:
    content = zipped({"01_softmax.py": b"\0" * (trees.LARGEST_SCRIPT + 1)})
    size = struct.pack("<L", trees.LARGEST_SCRIPT + 1)
    (tmp_path / "ada.zip").write_bytes(content.replace(size, struct.pack("<L", 5)))
    ada = only(tmp_path)
    with pytest.raises(UnreadableError):
        read(ada.files[0].node)


@pytest.mark.parametrize(
    "data",
    [b"", b"no zip file", zipped({"01_softmax.py": b"x"})[:40], b"PK\x05\x06" + b"\xff" * 18],
    ids=["empty", "text", "torn", "endless"],
)
def test_what_is_no_zip_file_is_a_remark(tmp_path: Path, data: bytes) -> None:
    put(tmp_path, "ada/01_softmax.py")
    (tmp_path / "ada" / "more.zip").write_bytes(data)
    ada = students(grow(tmp_path))[0]
    assert len(ada.files) == 1
    assert len(ada.remarks) == 1


@settings(deadline=None)
@given(st.binary(max_size=300), st.integers(0, 200))
def test_no_damage_to_a_zip_file_stops_the_reading(damage: bytes, place: int) -> None:
    good = zipped({"exercises/01_softmax.py": b"x = 1\n" * 50})
    data = good[:place] + damage + good[place + len(damage) :]
    import tempfile

    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "ada.zip"
        path.write_bytes(data)
        for student in students(grow(path)):
            for file in student.files:
                with contextlib.suppress(UnreadableError):
                    read(file.node)


def test_a_zip_file_in_a_zip_file_in_a_zip_file_has_an_end(tmp_path: Path) -> None:
    data = zipped({"01_softmax.py": b"x"})
    for _ in range(6):
        data = zipped({"more.zip": data})
    (tmp_path / "ada.zip").write_bytes(data)
    assert keys(only(tmp_path)) == ["class.too_deep"]


def test_a_locked_member_is_a_remark_and_the_rest_is_read(tmp_path: Path) -> None:
    content = bytearray(zipped({"01_softmax.py": b"x = 1"}))
    content[6] |= 1  # says that it is encrypted
    content[content.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "ada.zip").write_bytes(bytes(content))
    with pytest.raises(UnreadableError) as raised:
        read(only(tmp_path).files[0].node)
    assert raised.value.reason == "unreadable_member"


class _CodePage(zipfile.ZipInfo):
    """A member whose name is written in a code page, as Windows does."""

    page = "cp866"

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:
        return self.filename.encode(self.page), self.flag_bits & ~0x800


@pytest.mark.parametrize(
    ("page", "names"),
    [
        ("cp866", ["Ёлкина Юлия", "Иван Ли 2"]),
        ("cp437", ["André Gödel", "Éva", "Ñusta Ibáñez"]),
        ("utf-8", ["Софья", "王小明", "محمد"]),
    ],
)
def test_names_in_the_code_page_of_the_system_that_packed_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, page: str, names: list[str]
) -> None:
    monkeypatch.setattr(_CodePage, "page", page)
    with zipfile.ZipFile(tmp_path / "class.zip", "w") as archive:
        for name in names:
            archive.writestr(_CodePage(f"{name}\\exercises\\01_softmax.py"), b"x = 1")
            archive.writestr(_CodePage(f"{name}\\exercises\\"), b"")
    found = students(grow(tmp_path / "class.zip"))
    assert sorted(each.name for each in found) == sorted(names)
    for student in found:
        assert [read(file.node) for file in student.files] == [b"x = 1"]
        assert student.remarks == ()


def test_a_member_without_a_name_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "ada.zip").write_bytes(zipped({"x": b"", "01_softmax.py": b"x"}).replace(b"x", b"\0"))
    (tmp_path / "emmy.zip").write_bytes(zipped({"01_softmax.py": b"x"}))
    found = {each.name: len(each.files) for each in students(grow(tmp_path))}
    assert found["emmy"] == 1


@pytest.mark.slow
def test_zip_files_that_would_take_hours_to_read_take_none(tmp_path: Path) -> None:
    """Each of a few hundred kilobytes, and of many gigabytes if it were read."""
    zeros = bytes(64 << 20)
    inner = zipped({f"{n}.zip": zeros for n in range(3)})
    nested = zipped({f"{n}.zip": inner for n in range(400)}, zipfile.ZIP_STORED)
    (tmp_path / "ada.zip").write_bytes(zipped({f"{n}.zip": nested for n in range(20)}))
    metadata = {f"{n}/submission_metadata.yml": zeros for n in range(5)}
    (tmp_path / "emmy.zip").write_bytes(zipped(metadata | {"01_softmax.py": b"x = 1"}))
    started = time.monotonic()
    found = {each.name: each for each in students(grow(tmp_path))}
    assert time.monotonic() - started < 2
    assert set(keys(found["ada"])) == set(keys(found["emmy"])) == {"class.bomb"}
    assert len(found["emmy"].files) == 1


def test_members_that_share_their_bytes_are_a_bomb(tmp_path: Path) -> None:
    data = zipped({"01_softmax.py": b"x = 1\n" * 9, "02_attend.py": b"x = 1\n" * 9})
    place = data.index(b"PK\1\2")
    size = struct.unpack_from("<L", data, place + 20)[0]
    (tmp_path / "ada.zip").write_bytes(
        data[: place + 20] + struct.pack("<L", size + len(data)) + data[place + 24 :]
    )
    assert keys(only(tmp_path)) == ["class.bomb"]


def test_a_zip_file_of_a_zip_file_of_text_is_no_bomb(tmp_path: Path) -> None:
    work = zipped(
        {f"exercises/{n:02}_softmax.py": b"x = 1  # one\n" * 20 for n in range(5)}, zipfile.ZIP_STORED
    )
    (tmp_path / "class.zip").write_bytes(zipped({"ada.zip": zipped({"study.zip": work}), "emmy.zip": work}))
    assert {each.name: len(each.files) for each in students(grow(tmp_path))} == {"ada": 5, "emmy": 5}
