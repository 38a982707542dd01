"""The only home of lines, words, sentences and scripts, and of masking what is not prose."""

from .letters import Cases, count_cases, is_capital, is_cased, is_small, script, scripts, stretches
from .masks import CodeMask, block_quotes, mask_code, mask_glosses, mask_quotes, pasted_letters, quotes
from .segmentation import SegmentedWords, Segmenter, count_sentences, installed_segmenter, sentences
from .units import ELIDED, composed, count_characters, count_words, lines, unspaced, word_spans, words

__all__ = [
    "ELIDED",
    "Cases",
    "CodeMask",
    "SegmentedWords",
    "Segmenter",
    "block_quotes",
    "composed",
    "count_cases",
    "count_characters",
    "count_sentences",
    "count_words",
    "installed_segmenter",
    "is_capital",
    "is_cased",
    "is_small",
    "lines",
    "mask_code",
    "mask_glosses",
    "mask_quotes",
    "pasted_letters",
    "quotes",
    "script",
    "scripts",
    "sentences",
    "stretches",
    "unspaced",
    "word_spans",
    "words",
]
