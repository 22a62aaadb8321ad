"""Files that people show as evidence, small and as real ones begin."""

import zipfile
from io import BytesIO

__all__ = ["HEIC", "JPEG", "PDF", "PNG", "office", "with_macros"]

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\r\n\r\n--\xff\xd9"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"


def office(part: str = "word/document.xml", *more: str) -> bytes:
    """Return a document whose archive holds this part and others."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name in ("[Content_Types].xml", part, *more):
            archive.writestr(name, "<x/>")
    return packed.getvalue()


def with_macros() -> bytes:
    """Return a workbook that brings a program."""
    return office("xl/workbook.xml", "xl/vbaProject.bin")
