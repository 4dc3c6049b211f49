"""The texts of reports, in the language of their reader: see `roamspec.language`."""

from roamspec.language.translation import N_, Translation, translation

__all__ = ["N_", "Translation", "translation"]
