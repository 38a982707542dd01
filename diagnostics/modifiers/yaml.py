"""The reply is YAML and nothing else: one or more documents, each a mapping or a sequence.

Only the grammar is read, by the safe loader of PyYAML: nothing is built, no alias is followed and no tag is obeyed, so
that neither can do harm. JSON is YAML too and passes. A lone scalar is any prose, and fails; so does nesting too deep
to be read. A code fence or a line that leads in makes the form "unwrapped"; but "Here it is:" before a list is a key of
YAML to every reader, and bare.

IFEval has no such type.
"""

from __future__ import annotations

from typing import ClassVar

import yaml

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .payload import fenced, led_in

_MOSTLY = 0.5
_DEEPEST = 100
_LIMIT = 64_000
"""Longest reply that is read, in characters: the parser is slow where it is not the compiled one."""
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Yaml(Modifier, frozen=True):
    """ "Answer in YAML." """

    def check(self, reply: str, complete: bool) -> Outcome:
        """Text that was cut short may be YAML as far as it goes: abstain."""
        if len(reply) > _LIMIT:
            return Outcome(Verdict.ABSTAIN, f"the reply is longer than the {_LIMIT} characters that are read as YAML")
        if not complete:
            return CUT_SHORT
        found = fenced(reply)
        error = None if found is None else "YAML is the smaller part of the reply"
        if found is None or found.share < _MOSTLY:
            error = _error(reply)
            if error is None:
                return Outcome(Verdict.PASS, "the reply is YAML", "bare", 1.0)
            found = found or led_in(reply)
        if found is not None and found.share >= _MOSTLY:
            error = _error(found.text)
            if error is None:
                return Outcome(Verdict.PASS, "YAML in a code fence or after a line that leads in", "unwrapped", 0.75)
        return Outcome(Verdict.FAIL, error or "no YAML", score=0.0)

    examples: ClassVar = (
        Example("Write the settings as YAML.", "tea: hot\nmilk: cold", Verdict.PASS),
        Example("Who made YAML?", "Three people."),
        Example("", "tea:\n  hot: true\n  kinds: [green, black]", Verdict.PASS, form="bare"),
        Example("", "- Tee\n- Milch", Verdict.PASS, "de", form="bare"),
        Example("", "```yaml\nお茶: 緑\n```", Verdict.PASS, "ja", form="unwrapped"),
        Example("", "Le thé est chaud.", Verdict.FAIL, "fr"),
        Example("", "tea: [green", Verdict.FAIL),
        Example("", "Чай: горячий: очень", Verdict.FAIL, "ru"),
    )


def _error(text: str) -> str | None:
    """Why the text is no YAML; None when it is."""
    depth = 0
    documents = 0
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                documents += depth == 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            elif depth == 0 and isinstance(event, (yaml.ScalarEvent, yaml.AliasEvent)):
                return "a lone value; YAML here is a mapping or a sequence"
            if depth > _DEEPEST:
                return f"nested deeper than {_DEEPEST} levels"
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        return f"the reply is not valid YAML: {error.problem}, line {line}"
    except (yaml.YAMLError, UnicodeEncodeError):
        return "the reply has characters that YAML does not allow"
    return None if documents else "no YAML"
