"""Profiles: named selections of rules and families."""

USUAL = "repair"
PROFILES: dict[str, tuple[str, ...]] = {
    USUAL: ("mojibake", "gloss", "punctuation", "characters"),
}
