"""See also the examples of the signal, which ``test_base`` tries."""

import pytest


@pytest.mark.parametrize(
    ("language", "word"),
    [
        ("ru", "cлово"), ("ru", "слoво"), ("ru", "слово" + "a"), ("ru", "MОСКВА"), ("ru", "МOСКВА"),
        ("ru", "протеomic"), ("ru", "Генetически"), ("uk", "бiйцiв"), ("en", "pаypal"), ("en", "micrоsoft"),
        ("el", "καλημeρα"),
    ],
)  # fmt: skip
def test_a_broken_word_is_found_with_its_place(find, language, word):
    (found,) = find(f"1, 2. {word}!", language=language)
    assert found.span == (6, 6 + len(word))
    assert word in found.explanation


@pytest.mark.parametrize(
    "text",
    [
        "iPhoneом и Googleу, PDFка, pushить, IT-шник, e-mail'ом, TikTokеры", "СберBank, ВкусVill, МегаFon", "HTMLиCSS",
        "кВт·ч, 5G, м2, x-координата, осьx, точкаA", "μm, Ωcm, Δx, λ-calculus, β2", "Tシャツ、Wi-Fi、X線",
        "AI는 Zoom으로", "C++程序和Java代码", "الـAI وGoogle", "ה-AI בGoogle", "ใช้GPTช่วย", "GPTका उपयोग",
        "Я дал ссылку: https://пример.рф/теsт, почта: вася@site.ru, `теsт`",
        "L’étudiant écrit 你好 (bonjour) et 谢谢.", "Слово 你好 значит «привет».",
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", ["ru", "en", "zh"])
def test_sound_mixtures_are_left_alone(find, language, text):
    assert find(text, language=language) == []


@pytest.mark.parametrize("text", ["значение为нас", "die Entwick发展lung", "الأ事ياء", "स्ते京शन"])
def test_letters_of_chinese_and_its_kin_inside_a_word(find, text):
    guest = f"{text} " + "x" * 60
    assert len(find(guest, language="ru")) == 1
    assert find(guest, language="zh") == []
    assert find(f"{text} 是一个有意思的词，我们在这里说的是中文。", language="ru") == []


def test_what_the_user_wrote_is_the_users(find):
    assert find("Es heißt „привет“, nicht „приvет“.", "Ist приvет richtig?") == []
    assert len(find("Es heißt приvет.", "Es heißt приvет.", role="assistant")) == 1
