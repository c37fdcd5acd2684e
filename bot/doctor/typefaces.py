"""The typefaces of PDFs and pictures: whether they are there, and whether the office's own are found by their names."""

from __future__ import annotations

from bot.doctor import texts
from bot.doctor.finding import Finding, bad, good
from bot.office import fonts_folder
from bot.settings import Settings
from domain.errors import BadInput


def typefaces(settings: Settings) -> Finding:
    """The open typefaces of the package will do; the official ones are the office's to buy, and are named if found."""
    from reports.fonts import ROLES, faces

    try:
        found = faces(fonts_folder(settings))
    except BadInput as fault:
        return bad(texts.FONTS, str(fault.details["reason"]))
    except (ImportError, OSError, RuntimeError) as error:
        return bad(texts.FONTS, texts.FONTS_BROKEN.format(reason=type(error).__name__), texts.FONTS_REMEDY)
    official = [found[role][0] for role in ("title", "body") if found[role] and found[role][0] != ROLES[role][-1]]
    if official:
        return good(texts.FONTS, texts.FONTS_OWN.format(names="、".join(official)))
    return good(texts.FONTS, texts.FONTS_OPEN)
