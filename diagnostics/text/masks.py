"""What is not prose, and what is not the speaker's own: masked.

A mask has the length of its text: what is masked becomes spaces and newlines stay, so offsets into the mask are
offsets into the text. Texts are hostile: every pattern below is linear, because its repeats are possessive or stop at
the character that could start the next match, and because a look-behind keeps it from starting twice in one run.
"""

from __future__ import annotations

import re

from ..core import Span

_PROSE_FENCES = frozenset({"text", "txt", "plain", "plaintext", "markdown", "md", "html", "xml", "json"})
"""Info strings of fences that models wrap a whole answer in: the fence is masked, its contents are read as usual."""

_REGION_HINT = re.compile(r"[`~<$\\]")
_REGION = re.compile(
    r"(?P<code>(?<!`)`++[^`\n]++`++)"
    r"|(?P<fence>(?<!`)`{3,}+|^\s*+~{3,}+)(?P<info>[\w+#.-]*+)"
    r"|(?P<open><!--|<script\b|<style\b|\$\$|\\\[)",
    re.IGNORECASE,
)
_CLOSERS = {"<!--": "-->", "<script": "</script>", "<style": "</style>", "$$": "$$", "\\[": "\\]"}

# (a character that must be there, else the pattern is not tried; the pattern), in the order of application
_INLINE: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("$", re.compile(r"\$(?![\s$])[^$\n]{1,200}+(?<!\s)\$(?!\d)")),
    ("\\(", re.compile(r"\\\((?:[^\\\n]|\\(?![()])){0,200}+\\\)")),
    ("\\", re.compile(r"\\(?:begin|end|label|c?ref|cite)\{[^{}\n]{0,80}+\}|\\[A-Za-z]++")),
    ("](", re.compile(r"\]\((?:[^()\n]++|\([^()\n]*+\))*+\)")),
    ("://", re.compile(r"(?<![A-Za-z])[A-Za-z]{2,10}+://[^\s<>\"'）」』。、，]++")),
    ("www.", re.compile(r"(?<![A-Za-z])www\.[^\s<>\"'）」』。、，]++")),
    ("@", re.compile(r"(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]*+@[A-Za-z0-9_.-]++")),
    ("<", re.compile(r"(?<!<)<[/!?]?[A-Za-z][^<>\n]*+>")),
    ("&", re.compile(r"&(?:[A-Za-z]{2,10}|#\d{1,7}|#x[0-9A-Fa-f]{1,6});")),
    ('"', re.compile(r'"[\w .$@/-]{1,64}+"\s{0,4}+:(?:\s{0,4}+"[A-Za-z0-9_.:/+-]*+"(?=\s*+(?:[,}\]]|$)))?')),
    ("#", re.compile(r"(?<=\s)#[^\W\d]\w*+")),
    ("/", re.compile(r"(?<![^\s\"'(=])(?:~|\.{1,2}+|[A-Za-z0-9_-]++)?+(?:/[A-Za-z0-9_.-]++){2,}+/?")),
)
# Begins with what is rare in prose, so that a search passes over the rest at full speed.
_IDENTIFIER_HINT = re.compile(r"[0-9_(A-Z.](?:(?<=[0-9_(])|(?<=[a-z][A-Z])|(?<=[a-z]\.)(?=[a-z]))")
_IDENTIFIER = re.compile(
    r"""(?<![A-Za-z0-9_])(?:
        [A-Za-z]++(?:_++[A-Za-z0-9]|[0-9])[A-Za-z0-9_]*+            # snake_case, utf8
      | [0-9]++[A-Za-z]++[0-9][A-Za-z0-9]*+                         # 1a2b: hashes
      | __[A-Za-z0-9]++(?:_[A-Za-z0-9]++)*+__                       # __init__
    )(?:\([\x21-\x27*-\x7e]{0,40}+\))?
      | (?<![A-Za-z])[A-Z]?+[a-z]++[A-Z][A-Za-z]*+(?:\([\x21-\x27*-\x7e]{0,40}+\))?       # camelCase
      | (?<![A-Za-z0-9_.])[A-Za-z0-9_]++(?:\.[a-z][A-Za-z0-9_]++)++(?:\([\x21-\x27*-\x7e]{0,40}+\))?   # os.path
      | (?<![A-Za-z0-9_.])[A-Za-z]++\(\)                            # f(), but not "person(s)"
    """,
    re.VERBOSE,
)
# Lines of code that stand in no fence: each form needs signs that prose does not put there.
_CODE_HINT = re.compile(r"[=({;*:]|^\s*+(?:(?:import|from|return) |#)|TABLE|FROM|INTO")
_CODE_LINE = re.compile(
    r"""\s*+(?:
        (?:async[ ])?(?:def|fn|func|function)[ ]++\w++[ ]?+[(<]                              # def f(
      | (?:class|struct|enum|interface)[ ]++\w++[ ]?+(?:[({:<].*)?[:{]$                      # class A(B):
      | import[ ]++[\w.]++(?:[ ]as[ ]\w++)?+;?$                                             # import os
      | from[ ]++[\w.]++[ ]import[ ](?:\w++(?:[ ]as[ ]\w++)?+(?:,[ ]?+)?+|\*|\()++$          # from a import b, c
      | \#include[ ]?+["<]
      | (?:const|let|var|val|auto|int|float|double|char|bool|string|public|private|protected|static|final|void)\b.*[;{]$
      | (?:for|if|while|switch|catch|elif|with)[ ]?+\(.*[{;:]$                               # if (a) {
      | (?:async[ ])?for[ ]\w++(?:,[ ]?+\w++)*+[ ]in[ ]\w++[(\[.].*:$                        # for i in f(x):
      | (?:if|while|elif|assert|return)\b[^=<>!]*+(?:[=!<>]=|(?<=[ ])[<>][ ])                # if a == b
      | (?:else|try|finally|do|while[ ]True)[ ]?+[:{]$
      | return[ ]++[\w.()\[\]]++(?:[ ]?+[-+*/%][ ]?+[\w.()\[\]]++)*+;?$                      # return a + b
      | [^=]++=.*;$                                                                         # String a = f(x);
      | [\w.\[\]"']++(?::[ ]?+\w++)?+[ ]?+[-+*/|&:]?=[=>]?[ ]?+[^\s,;=]++(?:[ ]?+[-+*/%|&,<>]++[ ]?+[^\s,;]++)*+[;,]?$
      | [A-Za-z_][\w.]*+\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)[ ]?+[;:{]?+$                       # f(x, g(y))
      | SELECT\b.*\bFROM\b | INSERT[ ]INTO\b | UPDATE\b.*\bSET\b | DELETE[ ]FROM\b | (?:CREATE|ALTER|DROP)[ ]TABLE\b
      | (?:FROM|WHERE|JOIN|LEFT[ ]JOIN|INNER[ ]JOIN|GROUP[ ]BY|ORDER[ ]BY|VALUES)\b[^=(;*]*+[=(;*]
    )""",
    re.VERBOSE,
)
# Joiners are kept after a letter of the scripts whose spelling needs them (Arabic and Indic).
_INVISIBLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]|(?<![\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff])[\u200c\u200d]"
)


