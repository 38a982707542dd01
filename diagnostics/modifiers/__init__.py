"""Modifiers: what an instruction adds on how to answer. One file each, registered here."""

from __future__ import annotations

from .base import Example, Modifier, Outcome
from .beginning import Beginning
from .bullets import Bullets
from .capitals import Capitals
from .characters import Characters
from .code import Code
from .comma import Comma
from .csv import Csv
from .digits import Digits
from .emoji import Emoji
from .ending import Ending
from .exclude import Exclude
from .fence import Fence
from .highlight import Highlight
from .html import Html
from .include import Include
from .json import Json
from .keyword import Keyword
from .letters import Letters
from .lines import Lines
from .lowercase import Lowercase
from .markdown import Markdown
from .marker import Marker
from .numbered import Numbered
from .options import Options
from .paragraph import Paragraph
from .paragraphs import Paragraphs
from .placeholders import Placeholders
from .plain import Plain
from .postscript import Postscript
from .quotes import Quotes
from .repeat import Repeat
from .responses import Responses
from .sections import Sections
from .sentences import Sentences
from .table import Table
from .title import Title
from .uppercase import Uppercase
from .words import Words
from .xml import Xml
from .yaml import Yaml

__all__ = ["MODIFIERS", "Example", "Modifier", "Outcome"]

MODIFIERS: tuple[type[Modifier], ...] = (
    Beginning,
    Bullets,
    Capitals,
    Characters,
    Code,
    Comma,
    Csv,
    Digits,
    Emoji,
    Ending,
    Exclude,
    Fence,
    Highlight,
    Html,
    Include,
    Json,
    Keyword,
    Letters,
    Lines,
    Lowercase,
    Markdown,
    Marker,
    Numbered,
    Options,
    Paragraph,
    Paragraphs,
    Placeholders,
    Plain,
    Postscript,
    Quotes,
    Repeat,
    Responses,
    Sections,
    Sentences,
    Table,
    Title,
    Uppercase,
    Words,
    Xml,
    Yaml,
)
"""Every modifier that can be asked for, by name."""
