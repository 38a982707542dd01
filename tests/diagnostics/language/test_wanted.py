"""What a conversation wants, read with everything that the product reads with: prompts written by hand, in five
languages, with the language that should be expected, where that is said, and in which words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from diagnostics.core import ExpectedLanguage, Message, Origin
from diagnostics.language.expected import expected_language, instruction_language
from diagnostics.language.identify import Identifier
from diagnostics.reading.loading import load_lexicons
from diagnostics.reading.reader import Reader

Wanted = Callable[..., ExpectedLanguage | None]

DE = (
    "Der Regen fiel seit dem frühen Morgen auf die Dächer der kleinen Stadt, und niemand ging ohne Schirm vor die Tür. "
    "Erst am Abend kam die Sonne noch einmal hervor und legte ein warmes Licht über den leeren Marktplatz. "
    "Die Händler hatten ihre Stände längst abgebaut, nur eine alte Frau verkaufte noch Blumen."
)
EN = (
    "The rain had been falling on the roofs of the small town since early morning, and nobody left home without an "
    "umbrella. Only in the evening did the sun come out once more and lay a warm light over the empty market square. "
    "The traders had long since packed up their stalls, and only an old woman was still selling flowers."
)
FR = (
    "La pluie tombait depuis le petit matin sur les toits de la petite ville, et personne ne sortait sans parapluie. "
    "Le soir seulement, le soleil revint une dernière fois et posa une lumière chaude sur la place vide du marché. "
    "Les marchands avaient rangé leurs étals depuis longtemps, seule une vieille femme vendait encore des fleurs."
)
RU = (
    "Дождь шёл с раннего утра над крышами маленького города, и никто не выходил из дома без зонта. "
    "Лишь вечером солнце выглянуло ещё раз и залило тёплым светом пустую рыночную площадь. "
    "Торговцы давно убрали свои прилавки, и только старая женщина всё ещё продавала цветы."
)
PT = (
    "A chuva caía desde a madrugada sobre os telhados da pequena cidade, e ninguém saía de casa sem guarda-chuva. "
    "Só à noite o sol apareceu mais uma vez e deitou uma luz quente sobre a praça vazia do mercado. "
    "Os vendedores já tinham arrumado as bancas há muito tempo, e apenas uma velha senhora ainda vendia flores."
)
JA = (
    "小さな町の屋根には早朝から雨が降り続き、傘を持たずに外へ出る人は誰もいませんでした。"
    "夕方になってようやく太陽がもう一度顔を出し、人気のない市場の広場を暖かい光で包みました。"
    "商人たちはとうに屋台を片付け、年老いた女性だけがまだ花を売っていました。"
)
ES = (
    "La lluvia caía desde la madrugada sobre los tejados de la pequeña ciudad, y nadie salía de casa sin paraguas. "
    "Solo por la noche volvió a salir el sol y dejó una luz cálida sobre la plaza vacía del mercado."
)

# (prompt, tag, the words that ask for it)
REQUESTED = [
    # English: plain
    ("What causes the tides? Answer in German.", "de", "in German"),
    ("What causes the tides? In Portuguese, please.", "pt", "In Portuguese"),
    ("what causes the tides, reply in russian only", "ru", "in russian"),
    ("French only: what causes the tides?", "fr", "French"),
    ("What causes the tides? Your whole answer has to be written in French.", "fr", "in French"),
    ("Please respond in the Italian language from now on.", "it", "in the Italian language"),
    ("Write a short poem about the sea in Polish.", "pl", "in Polish"),
    ("Explain to me in Spanish how a bicycle stays upright.", "es", "in Spanish"),
    ("If you can, answer in German: what causes the tides?", "de", "in German"),
    ("Do not answer in English but in German. What causes the tides?", "de", "in German"),
    ("What causes the tides? Answer not in French but in German.", "de", "in German"),
    ("What causes the tides? Please answer in German, not in English.", "de", "in German"),
    ("What is the German word order like? Answer in French.", "fr", "in French"),
    ("I am a German teacher. Explain the tides in French, please.", "fr", "in French"),
    ("What causes the tides? 🌊🌊 Answer in German 🙏", "de", "in German"),
    ("What causes the tides?\r\n\r\nAnswer in German.\r\n", "de", "in German"),
    ("`x = 1`\r\n```\nAnswer in French\n```\r\nWhat is this? Answer in German.", "de", "in German"),
    ('Somebody wrote "answer in French" here. Ignore that and answer in German.', "de", "in German"),
    # English: translation
    ("Translate to French: I will come back tomorrow.", "fr", "to French"),
    ("Translate the following sentence from English to German: I will come back tomorrow.", "de", "to German"),
    ("Translate this German text into Portuguese:\n\n" + DE, "pt", "into Portuguese"),
    ("Translate to French:\n\n" + RU, "fr", "to French"),
    ("Could you translate from Russian into English what follows?\n\n" + RU, "en", "into English"),
    ("Please give me a French translation of this: I will come back tomorrow.", "fr", "French translation"),
    ("Translate into Traditional Chinese: I will come back tomorrow.", "zh-Hant", "into Traditional Chinese"),
    # English: scripts
    ("What causes the tides? Answer in Traditional Chinese.", "zh-Hant", "in Traditional Chinese"),
    ("What causes the tides? Answer in Simplified Chinese.", "zh-Hans", "in Simplified Chinese"),
    ("What causes the tides? Answer in Chinese.", "zh", "in Chinese"),
    ("What causes the tides? Answer in Serbian (Latin script).", "sr-Latn", "in Serbian (Latin script)"),
    ("What causes the tides? Answer in Serbian in Cyrillic script.", "sr-Cyrl", "in Serbian in Cyrillic script"),
    ("What causes the tides? Answer in Cyrillic Serbian.", "sr-Cyrl", "in Cyrillic Serbian"),
    ("What causes the tides? Reply in Chinese (traditional).", "zh-Hant", "in Chinese (traditional)"),
    ("What causes the tides? 請用繁體中文回答。", "zh-Hant", "用繁體中文"),
    ("What causes the tides? 请用简体中文回答。", "zh-Hans", "用简体中文"),
    # French
    ("Quelle est la cause des marées ? Réponds en allemand.", "de", "en allemand"),
    ("Quelle est la cause des marées ? En portugais, s'il te plaît.", "pt", "En portugais"),
    ("Quelle est la cause des marées ? Répondez uniquement en russe.", "ru", "en russe"),
    ("Explique-moi en espagnol comment tient un vélo.", "es", "en espagnol"),
    ("Écris un court poème sur la mer en langue italienne.", "it", "en langue italienne"),
    ("Si tu peux, réponds en allemand : quelle est la cause des marées ?", "de", "en allemand"),
    ("Ne réponds pas en français mais en allemand. Quelle est la cause des marées ?", "de", "en allemand"),
    ("Quelle est la cause des marées ? Réponds en allemand, pas en français.", "de", "en allemand"),
    ("Je suis professeur d'allemand. Explique les marées en anglais.", "en", "en anglais"),
    ("Traduis en anglais : Je reviendrai demain.", "en", "en anglais"),
    ("Traduisez la phrase suivante du français vers le russe : Je reviendrai demain.", "ru", "vers le russe"),
    ("Traduis ce texte allemand en portugais :\n\n" + DE, "pt", "en portugais"),
    ("Quelle est la cause des marées ? Réponds en chinois traditionnel.", "zh-Hant", "en chinois traditionnel"),
    ("Quelle est la cause des marées ? Réponds en chinois simplifié.", "zh-Hans", "en chinois simplifié"),
    ("Quelle est la cause des marées ? Réponds en serbe (alphabet latin).", "sr-Latn", "en serbe (alphabet latin)"),
    ("Quelle est la cause des marées ? Réponds en serbe cyrillique.", "sr-Cyrl", "en serbe cyrillique"),
    ("Quelle est la cause des marées ?\r\nRéponds en allemand 🙂 merci", "de", "en allemand"),
    ("On lit « réponds en anglais » sur l'affiche. Réponds-moi en allemand.", "de", "en allemand"),
    # Portuguese
    ("O que causa as marés? Responda em alemão.", "de", "em alemão"),
    ("O que causa as marés? Em francês, por favor.", "fr", "Em francês"),
    ("O que causa as marés? Responda apenas em russo.", "ru", "em russo"),
    ("Explique em espanhol como uma bicicleta fica de pé.", "es", "em espanhol"),
    ("Escreva um poema curto sobre o mar em língua italiana.", "it", "em língua italiana"),
    ("Se puder, responda em alemão: o que causa as marés?", "de", "em alemão"),
    ("Não responda em português, mas em alemão. O que causa as marés?", "de", "em alemão"),
    ("O que causa as marés? Responda em alemão, não em inglês.", "de", "em alemão"),
    ("Sou professor de alemão. Explique as marés em inglês.", "en", "em inglês"),
    ("Traduza para o inglês: Volto amanhã.", "en", "para o inglês"),
    ("Traduza a frase seguinte do português para o russo: Volto amanhã.", "ru", "para o russo"),
    ("Traduza este texto alemão para francês:\n\n" + DE, "fr", "para francês"),
    ("O que causa as marés? Responda em chinês tradicional.", "zh-Hant", "em chinês tradicional"),
    ("O que causa as marés? Responda em chinês simplificado.", "zh-Hans", "em chinês simplificado"),
    ("O que causa as marés? Responda em sérvio (alfabeto latino).", "sr-Latn", "em sérvio (alfabeto latino)"),
    ("O que causa as marés? Responda em sérvio cirílico.", "sr-Cyrl", "em sérvio cirílico"),
    ("O que causa as marés? 🌊\r\nResponda em alemão 🙏", "de", "em alemão"),
    ("O cartaz diz “responda em inglês”. Responda-me em alemão.", "de", "em alemão"),
    # Russian
    ("Почему бывают приливы? Ответь по-немецки.", "de", "по-немецки"),
    ("Почему бывают приливы? На французском, пожалуйста.", "fr", "На французском"),
    ("Почему бывают приливы? Отвечай только на английском языке.", "en", "только на английском языке"),
    ("Объясни по-испански, почему велосипед не падает.", "es", "по-испански"),
    ("Напиши короткое стихотворение о море на итальянском языке.", "it", "на итальянском языке"),
    ("Если можешь, ответь на немецком: почему бывают приливы?", "de", "на немецком"),
    ("Отвечай не по-русски, а по-немецки. Почему бывают приливы?", "de", "по-немецки"),
    ("Почему бывают приливы? Ответь по-немецки, а не по-русски.", "de", "по-немецки"),
    ("Я учитель немецкого языка. Объясни приливы по-английски.", "en", "по-английски"),
    ("Переведи на английский: Я вернусь завтра.", "en", "на английский"),
    ("Переведи предложение с русского на французский: Я вернусь завтра.", "fr", "на французский"),
    ("Переведи этот немецкий текст на португальский:\n\n" + DE, "pt", "на португальский"),
    ("Почему бывают приливы? Ответь на традиционном китайском.", "zh-Hant", "на традиционном китайском"),
    ("Почему бывают приливы? Ответь на упрощённом китайском.", "zh-Hans", "на упрощённом китайском"),
    ("Почему бывают приливы? Ответь на сербском латиницей.", "sr-Latn", "на сербском латиницей"),
    ("Почему бывают приливы? Ответь на сербском языке кириллицей.", "sr-Cyrl", "на сербском языке кириллицей"),
    ("Почему бывают приливы? 🌊\r\nОтветь по-немецки 🙏", "de", "по-немецки"),
    ("На плакате написано «ответь по-английски». Ответь мне по-немецки.", "de", "по-немецки"),
    # German
    ("Wie entstehen die Gezeiten? Antworte auf Englisch.", "en", "auf Englisch"),
    ("Wie entstehen die Gezeiten? Auf Französisch, bitte.", "fr", "Auf Französisch"),
    ("Wie entstehen die Gezeiten? Antworte nur auf Russisch.", "ru", "auf Russisch"),
    ("Erkläre mir auf Spanisch, warum ein Fahrrad nicht umfällt.", "es", "auf Spanisch"),
    ("Schreib ein kurzes Gedicht über das Meer in italienischer Sprache.", "it", "in italienischer Sprache"),
    ("Wenn du kannst, antworte auf Englisch: Wie entstehen die Gezeiten?", "en", "auf Englisch"),
    ("Antworte nicht auf Deutsch, sondern auf Englisch. Wie entstehen die Gezeiten?", "en", "auf Englisch"),
    ("Wie entstehen die Gezeiten? Antworte auf Englisch, nicht auf Deutsch.", "en", "auf Englisch"),
    ("Ich bin Englischlehrer. Erkläre die Gezeiten auf Portugiesisch.", "pt", "auf Portugiesisch"),
    ("Übersetze ins Englische: Ich komme morgen wieder.", "en", "ins Englische"),
    ("Übersetze den Satz aus dem Deutschen ins Russische: Ich komme morgen wieder.", "ru", "ins Russische"),
    ("Übersetze diesen französischen Text ins Portugiesische:\n\n" + FR, "pt", "ins Portugiesische"),
    ("Wie entstehen die Gezeiten? Antworte auf traditionellem Chinesisch.", "zh-Hant", "auf traditionellem Chinesisch"),
    ("Wie entstehen die Gezeiten? Antworte in vereinfachtem Chinesisch.", "zh-Hans", "in vereinfachtem Chinesisch"),
    (
        "Wie entstehen die Gezeiten? Antworte auf Serbisch (lateinische Schrift).",
        "sr-Latn",
        "auf Serbisch (lateinische Schrift)",
    ),
    ("Wie entstehen die Gezeiten? Antworte auf Serbisch in kyrillischer Schrift.", "sr-Cyrl", None),
    ("Wie entstehen die Gezeiten? 🌊\r\nAntworte auf Englisch 🙏", "en", "auf Englisch"),
    ("Auf dem Plakat steht „antworte auf Französisch“. Antworte mir auf Englisch.", "en", "auf Englisch"),
]

# (prompt, tag of the language it is written in): nothing else is asked for
OWN = [
    ("What causes the tides, and why are there two of them a day?", "en"),
    ("Write an essay of two pages about the German language.", "en"),
    ("Write a letter of recommendation for a German teacher.", "en"),
    ("Which grammar mistakes do learners make when they begin to learn French?", "en"),
    ("Do not answer in French. What causes the tides?", "en"),
    ("Answer in the same language as my question: what causes the tides?", "en"),
    ("What causes the tides? Answer in the language I am writing in.", "en"),
    ("What causes the tides? Please answer in my language.", "en"),
    ("If the user writes in French, answer in French. What causes the tides?", "en"),
    ("Summarise this for me in two sentences:\n\n" + DE, "en"),
    ("Summarise the text below, please.\n\n" + FR, "en"),
    ("Summarise:\n" + DE, "en"),
    ("Zusammenfassen:\n" + EN, "de"),
    ("Объясни: " + EN, "ru"),
    ("Résumez :\n\n" + DE, "fr"),
    (RU + "\n\nWhat is this text about, and who is the woman in it?", "en"),
    (DE + "\nWhat is this text about, and who is the woman in it?", "en"),
    ("What is the main point of this text, in your own words?\n\n" + JA * 40, "en"),
    ("What is the main point of this text, in your own words? " + JA, "en"),
    ("Read this carefully.\n\n" + DE + "\n\n" + DE + "\n\nWho sells flowers, and why does it matter?", "en"),
    (f'Explain what the writer means by "{DE}", please.', "en"),
    ("What does this program print, and why?\n```python\nprint('antworte auf Deutsch')\n```", "en"),
    ("Quelle est la cause des marées, et pourquoi y en a-t-il deux par jour ?", "fr"),
    ("Écris une dissertation de deux pages sur la langue allemande.", "fr"),
    ("Écris une lettre de recommandation pour un professeur allemand.", "fr"),
    ("Ne réponds pas en anglais. Quelle est la cause des marées ?", "fr"),
    ("Réponds dans la même langue que ma question : quelle est la cause des marées ?", "fr"),
    ("Quelle est la cause des marées ? Réponds dans la langue dans laquelle j'écris.", "fr"),
    ("Quelle est la cause des marées ? Réponds dans ma langue, s'il te plaît.", "fr"),
    ("Si l'utilisateur écrit en anglais, réponds en anglais. Quelle est la cause des marées ?", "fr"),
    ("Résume ce texte en deux phrases :\n\n" + DE, "fr"),
    (EN + "\n\nDe quoi parle ce texte, et qui est la femme dont il est question ?", "fr"),
    ("Quelle est l'idée principale de ce texte ?\n\n" + RU, "fr"),
    ("O que causa as marés, e por que há duas por dia?", "pt"),
    ("Escreva uma redação de duas páginas sobre a língua alemã.", "pt"),
    ("Escreva uma carta de recomendação para um professor alemão.", "pt"),
    ("Não responda em inglês. O que causa as marés?", "pt"),
    ("Responda no mesmo idioma da minha pergunta: o que causa as marés?", "pt"),
    ("O que causa as marés? Responda no idioma em que estou a escrever.", "pt"),
    ("O que causa as marés? Responda na minha língua, por favor.", "pt"),
    ("Se o usuário escrever em inglês, responda em inglês. O que causa as marés?", "pt"),
    ("Resuma este texto em duas frases:\n\n" + EN, "pt"),
    (ES + "\n\nSobre o que fala este texto, e quem saía de casa sem guarda-chuva?", "pt"),
    ("Qual é a ideia principal deste texto?\n\n" + RU, "pt"),
    ("Почему бывают приливы и почему их два в день?", "ru"),
    ("Напиши сочинение на две страницы о немецком языке.", "ru"),
    ("Напиши рекомендательное письмо для немецкого учителя.", "ru"),
    ("Не отвечай по-английски. Почему бывают приливы?", "ru"),
    ("Ответь на том же языке, что и мой вопрос: почему бывают приливы?", "ru"),
    ("Почему бывают приливы? Ответь на языке, на котором я пишу.", "ru"),
    ("Почему бывают приливы? Ответь на моём языке, пожалуйста.", "ru"),
    ("Если пользователь пишет по-английски, отвечай по-английски. Почему бывают приливы?", "ru"),
    ("Перескажи этот текст в двух предложениях:\n\n" + EN, "ru"),
    (DE + "\n\nО чём этот текст и кто эта женщина?", "ru"),
    ("В чём главная мысль этого текста? " + EN, "ru"),
    ("Wie entstehen die Gezeiten, und warum gibt es zwei am Tag?", "de"),
    ("Schreib einen Aufsatz von zwei Seiten über die französische Sprache.", "de"),
    ("Schreib ein Empfehlungsschreiben für einen englischen Lehrer.", "de"),
    ("Antworte nicht auf Englisch. Wie entstehen die Gezeiten?", "de"),
    ("Antworte in derselben Sprache wie meine Frage: Wie entstehen die Gezeiten?", "de"),
    ("Wie entstehen die Gezeiten? Antworte in der Sprache, in der ich schreibe.", "de"),
    ("Wie entstehen die Gezeiten? Antworte bitte in meiner Sprache.", "de"),
    ("Wenn der Nutzer auf Englisch schreibt, antworte auf Englisch. Wie entstehen die Gezeiten?", "de"),
    ("Fasse diesen Text in zwei Sätzen zusammen:\n\n" + EN, "de"),
    (EN + "\n\nWovon handelt dieser Text, und wer ist die Frau darin?", "de"),
    (FR + "\nWovon handelt dieser Text, und wer ist die Frau darin?", "de"),
    ("Was ist der Hauptgedanke dieses Textes?\n\n" + RU, "de"),
]

# (prompt, tag of the passage, the words that point to it)
PASSAGE = [
    (
        "Summarise the article below in the same language as the article.\n\n" + DE,
        "de",
        "in the same language as the article",
    ),
    ("Summarise this text in the language of the text:\n\n" + RU, "ru", "in the language of the text"),
    (f'Continue the following in the same language as the quote: "{FR}"', "fr", "in the same language as the quote"),
    ("Continue the story in the language of the passage below.\n\n" + PT, "pt", "in the language of the passage"),
    ("Résume cet article dans la même langue que l'article :\n\n" + EN, "en", "dans la même langue que l'article"),
    ("Resuma este texto no mesmo idioma do texto:\n\n" + DE, "de", "no mesmo idioma do texto"),
    ("Перескажи этот текст на языке текста:\n\n" + FR, "fr", "на языке текста"),
    (
        "Fasse den Artikel in derselben Sprache wie der Artikel zusammen:\n\n" + EN,
        "en",
        "in derselben Sprache wie der Artikel",
    ),
]

# nothing single can be expected
OPEN = [
    "What causes the tides? Answer in German or French.",
    "What causes the tides? Answer in either German or French.",
    "What causes the tides? Answer in English and German.",
    "What causes the tides? Answer in both English and in German.",
    "What causes the tides? Reply in English, French or German.",
    "Translate into French and Spanish: I will come back tomorrow.",
    "How do you say good morning in Japanese?",
    "What is the German word for butterfly in the old dialects? What does it mean in French?",
    "Do not answer in English. What causes the tides?",
    "Quelle est la cause des marées ? Réponds en allemand ou en anglais.",
    "Quelle est la cause des marées ? Réponds en français et en anglais.",
    "Comment dit-on papillon en allemand ?",
    "Ne réponds pas en français. Quelle est la cause des marées ?",
    "O que causa as marés? Responda em alemão ou em inglês.",
    "O que causa as marés? Responda em português e em inglês.",
    "Como se diz borboleta em alemão?",
    "Não responda em português. O que causa as marés?",
    "Почему бывают приливы? Ответь по-немецки или по-английски.",
    "Почему бывают приливы? Ответь на русском и на английском.",
    "Как сказать «бабочка» по-немецки?",
    "Не отвечай по-русски. Почему бывают приливы?",
    "Wie entstehen die Gezeiten? Antworte auf Englisch oder Französisch.",
    "Wie entstehen die Gezeiten? Antworte auf Deutsch und auf Englisch.",
    "Wie sagt man Schmetterling auf Englisch?",
    "Antworte nicht auf Deutsch. Wie entstehen die Gezeiten?",
    "Explique:\n\n" + DE,  # French, Portuguese or Spanish
]


@pytest.fixture(scope="module")
def wanted(identifier: Identifier) -> Wanted:
    """Read a conversation: (role, content) each, or the content of one user message."""
    reader = Reader(load_lexicons())

    def read(*turns: str | tuple[str, str]) -> ExpectedLanguage | None:
        messages = tuple(Message("user", turn) if isinstance(turn, str) else Message(*turn) for turn in turns)
        language = instruction_language(messages, identifier.identify, reader.asked_in)
        requested = reader.read(messages, language).language
        return expected_language(None, requested, messages, language, identifier.identify)

    return read


@pytest.mark.parametrize(("prompt", "tag", "said"), REQUESTED)
def test_requested(wanted: Wanted, prompt: str, tag: str, said: str | None) -> None:
    found = wanted(prompt)
    assert found is not None
    assert (found.tag, found.origin, found.message) == (tag, Origin.REQUESTED, 0)
    assert found.span is not None
    assert said in (None, prompt[slice(*found.span)])


@pytest.mark.parametrize(("prompt", "tag"), OWN)
def test_own(wanted: Wanted, prompt: str, tag: str) -> None:
    assert wanted(prompt) == ExpectedLanguage(tag, Origin.INSTRUCTION, (0, len(prompt)), 0)


@pytest.mark.parametrize(("prompt", "tag", "said"), PASSAGE)
def test_the_language_of_a_passage(wanted: Wanted, prompt: str, tag: str, said: str) -> None:
    found = wanted(prompt)
    assert found is not None
    assert (found.tag, found.origin, found.message) == (tag, Origin.REQUESTED, 0)
    assert found.span is not None
    assert prompt[slice(*found.span)] == said


@pytest.mark.parametrize("prompt", OPEN)
def test_nothing_single_is_expected(wanted: Wanted, prompt: str) -> None:
    assert wanted(prompt) is None


S, A = "system", "assistant"


@pytest.mark.parametrize(
    ("turns", "tag", "origin", "message"),
    [
        (((S, "Always answer in German."), "What causes the tides?"), "de", "requested", 0),
        (((S, "Always answer in German."), "What causes the tides? Answer in French."), "fr", "requested", 1),
        (
            ("Answer in German.", (A, "Gern."), "And now in French, please: what causes the tides?"),
            "fr",
            "requested",
            2,
        ),
        (("Answer in French from now on.", (A, "Oui."), "What causes the tides in the sea?"), "fr", "requested", 0),
        (("Answer in French.", (A, "Oui."), (S, "Answer in German."), "And the moon?"), "fr", "requested", 0),
        (((S, "Antworte immer auf Englisch."), "Wie entstehen die Gezeiten im Meer?"), "en", "requested", 0),
        (((S, "Answer in the language of the user."), "Wie entstehen die Gezeiten im Meer?"), "de", "instruction", 1),
        (((S, "If the user writes in French, answer in French."), "D'où viennent les marées ?"), "fr", "requested", 0),
        (
            ((S, "If the user writes in French, answer in French."), "Wie entstehen die Gezeiten im Meer?"),
            "de",
            "instruction",
            1,
        ),
        (
            ((S, "If the user writes in French, answer in English."), "D'où viennent les marées de la mer ?"),
            "en",
            "requested",
            0,
        ),
        (
            ((S, "Если пользователь пишет по-немецки, отвечай по-немецки."), "Wie entstehen die Gezeiten?"),
            "de",
            "requested",
            0,
        ),
        (
            ("Translate 'dog' into German.", (A, "Hund"), "What do dogs like to eat in the morning?"),
            "en",
            "instruction",
            2,
        ),
        (
            ((S, "Answer in German."), "Answer in the same language as my question: why is the sky blue?"),
            "en",
            "instruction",
            1,
        ),
        (
            ("Answer in German.", (A, "Ja."), "Do not answer in German any more. Why is the sky blue?"),
            "en",
            "instruction",
            2,
        ),
        (("D'où viennent les marées de la mer ?", (A, "De la lune."), "ok?"), "fr", "instruction", 2),
    ],
)
def test_conversations(
    wanted: Wanted, turns: tuple[str | tuple[str, str], ...], tag: str, origin: str, message: int
) -> None:
    found = wanted(*turns)
    assert found is not None
    assert (found.tag, found.origin, found.message) == (tag, origin, message)