def _blank(match: re.Match[str]) -> str:
    return " " * (match.end() - match.start())


class CodeMask:
    """``mask_code`` line by line, for text that arrives as a stream; remembers what a line left open."""

    def __init__(self) -> None:
        self._closer = ""  # what ends the region that we are in
        self._prose_fence = ""  # the fence around an answer that is read as prose

    def line(self, line: str) -> str:
        """The mask of the next line, which is given without its newline."""
        if not line.isprintable():
            line = _INVISIBLE.sub(_blank, line)
        if self._closer or self._prose_fence or _REGION_HINT.search(line):
            line = self._regions(line)
        if _CODE_HINT.search(line) and _CODE_LINE.match(line):
            return " " * len(line)
        for needle, pattern in _INLINE:
            if needle in line:
                line = pattern.sub(_blank, line)
        if _IDENTIFIER_HINT.search(line):
            line = _IDENTIFIER.sub(_blank, line)
        return line

    def _regions(self, line: str) -> str:
        kept: list[str] = []
        position = 0
        if self._prose_fence and not self._closer and line.strip() == self._prose_fence:
            self._prose_fence = ""
            return " " * len(line)
        while position < len(line):
            if self._closer:
                end = self._close(line, position)
                kept.append(" " * (end - position))
                position = end
                continue
            match = _REGION.search(line, position)
            if match is None:
                kept.append(line[position:])
                break
            kept.append(line[position : match.start()] + _blank(match))
            position = match.end()
            self._open(match)
        return "".join(kept)

    def _open(self, match: re.Match[str]) -> None:
        if fence := match["fence"]:
            if match["info"].lower() in _PROSE_FENCES and not self._prose_fence:
                self._prose_fence = fence.strip()
            else:
                self._closer = fence.strip()
        elif opener := match["open"]:
            self._closer = _CLOSERS[opener.lower()]

    def _close(self, line: str, position: int) -> int:
        start = line.find(self._closer, position)
        if start < 0 and self._closer[0] == "<":
            start = line.lower().find(self._closer, position)
        if start < 0:
            return len(line)
        end = start + len(self._closer)
        if self._closer[0] in "`~":
            while end < len(line) and line[end] == self._closer[0]:
                end += 1
        self._closer = ""
        return end


def mask_code(text: str) -> str:
    """Mask all that is not prose: code, LaTeX, URLs, e-mails, link targets, tags, entities, JSON keys, identifiers.

    An unclosed fence masks the rest. Plain numbers stay. Fences that models wrap whole answers in (text, Markdown,
    HTML, JSON) lose the fence and keep their prose.
    """
    mask = CodeMask()
    return "\n".join(map(mask.line, text.split("\n")))


