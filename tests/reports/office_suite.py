"""LibreOffice as the office's own program: it opens, calculates and converts what we write."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

PROGRAM = shutil.which("soffice") or shutil.which("libreoffice")
HARMLESS = ("failed to launch javaldx",)
"""What it says on a machine without Java; no document of ours needs that."""

ALWAYS_CALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""

needs_libreoffice = pytest.mark.skipif(
    PROGRAM is None, reason="LibreOffice (Debian: libreoffice-calc) is not installed"
)


def convert(source: Path, ending: str, folder: Path) -> Path:
    """The file converted (`pdf`, `xlsx`) into `folder`; fails when a word of warning is said."""
    assert PROGRAM is not None
    profile = folder / "profile"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS_CALCULATE, encoding="utf-8")
    made = folder / "made"
    said = subprocess.run(
        [PROGRAM, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", ending,
         "--outdir", str(made), str(source)],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    remarks = [line for line in said.stderr.splitlines() if line.strip() and not any(one in line for one in HARMLESS)]
    assert remarks == []
    result = made / f"{source.stem}.{ending}"
    assert result.is_file(), said.stdout
    return result


def without_values(source: Path, target: Path) -> None:
    """A copy of a workbook whose formulas bear nothing, so that only calculating fills them."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name.startswith("xl/worksheets/"):
                data = re.sub(rb"</f><v>[^<]*</v>", b"</f>", data)
            new.writestr(name, data)
