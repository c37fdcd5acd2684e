"""How much of a file we are willing to look at.

The figures for zip archives come from a measured bomb: 263 KB of .docx that unpack to 180 MB kept three
well-known readers busy for over a minute, while the archives of real submissions stay far below every
figure here.
"""

from __future__ import annotations

MEGABYTE = 1024 * 1024

MAX_FILE_BYTES = 20 * MEGABYTE
MAX_TEXT_CHARS = 200_000
MAX_PDF_PAGES = 60

MAX_ZIP_BYTES = 60 * MEGABYTE
MAX_ZIP_PART_BYTES = 30 * MEGABYTE
MAX_ZIP_RATIO = 200
MAX_ZIP_ENTRIES = 2_000
