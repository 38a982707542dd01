"""Naive Bayes over n-grams, with py3langid's model in a third of its memory.

It counts n-grams of up to six bytes, which an automaton finds (Lui and Baldwin, "langid.py: An Off-the-shelf Language
Identification Tool", ACL 2012). The tables of both mostly repeat themselves: a state moves to where its suffix would,
and an n-gram is as rare in one language as any other that it does not have. So each table is cut into strips of a few
columns, and of the equal pieces of a strip one is kept. The probabilities are py3langid's to the bit.

Importing this imports numpy: it is to be imported when the model is first needed.
"""

from __future__ import annotations

import lzma
import math
import shutil
import tempfile
import unicodedata
from array import array
from collections import Counter
from collections.abc import Mapping
from operator import itemgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE

BYTES, LABELS = 32, 4
"""Columns of a strip: bytes in the table of moves, labels in that of likelihoods."""

_NO_NGRAM = -1
"""What the model's automaton gives in a state in which no n-gram ends."""


class NaiveBayes:
    """What a text's n-grams say of its language: labels and their probabilities."""

    def __init__(self, model: Mapping[str, NDArray[Any]]) -> None:
        """``model``: the arrays of py3langid's file. Each is asked for once, and only the smallest are kept."""
        self._columns: list[str] = model["classes"].tolist()
        self._moves, self._places = _moves(model["nextmove"].reshape(-1, 256), model["nextmove_row"])
        self._ngrams = array("i", model["out_feat"].tobytes())
        self._likelihoods, self._pieces, self._offsets = _likelihoods(model["ptc"])
        self._prior: NDArray[np.float32] = model["pc"]
        first = {label: self._columns.index(label) for label in self._columns}
        self._aliases = [(first[label], at) for at, label in enumerate(self._columns) if at != first[label]]
        self.labels = frozenset(first)

    @classmethod
    def load(cls) -> NaiveBayes:
        """The model that py3langid ships."""
        # Unpacked it has 65 MB, of which one array after the other is read.
        with tempfile.TemporaryFile() as file:
            with lzma.open(MODEL_DIR / MODEL_FILE) as compressed:
                shutil.copyfileobj(compressed, file)
            file.seek(0)
            with np.load(file) as arrays:
                return cls(arrays)

    def classify(self, text: str) -> tuple[str, float]:
        """The likeliest label, with its probability."""
        probabilities = self._probabilities(text)
        best = int(probabilities.argmax())
        return self._columns[best], float(probabilities[best])

    def rank(self, text: str) -> list[tuple[str, float]]:
        """All labels with their probabilities, the likeliest first."""
        found: dict[str, float] = {}
        for label, probability in zip(self._columns, self._probabilities(text).tolist(), strict=True):
            found.setdefault(label, probability)
        return sorted(found.items(), key=itemgetter(1), reverse=True)

    def _probabilities(self, text: str) -> NDArray[np.float32]:
        """By column; a label that has several has all in the first."""
        encoded = unicodedata.normalize("NFC", text.lower() if text.isupper() else text).encode(errors="surrogatepass")
        counts = self._count(encoded)
        scores = self._score(counts) if counts else np.zeros(len(self._columns), np.float32)
        scores *= 1.0 / math.sqrt(len(encoded) or 1)  # n-grams overlap: their likelihoods are far from independent
        np.exp(scores - scores.max(), out=scores)
        scores /= scores.sum()
        for first, other in self._aliases:
            scores[first] += scores[other]
            scores[other] = 0.0
        return scores

    def _count(self, encoded: bytes) -> Counter[int]:
        """How often each n-gram is the longest that ends at a byte, in their order."""
        moves, places, ngrams = self._moves, self._places, self._ngrams
        found: list[int] = []
        add = found.append
        state = 0
        for byte in encoded:
            state = moves[places[byte][state] + byte]
            add(ngrams[state])
        counts = Counter(found)
        del counts[_NO_NGRAM]
        return counts

    def _score(self, counts: Counter[int]) -> NDArray[np.float32]:
        """Log probabilities by column, up to a constant."""
        ngrams = np.fromiter(counts.keys(), np.intp, len(counts))
        times = np.fromiter(counts.values(), np.float32, len(counts))
        pieces = self._likelihoods.take(self._pieces.take(ngrams, 0) + self._offsets, 0)
        table = pieces.reshape(len(counts), -1)[:, : len(self._columns)]
        scores: NDArray[np.float32] = np.log1p(times) @ table + self._prior
        return scores


def _moves(table: NDArray[np.uint32], rows: NDArray[Any]) -> tuple[array[int], list[array[int]]]:
    """From a table of the next state by row and byte, and the row of each state: the moves of all kept pieces one after
    the other; and for every byte, by state, where in them its piece would begin if it began with byte 0."""
    kept = array("I")
    places: list[array[int]] = []
    for start in range(0, 256, BYTES):
        numbers: dict[bytes, int] = {}
        pieces = [numbers.setdefault(row.tobytes(), len(numbers)) for row in table[:, start : start + BYTES]]
        begins = np.array(pieces, np.uint32)[rows] * BYTES + (len(kept) - start)  # each strip before has left a piece
        places += [array("I", begins.tobytes())] * BYTES
        kept.frombytes(b"".join(numbers))
    return kept, places


def _likelihoods(table: NDArray[np.float16]) -> tuple[NDArray[np.float32], NDArray[Any], NDArray[np.intp]]:
    """All kept pieces; by n-gram and strip which piece of the strip it has; and by strip where its pieces begin."""
    kept: list[NDArray[np.uint64]] = []
    chosen: list[NDArray[Any]] = []
    for start in range(0, table.shape[1], LABELS):
        strip = table[:, start : start + LABELS]
        # Four half floats side by side are one number of 64 bits.
        pieces = np.pad(strip, ((0, 0), (0, LABELS - strip.shape[1]))).view(np.uint64).ravel()
        different, piece = np.unique(pieces, return_inverse=True)
        kept.append(different)
        chosen.append(piece.astype(np.min_scalar_type(len(different))))
    offsets = np.cumsum([0, *map(len, kept[:-1])], dtype=np.intp)
    # Half floats take half as much, but to cast those of a text would take a quarter of all time.
    likelihoods = np.concatenate(kept).view(np.float16).astype(np.float32).reshape(-1, LABELS)
    return likelihoods, np.stack(chosen, axis=1), offsets
