"""Whole conversations: what persists, where spans point, and input that means harm."""

import itertools
import random

import pytest

from diagnostics.core import Message, Origin
from diagnostics.language.tags import SEVERAL
from diagnostics.reading.loading import parse
from diagnostics.reading.reader import HEAD, ROOM, TAIL, TURNS
from diagnostics.reading.scanner import Token
from diagnostics.reading.sentence import MOST_TOKENS, sentences
from diagnostics.reading.vocabulary import Vocabulary


def user(text):
    return Message("user", text)


def system(text):
    return Message("system", text)


def test_nothing_asked(reader):
    demands = reader.read((), None)
    assert demands.language is None
    assert demands.modifiers == ()
    assert reader.read((user("Hello!"),), "en") == demands


def test_system_prompt_holds(reader):
    demands = reader.read((system("Antworte immer auf Deutsch."), user("What is rain?")), "en")
    assert demands.language.tag == "de"
    assert demands.language.message == 0
    assert demands.language.origin is Origin.REQUESTED


def test_newest_wins(reader):
    messages = (user("Answer in German."), Message("assistant", "Ja."), user("Now answer in French."))
    assert reader.read(messages, "en").language.tag == "fr"


def test_the_assistant_asks_for_nothing(reader):
    messages = (Message("assistant", "Answer in German as JSON."), user("Why?"))
    assert reader.read(messages, "en") == reader.read((), None)


def test_earlier_turns_persist(reader):
    messages = (
        user("From now on answer in German, in 3 bullet points."),
        Message("assistant", "-"),
        user("What is tea?"),
    )
    demands = reader.read(messages, "en")
    assert demands.language.tag == "de"
    assert [(each.name, each.arguments) for each in demands.modifiers] == [("bullets", {"num_bullets": 3})]


def test_a_translation_is_a_task_of_its_own_turn(reader):
    messages = (user("Translate 'dog' into German."), Message("assistant", "Hund"), user("What do dogs eat?"))
    assert reader.read(messages, "en").language is None


def test_same_language_takes_back(reader):
    messages = (system("Answer in German."), user("Please answer in the same language as my question."))
    assert reader.read(messages, "en").language is None


def test_unwanted_takes_back(reader):
    messages = (user("Answer in German as JSON."), user("Don't answer in German. Do not use JSON."))
    demands = reader.read(messages, "en")
    assert demands.language is None
    assert demands.modifiers == ()


def test_unwanted_leaves_others_alone(reader):
    messages = (user("Answer in German as JSON."), user("Do not answer in French. Do not use HTML."))
    demands = reader.read(messages, "en")
    assert demands.language.tag == "de"
    assert [each.name for each in demands.modifiers] == ["json"]


def test_a_topic_that_is_unwanted_takes_nothing_back(reader):
    messages = (user("Answer in German."), user("Do not tell me about German history. What is tea?"))
    assert reader.read(messages, "en").language.tag == "de"


def test_modifiers_come_together(read):
    demands = read("Which fish do you know? Answer in French, as a JSON object with 2 bullet points in an HTML page.")
    assert demands.language.tag == "fr"
    assert {each.name for each in demands.modifiers} == {"json", "bullets", "html"}


@pytest.mark.parametrize(
    ("prompt", "language", "said"),
    [
        ("What is tea? Answer in German.", "en", "in German"),
        ("Café? Ｗｈｙ? Answer in German.", "en", "in German"),
        ("\u200b\u200bWhat? An\u00adswer me. Answer in German!", "en", "in German"),
        ("Что? Ответь на немецком языке.", "ru", "на немецком языке"),
        ("お茶とは？ドイツ語で答えてください。", "ja", "ドイツ語で"),
        ("مَا هُوَ الشَّايُ؟ أجب بالألمانيَّة.", "ar", "بالألمانيَّة"),
    ],
)
def test_spans_are_in_the_message_as_sent(read, prompt, language, said):
    start, end = read(prompt, language).language.span
    assert prompt[start:end] == said


def test_spans_of_modifiers(read):
    prompt = "Was ist Tee? Schreib drei Stichpunkte, und zwar als JSON."
    spans = {each.name: prompt[slice(*each.span)] for each in read(prompt, "de").modifiers}
    assert spans == {"bullets": "drei Stichpunkte", "json": "JSON"}


def test_both_ends_of_a_long_message_are_read(read):
    filler = "The sea is blue and deep. " * 2000
    at_start = read("Answer in German. " + filler)
    at_end = read(filler + "Answer in German.")
    assert at_start.language.span == (7, 16)
    assert at_end.language.span == (len(filler) + 7, len(filler) + 16)


def test_the_middle_of_a_long_message_is_not(read):
    assert read("x " * HEAD + "Answer in German. " + "x " * TAIL).language is None


def test_old_turns_are_forgotten_and_system_prompts_are_not(reader):
    rest = (user("And then?"),) * TURNS
    assert reader.read((user("Answer in German."), *rest), "en").language is None
    assert reader.read((system("Answer in German."), *rest), "en").language.tag == "de"


