"""The XML of app callbacks (90238, 90239, 90240) and of their optional passive answers (90241)."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree

from .world import Json


def document(fields: Json) -> str:
    """`<xml>` with these fields: text in CDATA, numbers bare, objects nested, lists repeated."""
    return f"<xml>{_children(fields)}</xml>"


def fields_of(text: str) -> dict[str, str]:
    """The direct children of `<xml>` with their text; ValueError when it is none.

    Only for answers of the bot under test to the fake, on the loopback: no guard against hostile entities.
    """
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        raise ValueError("no XML") from error
    return {child.tag: child.text or "".join(child.itertext()) for child in root}


def _children(fields: Json) -> str:
    return "".join(_element(name, value) for name, value in fields.items())


def _element(name: str, value: object) -> str:
    if isinstance(value, list):
        return "".join(_element(name, one) for one in value)
    if isinstance(value, dict):
        return f"<{name}>{_children(value)}</{name}>"
    if isinstance(value, str):
        safe = value.replace("]]>", "]]]]><![CDATA[>")
        return f"<{name}><![CDATA[{safe}]]></{name}>"
    return f"<{name}>{value}</{name}>"
