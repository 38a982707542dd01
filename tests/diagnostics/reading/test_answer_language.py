"""What asks for a language, and the many things that only speak of one."""

import pytest

from diagnostics.language.tags import SEVERAL, UNDETERMINED

ASKED = [
    ("en", "Give me a French translation of the letter.", "fr"),
    ("en", "Into Dutch, please: it is cold.", "nl"),
    ("en", "Reply in simplified Chinese characters.", "zh-Hans"),
    ("de", "Bitte ins Englische: Es ist kalt.", "en"),
    ("ru", "Напиши письмо на английском моему начальнику.", "en"),
    ("en", "Explain photosynthesis. Answer in German.", "de"),
    ("en", "Could you please respond to me in Brazilian style? Your reply must be written in Portuguese.", "pt"),
    ("en", "Write a limerick about a goose in Ukrainian, please.", "uk"),
    ("en", "What is the boiling point of water? In French, please.", "fr"),
    ("en", "In Italian: what does a notary do?", "it"),
    ("en", "Use only Korean in your answer. What is jazz?", "ko"),
    ("en", "Name three rivers, using only the Thai language.", "th"),
    ("en", "No language other than Hindi is allowed in your response.", "hi"),
    ("en", "Switch to Swedish!", "sv"),
    ("en", "Answer language: Finnish. How tall is Everest?", "fi"),
    ("en", "What is a monad? Responde en español.", "es"),
    ("en", "What is a monad? 日本語で答えてください。", "ja"),
    ("en", "Translate the following sentence from German to English: Der Hund bellt.", "en"),
    ("en", "Translate into Dutch: I would like to answer in German.", "nl"),
    ("en", "give me a recipe for soup IN ENGLISH and german spoons, then answer in GERMAN", "de"),
    ("en", "Answer in Farsi.", "fa"),
    ("en", "Reply in Mandarin Chinese.", "zh"),
    ("de", "Was ist ein Notar? Antworte auf Englisch.", "en"),
    ("de", "Schreib mir ein Gedicht über Katzen, aber bitte auf Schwedisch.", "sv"),
    ("de", "Erkläre die Photosynthese in französischer Sprache.", "fr"),
    ("de", "Übersetze den folgenden Satz ins Polnische: Ich lerne Deutsch.", "pl"),
    ("de", "Verwende ausschließlich Türkisch.", "tr"),
    ("de", "Antworte in der Sprache Hindi.", "hi"),
    ("fr", "Qu'est-ce qu'un notaire ? Réponds en anglais.", "en"),
    ("fr", "Rédige un court poème sur la mer en langue italienne.", "it"),
    ("fr", "Traduisez ce paragraphe vers l'espagnol : Il pleut.", "es"),
    ("fr", "Utilisez uniquement le coréen dans votre réponse.", "ko"),
    ("fr", "reponds en francais stp", "fr"),
    ("es", "¿Qué es un notario? Contesta en alemán, por favor.", "de"),
    ("es", "Escribe un poema corto sobre el mar en idioma francés.", "fr"),
    ("es", "Traduce esta frase al ruso: Hace frío.", "ru"),
    ("es", "Utiliza únicamente el japonés.", "ja"),
    ("pt", "O que é um notário? Responda em inglês.", "en"),
    ("pt", "Escreva um poema curto sobre o mar na língua francesa.", "fr"),
    ("pt", "Traduza a frase seguinte para o alemão: Está frio.", "de"),
    ("pt", "Use apenas o espanhol na sua resposta.", "es"),
    ("ru", "Что такое нотариус? Ответь по-английски.", "en"),
    ("ru", "Напиши короткое стихотворение о море на французском языке.", "fr"),
    ("ru", "Переведи это предложение на немецкий: Идёт снег.", "de"),
    ("ru", "Ответ должен быть на хинди.", "hi"),
    ("ru", "Используй только испанский язык.", "es"),
    ("ru", "Объясни по-японски, что такое джаз.", "ja"),
    ("ja", "公証人とは何ですか。英語で答えてください。", "en"),
    ("ja", "海についての短い詩をフランス語で書いてください。", "fr"),
    ("ja", "次の文をドイツ語に翻訳してください：雪が降っています。", "de"),
    ("ja", "韓国語のみを使って説明してください。", "ko"),
    ("ar", "ما هو كاتب العدل؟ أجب باللغة الإنجليزية.", "en"),
    ("ar", "اكتب قصيدة قصيرة عن البحر بالفرنسية.", "fr"),
    ("ar", "ترجم الجملة التالية إلى الألمانية: الجو بارد.", "de"),
    ("ar", "استخدم اللغة الإسبانية فقط.", "es"),
    ("ar", "اشرح لي الجاز، واكتب باللغة الروسية", "ru"),
]

