"""Texts that are in no language, or hardly: what does each engine make of them?"""

from __future__ import annotations

import math

from .tables import console, table
from .trials import Setup, judge

JUNK = (
    ("empty", "", "de"),
    ("number", "42", "de"),
    ("list of numbers", "1.\n2.\n3.", "de"),
    ("emoji", "😀🎉👍", "de"),
    ("OK", "OK", "de"),
    ("code in a fence", "```python\nfor word in words:\n    print(word)\n```", "de"),
    ("code without one", "def add(first, second):\n    return first + second", "de"),
    ("JSON", '{"name": "Anna", "age": 31, "city": "Bern", "active": true}', "de"),
    ("HTML", '<div class="note"><img src="a.png" alt=""/><br/></div>', "de"),
    ("URL", "https://www.example.org/en/about/index.html", "de"),
    ("LaTeX", r"\frac{a}{b} = \sqrt{x^2 + y^2}", "de"),
    ("SQL", "SELECT id, name FROM users WHERE age > 30 ORDER BY name;", "de"),
    ("names", "Anna Müller, John Smith, Pablo Ortega", "fr"),
    ("one name", "Johann Sebastian Bach", "tr"),
    ("French in capitals", "BONJOUR, COMMENT ALLEZ-VOUS AUJOURD'HUI ?", "fr"),
    ("Russian in capitals", "ДОБРЫЙ ДЕНЬ, КАК ВАШИ ДЕЛА?", "ru"),
    ("base64", "aGVsbG8gd29ybGQsIHRoaXMgaXMgYSB0ZXN0IG9mIGJhc2U2NA==", "de"),
    ("hash", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "de"),
    ("Hindi in Latin letters", "mujhe aaj bahut kaam karna hai aur phir ghar jana hai", "hi"),
    ("Korean with a term", "저는 machine learning 을 공부합니다", "ko"),
    ("three Han characters", "東京都", "ja"),
    ("replacement characters", "\ufffd" * 30, "zh"),
)
"""Name, text, the language that is expected of it: right or no answer, but never wrong."""


def run(setup: Setup) -> None:
    """Print the first answer of every engine with its probability, and our verdict in its place in a reply."""
    engines = setup.everyone
    shown = table(
        f"junk ({len(JUNK)} texts): the language named and its probability, - for no answer; then our verdict on it as "
        "a reply where that language was wanted",
        "text", *(engine.name for engine in engines), "wanted", "our verdict",
    )  # fmt: skip
    for name, text, expected in JUNK:
        said = []
        for engine in engines:
            scores = engine.scores(text)
            best = max(scores, key=scores.__getitem__, default=None)
            said.append(f"{best} {math.exp(scores[best]):.2f}" if best else "-")
        shown.add_row(name, *said, expected, judge(setup.detector, text, expected, expected).verdict)
    console.print(shown)
