"""See also the examples of the signal, which ``test_base`` tries."""

import unicodedata

import pytest

SENTENCES = {
    "de": "Für größere Bäume übernimmt das Grünflächenamt die Straße.",
    "fr": "Où était-ce déjà ? Le garçon a goûté « cette crème brûlée ».",
    "es": "El niño comió piñas y dijo: «¿Qué mañana será?»",
    "pt": "A avó não põe açúcar no café da manhã do irmão.",
    "pl": "Zażółć gęślą jaźń, żółwiu śpiący.",
    "cs": "Příliš žluťoučký kůň úpěl ďábelské ódy.",
    "tr": "Şu köşe yaz köşesi, şu köşe kış köşesi değil.",
    "vi": "Trời đẹp quá, chúng ta đi dạo ở công viên nhé.",
    "el": "Η θάλασσα είναι ήρεμη σήμερα.",
    "ru": "Съешь ещё этих мягких французских булок.",
    "ar": "الطقس جميل اليوم في المدينة.",
    "he": "מזג האוויר יפה היום בעיר.",
    "hi": "आज शहर में मौसम अच्छा है।",
    "th": "วันนี้อากาศดีมากในเมือง",
    "zh": "今天城里的天气很好。",
    "ja": "今日の天気はとてもいいです。",
    "ko": "오늘 도시의 날씨가 아주 좋습니다.",
}


def windows_1252(data: bytes) -> str:
    """Bytes read as browsers read them: what the code page leaves open is a control character."""
    return "".join(bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in data)


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items())
@pytest.mark.parametrize("decode", [windows_1252, lambda data: data.decode("latin-1")])
def test_utf_8_read_in_another_encoding_is_found_in_every_language(find, language, sentence, decode):
    (found,) = find(f"OK. {decode(sentence.encode())}", language=language)
    assert found.span[0] >= 4
    assert found.explanation.startswith("UTF-8 was read in another encoding: ")


@pytest.mark.parametrize("language", ["ru", "el", "zh"])
def test_utf_8_read_twice_in_another_encoding(find, language):
    twice = windows_1252(windows_1252(SENTENCES[language].encode()).encode())
    assert len(find(twice, language=language)) == 1


def test_cyrillic_read_in_the_cyrillic_code_page(find):
    broken = SENTENCES["ru"].encode().decode("cp1251", "replace")
    assert len(find(broken.replace("\ufffd", ""), language="ru")) == 1


@pytest.mark.parametrize(("language", "sentence"), SENTENCES.items())
def test_sound_text_stays_sound_in_any_case_and_form(find, language, sentence):
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, sentence)
        for each in (text, text.upper(), f"„{text.upper()}“ – ‘{text}’…", f"«\xa0{text}\xa0»", f"°µѕ {text}"):
            assert find(each, language=language) == []


@pytest.mark.parametrize("language", SENTENCES)
def test_a_lost_character_is_found(find, language):
    sentence = SENTENCES[language]
    (found,) = find(f"{sentence[:7]}\ufffd{sentence[8:]}", language=language)
    assert found.span == (7, 8)
    assert find(sentence + "\ufffd\ufffd", language=language, complete=False) == []


def test_bytes_written_out(find):
    assert find("Danke <0xF0><0x9F>")[0].span == (6, 18)
    assert find("Danke <0x41>")[0].explanation == "bytes are written out: <0x41>"
    assert find("Der Token `<0x41>` steht für A.\n```\n<0x42>\n```") == []
    assert find("Der Token <0x41> steht für A.", "Was ist <0x41>?") == []