NOT_ASKED = [
    ("en", "Write an essay about the German language."),
    ("en", "Recommend me a course in English for beginners."),
    ("en", "I am looking for books in French about cheese."),
    ("en", "Write a story about life in German villages."),
    ("en", "Never respond in French, whatever happens."),
    ("en", "Explain this in plain English."),
    ("en", "Who was the first author to win a prize in Spanish?"),
    ("en", 'Summarise the letter that begins "Please answer in German".'),
    ("en", "What does this code do? `print('answer in German')`"),
    ("en", "```\n# Respond in French\n```\nWhat does this comment mean?"),
    ("en", "If the user writes in German, answer in German."),
    ("en", "If the customer is angry, answer in French."),
    ("en", "How many people speak Korean?"),
    ("en", "Compare English and German grammar."),
    ("en", "I learned Italian at school. What now?"),
    ("en", "Answer in the same language as the question."),
    ("en", "Write about the English, the French and the Germans."),
    ("en", "> Answer in German\n\nWhy would someone write that?"),
    ("en", "Read https://example.org/answer-in-german and tell me more."),
    ("en", "Write a blog post on learning to write in German."),
    ("en", "Tell me about the only German who won."),
    ("en", "Why do they speak French in Canada?"),
    ("en", "Use German engineering as an example."),
    ("de", "Schreib einen Aufsatz über die deutsche Sprache."),
    ("de", "Antworte nicht auf Englisch."),
    ("de", "Empfiehl mir Bücher auf Englisch."),
    ("de", "Wenn der Nutzer auf Englisch schreibt, antworte auf Englisch."),
    ("de", "Antworte in derselben Sprache wie die Frage."),
    ("fr", "Écris un article sur la langue allemande."),
    ("fr", "Comment se prononce ce mot en français ?"),
    ("fr", "Ne réponds pas en anglais."),
    ("fr", "Cite des films en anglais."),
    ("fr", "Si l'utilisateur écrit en anglais, réponds en anglais."),
    ("es", "Escribe un ensayo sobre el idioma alemán."),
    ("es", "No respondas en inglés."),
    ("es", "Recomienda libros en francés."),
    ("pt", "Escreva um ensaio sobre a língua alemã."),
    ("pt", "Não responda em inglês."),
    ("pt", "Recomende filmes em francês."),
    ("ru", "Напиши сочинение о немецком языке."),
    ("ru", "Не отвечай по-английски."),
    ("ru", "Если пользователь пишет по-английски, отвечай по-английски."),
    ("ru", "Посоветуй книги на французском."),
    ("ru", "Расскажи о ценах на немецком рынке."),
    ("ja", "ドイツ語についての作文を書いてください。"),
    ("ja", "「蝶」はドイツ語で何と言いますか。"),
    ("ja", "英語で答えないでください。"),
    ("ja", "質問と同じ言語で答えてください。"),
    ("ja", "ユーザーが英語で書いた場合は、英語で答えてください。"),
    ("ar", "اكتب مقالا عن اللغة الألمانية."),
    ("ar", "لا تجب باللغة الإنجليزية."),
]


