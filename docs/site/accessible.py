"""What a screen reader and a keyboard need beyond the theme: words for pictures, and boxes that scroll take the focus."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath

from docutils import nodes

CAPTION = 'class="caption" role="heading"'
ALT = "alt.json"  # in the folder of the pages: the words for each output's picture, by the name of its file


def describe_pictures(app, tree) -> None:
    """Give each picture that a cell has shown the words that the kernel gave for it."""
    words = json.loads((Path(app.srcdir) / ALT).read_text(encoding="utf-8"))
    for image in tree.findall(nodes.image):
        name = PurePosixPath(image["uri"]).name
        if not image.get("alt"):
            image["alt"] = words.get(name, "")


def finish(app, page, template, context, tree) -> None:
    """A box that scrolls takes the focus, or else the keyboard cannot scroll it; a caption is a heading of some level."""
    for part in ("body", "furo_navigation_tree"):
        if part in context:
            context[part] = context[part].replace(CAPTION, f'{CAPTION} aria-level="2"')
    if "body" in context:
        context["body"] = re.sub("<pre>", '<pre tabindex="0">', context["body"])
        context["body"] = re.sub(r'<div class="table-wrapper', r'<div tabindex="0" class="table-wrapper', context["body"])


def setup(app) -> dict:
    app.connect("doctree-read", describe_pictures)
    app.connect("html-page-context", finish, priority=900)  # after the theme
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
