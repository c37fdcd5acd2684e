"""Sample files of every kind, made on the spot: what a reporter could drop into a chat."""

from __future__ import annotations

import struct
import zipfile
from io import BytesIO

import docx
from docx.oxml import parse_xml

TITLE = "云山县多措并举抓好秋粮收购"
PARAGRAPH = "近日，云山县组织粮食、交通等部门抓好秋粮收购，“一卡通”结算做到当日清。"

_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TRACKED = f"""<w:p {_W}><w:r><w:t>截至目前，</w:t></w:r>
<w:ins w:id="1" w:author="a"><w:r><w:t>新增收购点</w:t></w:r></w:ins>
<w:del w:id="2" w:author="a"><w:r><w:delText>撤销收</w:delText></w:r>
<w:r><w:delText>购点</w:delText></w:r></w:del>
<w:r><w:t>12个。</w:t></w:r></w:p>"""
_BOX = f"<w:txbxContent {_W}><w:p><w:r><w:t>文本框里的话</w:t></w:r></w:p></w:txbxContent>"
_TEXT_BOX = f"""<w:p {_W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:v="urn:schemas-microsoft-com:vml"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><w:r><w:t>见右。</w:t>
<mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{_BOX}</wps:txbx></mc:Choice>
<mc:Fallback><w:pict><v:textbox>{_BOX}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"""


def word_file(*paragraphs: str, header: str = "") -> bytes:
    """A .docx with one paragraph a line."""
    document = docx.Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if header:
        document.sections[0].header.paragraphs[0].text = header
    return _saved(document)


def rich_word_file() -> bytes:
    """A .docx with a table, a tracked insertion and deletion, a doubled text box and a header."""
    document = docx.Document()
    document.add_paragraph(TITLE)
    document.add_paragraph(PARAGRAPH)
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("乡镇", "吨数", "青石镇", "1200"), strict=True):
        cell.text = text
    for xml in (_TRACKED, _TEXT_BOX):
        document.element.body.insert_element_before(parse_xml(xml), "w:sectPr")
    document.sections[0].header.paragraphs[0].text = "页眉里的话"
    return _saved(document)


def _saved(document: docx.document.Document) -> bytes:
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()


def archive(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Any zip archive."""
    stream = BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return stream.getvalue()


def bare_word_file(body: str, prolog: str = "") -> bytes:
    """The smallest thing that is a .docx, from the XML of its body."""
    return archive({"word/document.xml": f"{prolog}<w:document {_W}><w:body>{body}</w:body></w:document>".encode()})


SECTOR = 512
END_OF_CHAIN, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD


def ole_container(streams: dict[str, bytes]) -> bytes:
    """An OLE container ([MS-CFB]): one FAT sector, one directory sector (at most three streams), then the
    streams one after the other, each padded to at least 4,096 bytes so that none needs the mini stream."""
    padded = {name: content.ljust(max(4096, _whole_sectors(content)), b"\0") for name, content in streams.items()}
    fat = [FAT, END_OF_CHAIN]
    entries = [_directory_entry("Root Entry", 5, END_OF_CHAIN, 0)]
    for name, content in padded.items():
        start, count = len(fat), len(content) // SECTOR
        fat += [*range(start + 1, start + count), END_OF_CHAIN]
        entries.append(_directory_entry(name, 2, start, len(content)))
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6,
        0, 1, 1, 0, 4096, END_OF_CHAIN, 0, END_OF_CHAIN, 0,
    )  # fmt: skip
    difat = struct.pack("<109I", 0, *[FREE] * 108)
    table = struct.pack("<128I", *fat, *[FREE] * (128 - len(fat)))
    return header + difat + table + b"".join(entries).ljust(SECTOR, b"\0") + b"".join(padded.values())


def _whole_sectors(content: bytes) -> int:
    return -(-len(content) // SECTOR) * SECTOR


def _directory_entry(name: str, kind: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16le")
    return struct.pack("<64sHBBIII36xIQ", encoded, len(encoded) + 2, kind, 1, FREE, FREE, FREE, start, size)


def old_word_file(*paragraphs: str, password: bool = False) -> bytes:
    """A .doc with one piece of UTF-16 text ([MS-DOC]: file information block, text at 0x400, piece table)."""
    text = "".join(paragraph + "\r" for paragraph in paragraphs)
    raw = text.encode("utf-16le")
    flags = 0x0200 | (0x0100 if password else 0)
    fib = struct.pack("<HH6xH12xII", 0xA5EC, 0xC1, flags, 0x400, 0x400 + len(raw)).ljust(0x400, b"\0")
    pieces = struct.pack("<IIHIH", 0, len(text), 0, 0x400, 0)
    return ole_container({"WordDocument": fib + raw, "1Table": b"\x02" + struct.pack("<I", len(pieces)) + pieces})


def pdf_file(*pages: list[str], encrypted: bool = False) -> bytes:
    """A PDF whose pages hold these lines, in a Chinese font that is named but not embedded."""
    font = 3 + 2 * len(pages)
    kids = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} /MediaBox [0 0 595 842] >>",
    ]
    for number, lines in enumerate(pages):
        drawn = "".join(f"<{line.encode('utf-16be').hex()}> Tj 0 -30 Td\n" for line in lines)
        content = f"BT /F1 16 Tf 80 760 Td\n{drawn}ET"
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /Contents {4 + 2 * number} 0 R "
            f"/Resources << /Font << /F1 {font} 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    objects += [
        "<< /Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H "
        f"/DescendantFonts [{font + 1} 0 R] >>",
        "<< /Type /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light "
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (GB1) /Supplement 2 >> "
        f"/FontDescriptor {font + 2} 0 R >>",
        "<< /Type /FontDescriptor /FontName /STSong-Light /Flags 6 /FontBBox [0 -200 1000 900] "
        "/ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>",
    ]
    # A key that no empty password opens.
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{'5a' * 32}> /U <{'a5' * 32}> /P -4 >> /ID [<00> <00>]"
    return _numbered(objects, lock if encrypted else "")


def _numbered(objects: list[str], extra: str) -> bytes:
    out, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{content}\nendobj\n".encode()
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    count = len(objects) + 1
    tail = f"xref\n0 {count}\n0000000000 65535 f \n{table}trailer\n<< /Size {count} /Root 1 0 R {extra} >>\n"
    return out + f"{tail}startxref\n{len(out)}\n%%EOF\n".encode()


def rtf_file(*paragraphs: str) -> bytes:
    """Rich text as Word writes it: \\u escapes for one half, code page 936 for the other."""
    escaped = [
        "".join(f"\\u{unit - 65536 if unit > 32767 else unit}?" for unit in _units(text))
        if number % 2
        else "".join(f"\\'{byte:02x}" for byte in text.encode("gbk"))
        for number, text in enumerate(paragraphs)
    ]
    font = r"{\fonttbl{\f0\fnil\fcharset134 SimSun;}}"
    text = r"\par ".join(escaped)
    return rf"{{\rtf1\ansi\ansicpg936\deff0{font}\f0 {text}\par}}".encode("ascii")


def _units(text: str) -> tuple[int, ...]:
    raw = text.encode("utf-16le")
    return struct.unpack(f"<{len(raw) // 2}H", raw)