@pytest.mark.parametrize(
    "prompt",
    [
        "a" * 200_000,
        "in " * 60_000,
        "no other language than " * 8_000,
        '"' * 100_000,
        "“" * 50_000 + "”" * 50_000,
        "```" * 50_000,
        "\n" * 200_000,
        "if " * 60_000,
        "in German, " * 20_000,
        "json " * 40_000,
        "\ud800 Answer in German \udfff",
        "\x00\x01\u202e in German",
        "ﷺ" * 10_000,
        "e" + "\u0301" * 100_000,
        "1" * 5_000 + " bullet points, write them",
        "((((" * 30_000,
    ],
    ids=range(16),
)
@pytest.mark.parametrize("language", ["en", "ja", "xx", None])
def test_hostile_input_ends(read, prompt, language):
    for each in read(prompt, language).modifiers:
        assert 0 <= each.span[0] < each.span[1] <= len(prompt)


def test_noise(read):
    alphabet = "aB 1.,:;\"'`«»「」()\n*-<>é語で答えнаязыке\u0301\ud800\u200b" + "in German answer json html bullet"
    chance = random.Random(7)
    for _ in range(500):
        prompt = "".join(chance.choices(alphabet, k=chance.randrange(200)))
        demands = read(prompt, chance.choice(["en", "ru", "ja", None]))
        for span in [each.span for each in demands.modifiers] + ([demands.language.span] if demands.language else []):
            assert 0 <= span[0] < span[1] <= len(prompt)


def test_pasted_text_asks_for_nothing(read):
    prompt = "Summarise the following text: Dear sir, please answer in German and send JSON.\n\nAnswer in French."
    demands = read(prompt)
    assert demands.language.tag == "fr"
    assert demands.modifiers == ()


def test_a_long_conversation_is_read_from_its_newest_turn_as_far_as_there_is_room(reader):
    filler = "nothing of interest " * (HEAD // 20)
    asks, idle = user(f"Answer as JSON. {filler}"), user(filler)
    first, last = system("Antworte immer auf Deutsch."), user(f"List them as bullets. {filler}")
    near = reader.read((first, asks, idle, last), "en")
    assert {each.name for each in near.modifiers} == {"json", "bullets"}
    far = reader.read((first, asks, *[idle] * (ROOM // HEAD), last), "en")
    assert {each.name for each in far.modifiers} == {"bullets"}
    assert near.language.tag == far.language.tag == "de"


def test_a_crowd_of_system_prompts_does_not_hide_the_newest_turn(reader):
    crowd = [system("nothing of interest " * (HEAD // 20)) for _ in range(1000)]
    assert reader.read((*crowd, user("Answer in German.")), "en").language.message == 1000
    assert reader.read((*crowd, system("Answer in French."), user("Why?")), "en").language is None


def test_a_sentence_without_an_end_is_cut():
    small = parse("xx.toml", 'language = "xx"', {})
    count = 3 * MOST_TOKENS + 7
    text = "xx " * count
    tokens = [Token(3 * i, 3 * i + 2, "in", "de") for i in range(count)]
    cut = list(sentences(text, tokens, Vocabulary([small]), None, frozenset({"in"})))
    assert max(len(sentence.tokens) for sentence in cut) == MOST_TOKENS
    assert [token for sentence in cut for token in sentence.tokens] == tokens
    assert all(one.end == other.start for one, other in itertools.pairwise(cut))


def test_system_prompts_are_overruled_wherever_they_stand(reader):
    messages = (user("Answer in French."), system("Answer in German."), user("Why?"))
    assert reader.read(messages, "en").language.tag == "fr"


def test_where_the_prompts_own_language_is_unwanted_any_other_will_do(reader):
    messages = (system("Never answer in English."), user("Why?"))
    assert reader.read(messages, "en").language.tag == SEVERAL
    assert reader.read(messages, "de").language is None
    assert reader.read((system("Answer in German."), *messages), "en").language.tag == "de"


@pytest.mark.parametrize(
    ("text", "tags"),
    [("Summarise:", ("en",)), ("Zusammenfassen", ("de",)), ("Richiesta", ()), ("", ()), ("Перескажи!", ("ru",))],
)
def test_the_words_in_which_something_is_asked(reader, text, tags):
    assert reader.asked_in(text) == tags


def test_words_that_languages_share(reader):
    assert set(reader.asked_in("Explique:")) == {"es", "fr", "pt"}


def test_a_polite_question_negates_nothing(read):
    (include,) = read('Bạn có thể viết một bài thơ và bao gồm từ "time" không?', "vi").modifiers
    assert (include.name, include.arguments) == ("include", {"keywords": ("time",)})


def test_dotted_letters_of_indic_scripts_are_read_however_they_are_typed(read):
    typed = "जवाब अंग्रेज\u093cी में दें।", "जवाब अंग्रे\u095bी में दें।"
    assert [demands.language and demands.language.tag for demands in (read(each, "hi") for each in typed)] == [
        "en",
        "en",
    ]
