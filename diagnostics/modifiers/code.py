"""The reply holds a fenced code block, in the language asked for.

The language is what the fence says ("```python"); its usual short names count as the same ("py"). A block that names
no language is no evidence of another: abstained on, the code is not guessed at. Text around the block is allowed. A
block that is empty, indented code and code in backticks within a line are none.

IFEval has no such type.
"""

from __future__ import annotations

from typing import Annotated, ClassVar

import msgspec

from diagnostics.core import Verdict

from .base import CUT_SHORT, Example, Modifier, Outcome
from .reply import Reply

_ALIASES = (
    "bash sh shell zsh console shell-session",
    "c# cs csharp",
    "c++ cpp cc cxx",
    "f# fs fsharp",
    "go golang",
    "haskell hs",
    "html html5 xhtml",
    "javascript js jsx node mjs",
    "kotlin kt",
    "latex tex",
    "markdown md",
    "objective-c objc objectivec",
    "perl pl",
    "powershell ps1 pwsh",
    "python py python3 py3",
    "r rscript",
    "ruby rb",
    "rust rs",
    "sql mysql postgresql postgres plpgsql sqlite",
    "typescript ts tsx",
    "visual-basic vb vbnet vba",
    "yaml yml",
)
_CANONICAL = {alias: group.split()[0] for group in _ALIASES for alias in group.split()}


class Code(Modifier, frozen=True):
    """ "Give me the code in Python." """

    language: Annotated[str, msgspec.Meta(min_length=1, max_length=32, pattern=r"^[\w+#.-]+$")] | None = None
    """As a fence names it, "python" or "c++"; None when any will do."""

    def judge(self, reply: Reply) -> Outcome:
        """Pass as soon as there is such a block; whether there is none is known at the end only."""
        blocks = [block for block in reply.blocks if block.text.strip()]
        languages = {_canonical(block.language) for block in blocks}
        if blocks and (self.language is None or _canonical(self.language) in languages):
            return Outcome(
                Verdict.PASS, "a fenced code block" + (f" in {self.language}" if self.language else ""), "bare", 1.0
            )
        if not reply.complete:
            return CUT_SHORT
        if not blocks:
            return Outcome(Verdict.FAIL, "no fenced code block", score=0.0)
        if "" in languages:
            return Outcome(Verdict.ABSTAIN, f"the code block does not say whether it is in {self.language}")
        named = ", ".join(sorted(languages)[:5])
        return Outcome(Verdict.FAIL, f"code in {named}, {self.language} asked for", score=0.5)

    examples: ClassVar = (
        Example("Put the command in a code block.", "```sh\nls\n```", Verdict.PASS),
        Example("What is the dress code?", "Black tie."),
        Example("", "```python\nprint(1)\n```", Verdict.PASS, arguments={"language": "python"}, form="bare"),
        Example("", "Voici :\n```js\nf()\n```\nVoilà.", Verdict.PASS, "fr", {"language": "JavaScript"}, "bare"),
        Example("", "1. コード\n   ```\n   x = 1\n   ```", Verdict.PASS, "ja", form="bare"),
        Example("", "```\nx = 1\n```", Verdict.ABSTAIN, "de", {"language": "python"}),
        Example("", "```java\nf();\n```", Verdict.FAIL, arguments={"language": "javascript"}),
        Example("", "Вызови `f()`.", Verdict.FAIL, "ru"),
        Example("", "```c\n\n```", Verdict.FAIL, arguments={"language": "c"}),
    )


def _canonical(language: str) -> str:
    language = language.lower()
    return _CANONICAL.get(language, language)
