"""Text in, findings out: is a reply in the language that was wanted, and did it do what was asked of its form?

    diagnostics = standard()
    instruction = diagnostics.read((Message("user", "Answer in German: what is rain?"),))
    diagnosis = diagnostics.diagnose("1", instruction, "Rain is water that falls from clouds.")

A reply that streams is fed to ``diagnostics.watch("1", instruction)`` piece by piece, with the same result.
"""

from .core import (
    Detector,
    Diagnosis,
    ExpectedLanguage,
    Finding,
    Instruction,
    LanguageFinding,
    Message,
    ModifierFinding,
    Observer,
    Origin,
    RequestedModifier,
    Verdict,
)
from .runner import Declared, Diagnostics, Watch
from .standard import declare, standard

__all__ = [
    "Declared",
    "Detector",
    "Diagnosis",
    "Diagnostics",
    "ExpectedLanguage",
    "Finding",
    "Instruction",
    "LanguageFinding",
    "Message",
    "ModifierFinding",
    "Observer",
    "Origin",
    "RequestedModifier",
    "Verdict",
    "Watch",
    "declare",
    "standard",
]