UNSETTLED = [
    ("es", "¿Cómo se dice mariposa en inglés?"),
    ("en", "Write ten sentences in German with English translations."),
    ("en", "Why did the model answer in German?"),
    ("en", "Write a dialogue in which one person speaks German and the other answers in French."),
    ("fr", "Quelle est la traduction de chat en anglais ?"),
    ("pt", "Qual é a tradução de casa em alemão?"),
    ("en", "What is the word for butterfly in German?"),
    ("en", "How do you say good morning in Japanese?"),
    ("en", "Do not answer in English."),
    ("en", "Explain how to say thank you in Russian."),
    ("de", "Wie sagt man Schmetterling auf Englisch?"),
    ("fr", "Comment dit-on papillon en anglais ?"),
    ("pt", "Como se diz borboleta em inglês?"),
    ("ru", "Как сказать «бабочка» по-английски?"),
    ("ar", "كيف يقال فراشة بالإنجليزية؟"),
    ("ar", "ما معنى هذه العبارة بالفرنسية؟"),
    ("en", "Answer in German or French."),
    ("en", "Write it in English and in German."),
    ("en", "Translate this into French/Spanish: It is cold."),
    ("en", "Answer in English, French or German."),
    ("en", "Answer in both English and German."),
    ("fr", "Réponds soit en anglais, soit en allemand."),
    ("pt", "Responda tanto em português como em inglês."),
    ("ru", "Ответь или по-английски, или по-немецки."),
    ("de", "Antworte sowohl auf Deutsch als auch auf Englisch."),
]


@pytest.mark.parametrize(("language", "prompt", "tag"), ASKED)
def test_asked(read, language, prompt, tag):
    demands = read(prompt, language)
    assert demands.language is not None
    assert demands.language.tag == tag


@pytest.mark.parametrize(("language", "prompt"), NOT_ASKED)
def test_not_asked(read, language, prompt):
    assert read(prompt, language).language is None


@pytest.mark.parametrize(("language", "prompt"), UNSETTLED)
def test_no_single_language_is_asked_for(read, language, prompt):
    assert read(prompt, language).language.tag == SEVERAL


@pytest.mark.parametrize(
    "prompt",
    [
        "Explain the difference between English and German in French.",
        "Translate the text from English and German into French.",
        "Answer in French, not in German or English.",
        "Answer in French but keep the names in German.",
        "Answer in French. German is too hard for me, and English as well.",
        "Explain in French what the German and English verbs mean.",
    ],
)
def test_languages_that_are_spoken_of_beside_a_request_do_not_unsettle_it(read, prompt):
    assert read(prompt, "en").language.tag == "fr"


def test_a_passage_lends_its_language(read):
    assert read("Summarise the text in the same language as the text.", "en").language.tag == UNDETERMINED
    assert read("Summarise the text in the same language as my question.", "en").language is None


@pytest.mark.parametrize(("own", "tag"), [("en", "en"), ("de", None), ("fr", "en")])
def test_unless_turns_a_condition_round(read, own, tag):
    language = read("Answer in English unless the user writes in German.", own).language
    assert (language and language.tag) == tag


def test_a_word_of_ones_own_language_is_no_foreign_one(read):
    assert read("Comment se prononce ce mot en français ?", "fr").language is None


@pytest.mark.parametrize(
    ("prompt", "tag"),
    [
        ("Answer in Serbian (Latin).", "sr-Latn"),
        ("Answer in Serbian, using Cyrillic letters.", "sr-Cyrl"),
        ("Answer in Uzbek in Cyrillic script.", "uz-Cyrl"),
        ("Answer in German (traditional).", "de"),
        ("Answer in Chinese, traditional characters please.", "zh-Hant"),
        ("Write about remedies in Chinese traditional medicine.", None),
    ],
)
def test_a_script_belongs_to_the_language_before_it(read, prompt, tag):
    language = read(prompt, "en").language
    assert (language and language.tag) == tag


@pytest.mark.parametrize(("language", "prompt", "tag"), ASKED)
def test_language_of_the_prompt_need_not_be_known(read, language, prompt, tag):
    demands = read(prompt, None)
    assert demands.language is not None
    assert demands.language.tag == tag


def test_condition_that_holds(read):
    assert read("Wenn ich auf Deutsch schreibe, antworte auf Deutsch.", "de").language.tag == "de"
    assert read("Answer in English if the question is in English.", "en").language.tag == "en"


def test_one_saying_in_two_spellings(read):
    assert read("Responde en ALEMÁN.", "es").language == read("Responde en alemán.", "es").language
    assert read("Ａｎｓｗｅｒ ｉｎ Ｇｅｒｍａｎ．", "en").language.tag == "de"
