"""Zip packages as Word keeps its documents in, written so that the same parts are the same bytes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def without_times(package: bytes) -> bytes:
    """The same parts with no time of writing on them."""
    with zipfile.ZipFile(io.BytesIO(package)) as old:
        return packed((name, old.read(name)) for name in old.namelist())


def packed(parts: Iterable[tuple[str, bytes]]) -> bytes:
    """A package of these parts, in this order."""
    bare = io.BytesIO()
    with zipfile.ZipFile(bare, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in parts:
            info = zipfile.ZipInfo(name, _LONG_AGO)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            new.writestr(info, content)
    return bare.getvalue()
