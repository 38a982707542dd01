import msgspec
import pytest

from diagnostics.core import Verdict
from diagnostics.modifiers.address import Address

ADDRESSED = [
    ("cs", "Máš čaj ty, nebo tvoje máma?", "Pijete čaj vy a vaše máma?"),
    ("de", "Trinkst du deinen Tee?", "Trinken Sie Ihren Tee?"),
    ("es", "¿Y tú, tomas tu té?", "¿Y usted, toma té?"),
    ("fr", "Bois-tu ton thé ? Il t’attend.", "Buvez-vous votre thé ?"),
    ("it", "Bevi il tuo tè, ti prego", "Beva, La prego, il Suo tè"),
    ("nl", "Drink je je thee?", "Drinkt u uw thee?"),
    ("pl", "Czy to twoja herbata, dla ciebie?", "Czy Pan pije? Zapraszam Państwa"),
    ("pt", "Tu bebes o teu chá?", "O senhor bebe?"),
    ("ru", "Ты пьёшь свой чай, тебе нравится?", "Вы пьёте ваш чай?"),
    ("tr", "Sen çayını iç, sana iyi gelir", "Siz içer misiniz, size iyi gelir"),
    ("ca", "Tu tens el teu te", "Vostè té te"),
    ("el", "Εσύ πίνεις το τσάι σου", "Εσείς πίνετε το τσάι σας"),
    ("fa", "تو چای می‌نوشی", "شما چای می‌نوشید"),
    ("fi", "Juotko sinä sinun teesi", "Juotteko te teidän teenne"),
    ("hi", "तुम चाय पियो, यह तुम्हारी है", "आप चाय पीजिए, यह आपकी है"),
    ("hu", "Te iszol? Neked hoztam", "Ön iszik? Önnek hoztam"),
    ("id", "Apakah kamu minum teh?", "Apakah Anda minum teh?"),
    ("ro", "Tu bei ceaiul tău?", "Dumneavoastră beți ceai?"),
    ("zh", "你喝茶吗？", "您喝茶吗？"),
    ("uk", "Ти п'єш? Це твій чай", "Ви п'єте? Це ваш чай"),
]


@pytest.mark.parametrize(("language", "informal", "formal"), ADDRESSED)
def test_both_registers(language, informal, formal):
    for register, right, wrong in (("informal", informal, formal), ("formal", formal, informal)):
        asked = msgspec.convert({"register": register, "language": language}, Address)
        assert asked.check(right, True).form == "bare"
        assert asked.check(wrong, True).verdict is Verdict.FAIL


@pytest.mark.parametrize("reply", ["", "Prends le thé.", "La tulipe, tests, statue", "tutu vousoyer"])
def test_nothing_tells(reply):
    assert Address().check(reply, True).verdict is Verdict.ABSTAIN


def test_sie_at_the_head_of_a_sentence_may_be_she():
    asked = Address("formal", "de")
    assert asked.check("Sie trinkt. „Sie trinken.“", True).verdict is Verdict.ABSTAIN
    assert (
        asked.check("Dann, trinken Sie. Ich danke Ihnen", True).explanation
        == "2 formal words of address, 0 informal ones"
    )


def test_the_greater_part_decides():
    assert Address().check("tu, ton, vous", True).score == 0.667
    assert Address().check("tu, vous, votre", True).verdict is Verdict.FAIL
    assert Address().check("tu, vous", True).verdict is Verdict.FAIL


def test_cut_short():
    assert Address().check("Tu bois ton thé.\n", False).verdict is Verdict.ABSTAIN


@pytest.mark.parametrize("arguments", [{"register": "rude"}, {"language": "xx"}, {"language": "FR"}])
def test_wrong_arguments(arguments):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(arguments, Address)


@pytest.mark.parametrize("language", [language for language, _, _ in ADDRESSED])
@pytest.mark.parametrize("piece", ["tu ", "o senhor", "twoj", "t'", "ваш", "a Sie"])
def test_hostile_replies_end(language, piece):
    assert Address("formal", language).check(piece * 30_000, True).explanation
