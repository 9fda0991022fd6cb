"""What the caller chose. Settings are values: change one with ``dataclasses.replace``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mojimend.errors import UnknownName
from mojimend.profiles import PROFILES, USUAL

# The primary language subtags (BCP 47) that a rule can be about; zh-Hans and zh-Hant are both `zh`.
LANGUAGES = frozenset({"zh", "ja", "ko"})


@dataclass(frozen=True, slots=True)
class Settings:
    """What to look for and how far to go.

    Arguments:
        select: Names of rules (``punctuation/doubled-mark``) or families (``punctuation``) to run, in place of the
            profile's. Empty means the profile's.
        ignore: Names of rules or families not to run, whatever was selected.
        accept: The least sure repairs to apply: ``"safe"`` gives back only what the author certainly wrote,
            ``"likely"`` also what was guessed.
        languages: BCP 47 tags of the languages that the text can be in (``zh-Hans``, ``ja``). Rules about other
            languages do not run. Empty means any.
        profile: A named selection. ``"repair"`` gives back what the author wrote and nothing more.

    Raises:
        UnknownName: A profile, level or language is not one of ours. Rules are checked when the settings are used.

    >>> from dataclasses import replace
    >>> replace(Settings(), accept="likely").accept
    'likely'
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    accept: Literal["safe", "likely"] = "safe"
    languages: tuple[str, ...] = ()
    profile: str = USUAL

    def __post_init__(self) -> None:
        # One name or a list is what people write; a tuple is what can be hashed.
        for field in ("select", "ignore", "languages"):
            value = getattr(self, field)
            object.__setattr__(self, field, (value,) if isinstance(value, str) else tuple(value))
        if self.profile not in PROFILES:
            raise UnknownName("profile", self.profile, PROFILES)
        if self.accept not in ("safe", "likely"):
            raise UnknownName("level of acceptance", self.accept, ("safe", "likely"))
        for tag in self.languages:
            if tag.partition("-")[0].lower() not in LANGUAGES:
                raise UnknownName("language", tag, LANGUAGES)
