"""The interface texts of a language, and how numbers are written in it."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from unicodedata import normalize

from salesim.classroom.lesson import Option, said
from salesim.config.config_files import read_yaml
from salesim.config.errors import InputError, meant

TEXTS = Path(__file__).with_name("texts")
FIRST = "en"


def languages() -> list[str]:
    """Codes of the languages that have a file."""
    return sorted(path.stem for path in TEXTS.glob("*.yaml"))


@cache
def texts_of(language: str) -> dict[str, str]:
    """The interface texts of a language; what its file lacks is English. Raises InputError for a language without a file."""
    if language not in languages():
        raise InputError(f"language is {language}; {meant(language, languages())} (its file would be {TEXTS}/{language}.yaml)")
    return read_yaml(TEXTS / f"{FIRST}.yaml") | read_yaml(TEXTS / f"{language}.yaml")


class Wording:
    """What is said on the screens of a class."""

    def __init__(self, language: str) -> None:
        self.language, self.texts = language, texts_of(language)

    def __call__(self, key: str, **parts: object) -> str:
        """An interface text, with parts filled in."""
        return self.texts[key].format(**parts)

    def of(self, words: Mapping[str, str]) -> str:
        """A text of the lesson in this language."""
        return said(words, self.language)

    def by_label(self, options: Mapping[str, Option]) -> dict[str, Option]:
        """Options in the order of their labels in this language, which gives away nothing about them."""
        return dict(sorted(options.items(), key=lambda each: normalize("NFD", self.of(each[1].label)).casefold()))

    def points(self, share: float) -> str:
        """A difference of margins in points, as 4.2."""
        return self.number(100.0 * share)

    def millions(self, thousands: float, error: float | None = None) -> str:
        """An amount in k$ as M$, with its error if there is one."""
        return self.number(thousands / 1000.0) + (f"\u00a0±\u00a0{self.number(error / 1000.0)}" if error is not None else "")

    def number(self, value: float) -> str:
        """A number with one decimal, and a minus that is one."""
        text = f"{value:.1f}".replace("-0.0", "0.0").replace("-", "−")
        return text.replace(".", self.texts["decimal_sign"])
