"""The score: its frozen weights, and what a trial makes of words and n-grams."""

from __future__ import annotations

import msgspec
import pytest

from diagnostics.language.identify import Identifier
from diagnostics.language.weighing import Fit, Trial


def trial(identifier: Identifier, text: str, language: str, script: str = "Latin") -> Trial:
    return Trial(identifier.engines, identifier.passage(text), language, script)


def test_the_shipped_fit_is_a_sensible_one() -> None:
    fit = Fit.load()
    for weights in (fit.listed, fit.unlisted):
        assert weights.words > 0.5
        assert weights.ngrams > 0.2
    assert fit.alone.words == 0
    assert fit.mismatch.pair < fit.mismatch.longer < -2.2
    assert fit.listed.z(0.0, 0.0) == fit.listed.bias


def test_a_fit_with_a_missing_threshold_is_refused() -> None:
    with pytest.raises(msgspec.ValidationError, match="longer"):
        msgspec.json.decode(b'{"pair": -9}', type=type(Fit.load().mismatch))


@pytest.mark.parametrize("language", ["de", "sw"])
def test_words_decide_without_the_ngrams(
    identifier: Identifier, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    passage = identifier.passage("There was nobody in the house when they came back from the market yesterday evening.")
    monkeypatch.setattr(identifier.engines.ngrams, "rank", None)  # would fail if it were called
    outcome = Trial(identifier.engines, passage, language, "Latin").weigh(["en"])
    assert outcome is not None
    assert outcome.winner == "en"
    assert outcome.z < -10


def test_a_double_needs_a_sentence_before_it_is_reported(identifier: Identifier) -> None:
    danish = "Jeg tror ikke, at vi nogensinde"
    short, long = trial(identifier, danish, "no"), trial(identifier, danish + " bliver enige om noget af det her", "no")
    assert [outcome and outcome.winner for outcome in (short.weigh(["en"]), long.weigh(["en"]))] == [None, "da"]


def test_rivals_in_another_script_say_nothing(identifier: Identifier) -> None:
    russian = "Вчера моя сестра пошла на рынок и купила свежий хлеб."
    with_rival = trial(identifier, russian, "ru", "Cyrillic").weigh(["en"])
    assert with_rival == trial(identifier, russian, "ru", "Cyrillic").weigh([])
    assert trial(identifier, russian, "ru", "Cyrillic").likelihood_ratio("en") is None


def test_text_goes_on_as_before_only_where_words_say_so_clearly(identifier: Identifier) -> None:
    german = "Am Abend kochten wir zusammen eine Suppe und sprachen über den Tag."
    assert trial(identifier, german, "de").is_as_before(["en"])
    assert not trial(identifier, german, "nl").is_as_before(["en"])
    assert not trial(identifier, german, "sw").is_as_before(["en"])  # common words of a listed language
    assert trial(identifier, "Watoto wanacheza mpira katika uwanja wa shule", "sw").is_as_before(["en"])
    assert not trial(identifier, "In the evening we cooked a soup", "de").is_as_before(["en"])


def test_a_language_that_no_engine_knows_is_weighed_by_none(identifier: Identifier) -> None:
    assert trial(identifier, "ko te whare", "mi").weigh([]) is None
