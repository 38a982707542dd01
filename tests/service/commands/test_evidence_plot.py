"""The picture of the evidence."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from math import log

from service.commands.evidence_plot import HEIGHT, TOP, Panel, draw

SVG = "{http://www.w3.org/2000/svg}"


def test_names_are_escaped_and_evidence_beyond_the_edge_stays_inside() -> None:
    panel = Panel("<b>&", [10, 20], [5000.0, -5000.0], None, log(20), None)
    tree = ElementTree.fromstring(draw([panel], "<i>", "pairs"))
    assert next(tree.iter(f"{SVG}text")).text == "<i>"
    assert "<b>&" in [each.text for each in tree.iter(f"{SVG}text")]
    heights = [
        float(point.split(",")[1])
        for each in tree.iter(f"{SVG}polyline")
        for point in (each.get("points") or "").split()
    ]
    assert min(heights) >= TOP
    assert max(heights) <= HEIGHT


def test_a_panel_without_requests() -> None:
    ElementTree.fromstring(draw([Panel("de", [], [], [], log(20), log(20))], "", "replies"))
