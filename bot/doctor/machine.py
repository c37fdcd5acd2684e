"""The computer: configuration files, the disk under the database, the time zone, fonts."""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pydantic import BaseModel

from bot.control import socket_path
from bot.doctor import texts
from bot.doctor.finding import Finding, bad, good, none
from bot.doctor.typefaces import typefaces
from bot.settings import Settings
from domain.moment import ZONE

LEAST_FREE = 500 * 1024 * 1024
"""Bytes. Less than this is gone before somebody looks again."""

NETWORK = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "ceph", "glusterfs", "9p", "afs", "lustre", "fuse.sshfs"})

MOUNTS = Path("/proc/self/mountinfo")

_OTHERS_READ = 0o077


def machine(settings: Settings, config: Path | None) -> Iterator[Finding]:
    """Everything that can be seen without the bot and without the database. No `config`: the practice city's."""
    yield _config(settings, config)
    yield from _files(settings)
    yield from _disk(settings)
    yield zone_of(datetime.now(UTC).astimezone())
    yield typefaces(settings)


def _config(settings: Settings, config: Path | None) -> Finding:
    """A change made after the bot was started is not in force; its control socket is as old as its start."""
    if config is None:
        return none(texts.CONFIG, texts.CONFIG_MISSING)
    files = [path for path in (config, *_secret_files(settings, settings)) if path.exists()]
    listening = socket_path(settings)
    if listening.exists() and any(path.stat().st_mtime > listening.stat().st_mtime for path in files):
        return bad(texts.CONFIG, texts.CONFIG_NEWER, texts.RESTART)
    return good(texts.CONFIG, texts.CONFIG_READ)


def _secret_files(settings: Settings, section: BaseModel) -> Iterator[Path]:
    for name, value in section:
        if isinstance(value, BaseModel):
            yield from _secret_files(settings, value)
        elif name.endswith("_file") and value:
            yield settings.path(str(value))


def _files(settings: Settings) -> Iterator[Finding]:
    files = list(_secret_files(settings, settings))
    opened = [str(path) for path in files if path.stat().st_mode & _OTHERS_READ]
    if opened:
        names = " ".join(opened)
        yield bad(texts.FILES, texts.FILES_OPEN.format(names=names), texts.FILES_REMEDY.format(names=names))
    elif files:
        yield good(texts.FILES, texts.FILES_PRIVATE.format(count=len(files)))


def database_folder(settings: Settings) -> Path | None:
    """Where the SQLite file lies, or the nearest folder above it that is there; None for a database server."""
    if not settings.storage.url.startswith("sqlite:"):
        return None
    folder = settings.path(settings.storage.url.removeprefix("sqlite:")).resolve().parent
    while not folder.exists():
        folder = folder.parent
    return folder


def stranger(folder: Path | None) -> Finding | None:
    """Whoever is not the owner would leave files there that the bot cannot write."""
    if folder is None or folder.stat().st_uid == os.geteuid():
        return None
    owner = folder.stat().st_uid
    try:
        name = pwd.getpwuid(owner).pw_name
    except KeyError:
        name = str(owner)
    return bad(texts.STORE, texts.ANOTHER_USER.format(folder=folder), texts.ANOTHER_USER_REMEDY.format(owner=name))


def _disk(settings: Settings) -> Iterator[Finding]:
    folder = database_folder(settings)
    if folder is None:
        yield none(texts.DISK, texts.DISK_ELSEWHERE)
        return
    kind = file_system(folder, MOUNTS.read_text("utf-8") if MOUNTS.exists() else "")
    if kind in NETWORK:
        words = texts.NETWORK_DISK.format(folder=folder, kind=kind)
        yield bad(texts.DISK, words, texts.NETWORK_DISK_REMEDY)
    free = shutil.disk_usage(folder).free
    words = texts.DISK_FREE.format(folder=folder, free=_size(free), kind=kind or "?")
    yield good(texts.DISK, words) if free >= LEAST_FREE else bad(texts.DISK, words, texts.DISK_FULL_REMEDY)


def file_system(folder: Path, mounts: str) -> str:
    """The kind of file system a folder lies on, by the kernel's table (proc(5), mountinfo); '' if unknown."""
    best, kind = "", ""
    for line in mounts.splitlines():
        before, dash, after = line.partition(" - ")
        fields = before.split()
        if not dash or len(fields) < 5:
            continue
        # The kernel writes blanks in names as \040.
        place = fields[4].replace("\\040", " ")
        if folder.is_relative_to(place) and len(place) >= len(best):
            best, kind = place, after.split()[0]
    return kind


def _size(count: int) -> str:
    return f"{count / 2**30:.1f} GB" if count >= 2**30 else f"{count // 2**20} MB"


def zone_of(local: datetime) -> Finding:
    """The machine's zone beside the office's; another one only confuses whoever reads the log."""
    if local.utcoffset() == ZONE.utcoffset(None):
        return good(texts.ZONE, texts.ZONE_GOOD)
    return none(texts.ZONE, texts.ZONE_OTHER.format(zone=f"UTC{local:%z}"), texts.ZONE_REMEDY)
