"""The demonstration corpus asks in templates: the reader reads each of them, and nothing in plain talk but what a judge
is left with ("a short poem") and how many tips are asked for."""

import tomllib
from pathlib import Path

import pytest

from diagnostics.modifiers import MODIFIERS

CORPUS = sorted((Path(__file__).parents[3] / "service" / "checkpoints" / "corpus").glob("*.toml"))
FORMATS = ("html", "json", "bullets")
ASIDE = {modifier.name() for modifier in MODIFIERS if modifier.judged} | {"items"}


def load(path):
    return tomllib.loads(path.read_text("utf-8"))


def asked(corpus):
    """(prompt, tag of the language or None, names of modifiers)"""
    for template in corpus["modifiers"]["language"]:
        for tag, name in corpus["names"].items():
            adverb = corpus.get("adverbs", {}).get(tag, "")
            yield template.replace("{name}", name).replace("{adverb}", adverb), tag, set()
    for kind in FORMATS:
        for prompt in corpus["modifiers"][kind]:
            yield prompt, None, {kind}
    for prompt in corpus["modifiers"]["upper"]:
        yield prompt, None, {"uppercase"}
    for prompt in corpus["everyday"] + corpus["system"]:
        yield prompt, None, set()


def names_of(demands):
    return {each.name for each in demands.modifiers} - ASIDE


def test_there_is_a_corpus():
    assert len(CORPUS) >= 8


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
@pytest.mark.parametrize("known", [True, False])
def test_every_example_is_read_right(read, path, known):
    corpus = load(path)
    wrong = []
    for prompt, tag, names in asked(corpus):
        demands = read(prompt, corpus["language"] if known else None)
        found = demands.language.tag if demands.language else None, names_of(demands)
        if found != (tag, names):
            wrong.append((prompt, found))
    assert wrong == []


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_questions_and_requests_go_together(read, path):
    corpus = load(path)
    questions = corpus["everyday"]
    for i, (request, tag, names) in enumerate(asked(corpus)):
        for prompt in (f"{questions[i % len(questions)]} {request}", f"{request}\n{questions[i % len(questions)]}"):
            demands = read(prompt, corpus["language"])
            assert (demands.language.tag if demands.language else None) == tag, prompt
            assert names_of(demands) == names, prompt