_PARAGRAPH = re.compile(r"[^\s][^\n]*+(?:\n(?![ \t]*+\n)[^\n]*+)*+")
"""Lines up to a blank one."""
_GREETING = re.compile(r"[^\n]{1,40}[,，،、!！]\s*")
_SIGNATURE = re.compile(r"[^\n.?!:。？！：]{2,30}\n[^\n.?!:。？！：,]{1,30}\s*")
"""Two short lines that are no sentences: the regards and the name."""
_BLOCK_QUOTE = re.compile(r"^[ \t]{0,3}+>[^\n]*+", re.MULTILINE)
_LIMIT = 5000
"""Longest quoted passage, in characters: a bound on what one stray quotation mark can hide."""

# What a quotation mark does not follow or precede. Korean, Japanese and Chinese words touch it: "제목"이라는.
_ALNUM = (
    "[0-9A-Za-z\u00c0-\u024f\u0370-\u052f\u0590-\u05bd\u05c1-\u05f2\u0610-\u061a\u0620-\u063f\u0641-\u0669"
    "\u066e-\u06d3\u06d5-\u06ff]"
)

_AND = "\\s[\u0648\u0641\u0628\u0644\u0643\u05d5\u05d1\u05dc\u05db\u05e9\u05de\u05d4]"
"""Arabic and Hebrew write "and", "in" and their kin on to what follows."""

# Each begins with its mark and only then looks behind it, so that a search passes over the rest at full speed.
_PAIRS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("«", re.compile(rf"«[^«»]{{1,{_LIMIT}}}+»")),
    ("“", re.compile(rf"“[^“”]{{1,{_LIMIT}}}+”")),
    ("「", re.compile(rf"「[^「」]{{1,{_LIMIT}}}+」")),
    ("『", re.compile(rf"『[^『』]{{1,{_LIMIT}}}+』")),
)
_QUOTES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("„", re.compile(rf"„[^„“”\"]{{1,{_LIMIT}}}+[“”\"]")),
    *_PAIRS,
    *_PAIRS,  # again, for those around others of their kind: the inner ones are blank now
    ("»", re.compile(rf"»[^«»\n]{{1,{_LIMIT}}}+«")),
    ("“", re.compile(rf"“[^“”\"\n]{{1,300}}+\"(?!{_ALNUM})")),
    ("”", re.compile(rf"”(?<!{_ALNUM}”)[^“”\"\n]{{1,{_LIMIT}}}+[“”\"](?!{_ALNUM})")),
    (
        '"',
        re.compile(
            rf'"(?:(?<!{_ALNUM}")|(?<={_AND}"))(?<!"")(?:(?!\s)|(?<=", "))'
            rf'(?:[^"\n]|\n(?!\s*\n)){{1,{_LIMIT}}}+"(?!{_ALNUM})'
        ),
    ),
    ("‘", re.compile(rf"‘(?<!{_ALNUM}‘)(?!\s)[^‘’\n]{{1,300}}+’(?!{_ALNUM})")),
    ("'", re.compile(rf"'(?:(?<!{_ALNUM}')|(?<={_AND}'))(?!\s)[^'\n]{{1,300}}+'(?!{_ALNUM})")),
)


def _blank_lines(match: re.Match[str]) -> str:
    return "\n".join(" " * len(part) for part in match[0].split("\n"))


def block_quotes(text: str) -> list[Span]:
    """Where the lines are that begin with ``>``."""
    return [match.span() for match in _BLOCK_QUOTE.finditer(text)] if ">" in text else []


def pasted_letters(text: str) -> list[Span]:
    """Where the first pasted letter of a text is, from its greeting to its signature, where the text holds more."""
    paragraphs = [match.span() for match in _PARAGRAPH.finditer(text)] if "\n" in text else []
    greeting = next((k for k, span in enumerate(paragraphs) if _GREETING.fullmatch(text, *span)), None)
    if greeting is None:
        return []
    signature = next((k for k in range(greeting + 2, len(paragraphs)) if _SIGNATURE.fullmatch(text, *paragraphs[k])), 0)
    if not signature or (greeting == 0 and signature == len(paragraphs) - 1):
        return []
    return [(paragraphs[greeting][0], paragraphs[signature][1])]


def quotes(text: str) -> list[Span]:
    """Where the quoted passages of a text are, with their marks, in order; what stands inside another is none."""
    found: list[Span] = []

    def note(match: re.Match[str]) -> str:
        found.append(match.span())
        return _blank_lines(match)

    for needle, pattern in _QUOTES:
        if needle in text:
            text = pattern.sub(note, text)
    kept: list[Span] = []
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def mask_quotes(text: str) -> str:
    """Mask quoted passages and block quotes; an apostrophe in a word is no quote, an unclosed quote masks nothing."""
    if ">" in text:
        text = _BLOCK_QUOTE.sub(_blank, text)
    for needle, pattern in _QUOTES:
        if needle in text:
            text = pattern.sub(_blank_lines, text)
    return text


_GLOSS = re.compile(r"\([^()\n]{1,200}+\)|（[^（）\n]{1,200}+）|\[[^\[\]\n]{1,200}+\]|【[^【】\n]{1,200}+】")


def mask_glosses(text: str) -> str:
    """Mask what stands in brackets: translations of a term, original titles, remarks."""
    return _GLOSS.sub(_blank, text) if "(" in text or "[" in text or "（" in text or "【" in text else text
