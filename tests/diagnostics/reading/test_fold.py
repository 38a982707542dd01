import random
import re
import sys

import pytest

from diagnostics.reading.fold import SETTLED, fold, origins
from diagnostics.reading.scanner import flatten


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("In GERMAN", "in german"),
        ("Español, français, Português", "espanol, francais, portugues"),
        ("e\u0301te\u0301", "ete"),
        ("ＨＴＭＬ　３", "html 3"),
        ("٣ نقاط", "3 نقاط"),
        ("أُجِب باللّغة", "اجب باللغه"),
        ("Ещё Й", "еще и"),
        ("İstanbul ısı", "istanbul isi"),
        ("ドイツ語", "ドイツ語"),
        ("हिन्दी", "हिन्दी"),
        ("ﬁn", "ﬁn"),
        ("l’anglais", "l'anglais"),
        ("a\u200bb\u00adc", "abc"),
        ("\ud800", "\ufffd"),
    ],
)
def test_fold(text, folded):
    assert fold(text) == folded
    assert fold(folded) == folded


def test_places_can_be_traced_back():
    text = "e\u0301te\u0301 İ\u200bx"
    folded = fold(text)
    places = origins(text, folded)
    assert len(places) == len(folded) + 1
    assert [text[place] for place in places[:-1]] == ["e", "t", "e", " ", "İ", "x"]
    assert places[-1] == len(text)


def test_any_text_is_traced_back():
    chance = random.Random(5)
    for _ in range(300):
        text = "".join(
            chr(chance.choice([chance.randrange(0x300, 0x3000), chance.randrange(0x110000)])) for _ in range(30)
        )
        folded = fold(text)
        places = origins(text, folded)
        assert len(places) == len(folded) + 1
        assert all(fold(text[place]) == char for place, char in zip(places, folded, strict=False))


def test_settled_letters_are_folded_and_flat():
    settled = "".join(re.findall(f"[{SETTLED}]", "".join(map(chr, range(sys.maxunicode + 1)))))
    assert len(settled) > 30_000
    for char in settled:
        assert fold(char) == flatten(char) == char
