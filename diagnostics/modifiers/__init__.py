"""Modifiers: what an instruction adds on how to answer. One file each, registered here."""

from __future__ import annotations

from .accents import Accents
from .address import Address
from .alphabetical import Alphabetical
from .audience import Audience
from .base import Example, Modifier, Outcome
from .beginning import Beginning
from .bullets import Bullets
from .capitals import Capitals
from .characters import Characters
from .code import Code
from .comma import Comma
from .csv import Csv
from .danda import Danda
from .date_format import DateFormat
from .dieresis import Dieresis
from .digits import Digits
from .emoji import Emoji
from .emoji_only import EmojiOnly
from .ending import Ending
from .enie import Enie
from .exclamation_marks import ExclamationMarks
from .exclude import Exclude
from .fence import Fence
from .forbidden_character import ForbiddenCharacter
from .furigana import Furigana
from .hashtags import Hashtags
from .highlight import Highlight
from .hiragana_only import HiraganaOnly
from .html import Html
from .include import Include
from .items import Items
from .json import Json
from .kanji import Kanji
from .kansuuji import Kansuuji
from .katakana_only import KatakanaOnly
from .keyword import Keyword
from .keyword_position import KeywordPosition
from .labels import Labels
from .length_hint import LengthHint
from .letters import Letters
from .lines import Lines
from .lowercase import Lowercase
from .markdown import Markdown
from .marker import Marker
from .no_accents import NoAccents
from .no_hiragana import NoHiragana
from .no_katakana import NoKatakana
from .nominal_ending import NominalEnding
from .numbered import Numbered
from .numerals import Numerals
from .only_output import OnlyOutput
from .options import Options
from .paragraph import Paragraph
from .paragraphs import Paragraphs
from .period import Period
from .person import Person
from .placeholders import Placeholders
from .plain import Plain
from .postscript import Postscript
from .question_marks import QuestionMarks
from .quotes import Quotes
from .repeat import Repeat
from .responses import Responses
from .rhyme import Rhyme
from .script import Script
from .second_task import SecondTask
from .sections import Sections
from .sentence_ending import SentenceEnding
from .sentences import Sentences
from .speech_level import SpeechLevel
from .stanzas import Stanzas
from .style import Style
from .sub_bullets import SubBullets
from .table import Table
from .tense import Tense
from .tildes import Tildes
from .title import Title
from .title_case import TitleCase
from .tone import Tone
from .unique_words import UniqueWords
from .uppercase import Uppercase
from .urls import Urls
from .vowel_points import VowelPoints
from .whitespace import Whitespace
from .words import Words
from .xml import Xml
from .yaml import Yaml

__all__ = ["BY_NAME", "MODIFIERS", "Example", "Modifier", "Outcome"]

MODIFIERS: tuple[type[Modifier], ...] = (
    Accents,
    Address,
    Alphabetical,
    Audience,
    Beginning,
    Bullets,
    Capitals,
    Characters,
    Code,
    Comma,
    Csv,
    Danda,
    DateFormat,
    Dieresis,
    Digits,
    Emoji,
    EmojiOnly,
    Ending,
    Enie,
    ExclamationMarks,
    Exclude,
    Fence,
    ForbiddenCharacter,
    Furigana,
    Hashtags,
    Highlight,
    HiraganaOnly,
    Html,
    Include,
    Items,
    Json,
    Kanji,
    Kansuuji,
    KatakanaOnly,
    Keyword,
    KeywordPosition,
    Labels,
    LengthHint,
    Letters,
    Lines,
    Lowercase,
    Markdown,
    Marker,
    NoAccents,
    NoHiragana,
    NoKatakana,
    NominalEnding,
    Numbered,
    Numerals,
    OnlyOutput,
    Options,
    Paragraph,
    Paragraphs,
    Period,
    Person,
    Placeholders,
    Plain,
    Postscript,
    QuestionMarks,
    Quotes,
    Repeat,
    Responses,
    Rhyme,
    Script,
    SecondTask,
    Sections,
    SentenceEnding,
    Sentences,
    SpeechLevel,
    Stanzas,
    Style,
    SubBullets,
    Table,
    Tense,
    Tildes,
    Title,
    TitleCase,
    Tone,
    UniqueWords,
    Uppercase,
    Urls,
    VowelPoints,
    Whitespace,
    Words,
    Xml,
    Yaml,
)
"""Every modifier that can be asked for, in the order of their names."""

BY_NAME: dict[str, type[Modifier]] = {modifier.name(): modifier for modifier in MODIFIERS}
