"""A font for formulas, in the style sheet itself: a page on a disk may load no font from another folder in every browser.

STIX Two Math (SIL Open Font License) comes with the package ziamath. Of it the site has the letters, signs and growing
brackets that formulas use, under another name, as the licence asks.
"""

from __future__ import annotations

from base64 import b64encode
from importlib.resources import files
from io import BytesIO
from pathlib import Path

NAME = "Course Math"
RANGES = (0x20, 0x7E), (0xA0, 0xFF), (0x300, 0x338), (0x370, 0x3FF), (0x2000, 0x206F), (0x20D0, 0x20DF), (0x2100, 0x22FF)
RANGES += ((0x2308, 0x230B), (0x23B4, 0x23E1), (0x27E6, 0x27EF), (0x27F5, 0x27FA), (0x1D400, 0x1D503), (0x1D538, 0x1D56B))
RANGES += ((0x1D6A4, 0x1D755), (0x1D7CE, 0x1D7E1))


def style() -> str:
    """Return the style sheet with the font in it."""
    data = b64encode(font()).decode()
    note = "/* From STIX Two Math, (c) The STIX Fonts Project Authors, SIL Open Font License 1.1. */"
    face = f'@font-face {{ font-family: "{NAME}"; src: url("data:font/woff;base64,{data}") format("woff"); }}'
    return f'{note}\n{face}\nmath {{ font-family: "{NAME}", math; }}\n'


def font() -> bytes:
    """Return the part of the font that formulas use."""
    from fontTools import subset
    from fontTools.ttLib import TTFont

    with files("ziamath").joinpath("fonts", "STIXTwoMath-Regular.ttf").open("rb") as file:
        whole = TTFont(file, recalcTimestamp=False)
        options = subset.Options(flavor="woff", layout_features=["ssty", "dtls", "flac"], hinting=False, notdef_outline=True)
        cutter = subset.Subsetter(options)
        cutter.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
        cutter.subset(whole)
        for record in whole["name"].names:
            if record.nameID in (1, 3, 4, 6, 16):
                record.string = NAME.replace(" ", "") if record.nameID == 6 else NAME
        whole.flavor = "woff"
        part = BytesIO()
        whole.save(part)
    return part.getvalue()


def write_style(app, config) -> None:
    """Lay the style sheet among the site's static files."""
    folder = Path(app.srcdir) / "_math"
    folder.mkdir(exist_ok=True)
    (folder / "math.css").write_text(style(), encoding="utf-8")
    config.html_static_path.append(str(folder))


def setup(app) -> dict:
    app.connect("config-inited", write_style)
    app.add_css_file("math.css")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
