"""The only home of lines, words, sentences and scripts, and of masking what is not prose."""

from .letters import script, scripts, stretches
from .masks import CodeMask, mask_code, mask_glosses, mask_quotes
from .segmentation import sentences
from .units import ELIDED, count_characters, count_words, lines, word_spans, words

__all__ = [
    "ELIDED",
    "CodeMask",
    "count_characters",
    "count_words",
    "lines",
    "mask_code",
    "mask_glosses",
    "mask_quotes",
    "script",
    "scripts",
    "sentences",
    "stretches",
    "word_spans",
    "words",
]
