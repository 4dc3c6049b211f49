"""Recognises English sentences that were made elsewhere, and says them in another language.

A report holds whole sentences, such as `reports/x.json cannot be read: Permission denied.`. A catalogue has
the text that made it, `{file} cannot be read: {strerror}.`, and what stands in the places of the placeholders
is put into its translation.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from roamspec.language.words import WORDS

_PLACEHOLDER: Final = re.compile(r"\{(\w+)\}")
_IN_TEMPLATE: Final = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_LEAST_LETTERS: Final = 4
"""A text with fewer letters outside of its placeholders would fit anything."""
_JOINTS: Final = (("\n", "\n"), ("; ", "；"), (". ", "。"), (": ", "："))
"""Where sentences are put together of others, and what stands there in Chinese."""
_ADDS: Final = ("; ", ", ")
_SEVERAL: Final = re.compile(r"[.:;] ")
_MOST_KEPT: Final = 4000


@dataclass(frozen=True, slots=True)
class _Pattern:
    """`literals` stand around the placeholders `names`, in their order."""

    literals: tuple[str, ...]
    names: tuple[str, ...]
    translated: str
    weight: int

    @property
    def inner(self) -> tuple[str, ...]:
        """The placeholders that something of the text stands after."""
        return self.names if self.literals[-1] else self.names[:-1]

    @classmethod
    def of(cls, message: str, translated: str) -> "_Pattern | None":
        parts = _PLACEHOLDER.split(message)
        literals = tuple(_unescaped(literal) for literal in parts[::2])
        weight = sum(map(len, literals))
        if len(parts) == 1 or sum(c.isalpha() for literal in literals for c in literal) < _LEAST_LETTERS:
            return None
        return cls(literals, tuple(parts[1::2]), translated, weight)

    def values(self, text: str) -> Mapping[str, str] | None:
        """What stands in `text` for each placeholder; None when it was not made of this one."""
        if not (text.startswith(self.literals[0]) and text.endswith(self.literals[-1])):
            return None
        place = 0
        for literal in self.literals:
            place = text.find(literal, place)
            if place < 0:
                return None
            place += len(literal)
        found = re.fullmatch(self._expression(), text, re.DOTALL)
        return found.groupdict() if found else None

    def _expression(self) -> str:
        """A placeholder that stands twice holds the same both times."""
        parts, seen = [re.escape(self.literals[0])], set[str]()
        for name, literal in zip(self.names, self.literals[1:], strict=True):
            parts.append(f"(?P={name})" if name in seen else f"(?P<{name}>.*?)")
            parts.append(re.escape(literal))
            seen.add(name)
        return "".join(parts)


class Sentences:
    """Translates by a catalogue, which has the translation of each English text."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        # What is added to a sentence begins with a joint, at which the sentence is taken apart.
        added = {message[2:]: text.lstrip("；，") for message, text in texts.items() if message[:2] in _ADDS}
        self._texts = {**added, **texts}
        self._known: dict[str, str] = {}

    @cached_property
    def _patterns(self) -> list[_Pattern]:
        """Those that say most come first: they are the nearest to what a sentence was made of."""
        made = (_Pattern.of(message, text) for message, text in self._texts.items() if "{" in message)
        return sorted((pattern for pattern in made if pattern), key=lambda pattern: -pattern.weight)

    def translated(self, text: str) -> str:
        """`text` in the other language as far as it is known; the same when nothing of it is."""
        if not self._texts or not text:
            return text
        if text not in self._known:
            if len(self._known) > _MOST_KEPT:
                self._known.clear()
            self._known[text] = self._found(text) or text
        return self._known[text]

    def _found(self, text: str) -> str:
        """Several sentences are several, unless one text of the catalogue has them all."""
        return (
            self._whole(text, may_have_sentences=False)
            or self._in_parts(text, every=True)
            or self._after_a_name(text)
            or self._whole(text)
            or self._counted(text)
            or self._in_parts(text)
        )

    def _after_a_name(self, text: str) -> str:
        """Of a complaint about a command, an option or a file, which stands before it."""
        name, colon, rest = text.partition(": ")
        said = self._found(rest) if colon and " " not in name else ""
        return f"{name}：{said}" if said else ""

    def _counted(self, text: str) -> str:
        """Of a number and what is counted, in the singular or the plural."""
        number, _, noun = text.partition(" ")
        if not number.replace(",", "").isdecimal():
            return ""
        said = self._texts.get(noun) or self._texts.get(noun.removesuffix("s"))
        return f"{number} {said}" if said else ""

    def _whole(self, text: str, *, may_have_sentences: bool = True) -> str:
        """Empty when no text of the catalogue makes it.

        `may_have_sentences`: what stands in an inner placeholder may be whole sentences.
        """
        if text in self._texts:
            return _unescaped(self._texts[text])
        for pattern in self._patterns:
            values = pattern.values(text)
            if values is None:
                continue
            if may_have_sentences or not any(_SEVERAL.search(values[name]) for name in pattern.inner):
                return self._filled(pattern, values)
        if text.endswith("."):
            found = self._whole(text[:-1], may_have_sentences=may_have_sentences)
            if found:
                return f"{found}。"
        # Blanks around a sentence are of the place where it stands, not of the sentence.
        bare = text.strip()
        if bare and bare != text:
            found = self._whole(bare, may_have_sentences=may_have_sentences)
            return text.replace(bare, found, 1) if found else ""
        return ""

    def _filled(self, pattern: _Pattern, values: Mapping[str, str]) -> str:
        said = {name: self._value(value) for name, value in values.items()}
        end, last = "", pattern.names[-1]
        # The full stop belongs to the sentence, and not to the number or the name that stands before it.
        if not pattern.literals[-1] and said[last] == values[last] and values[last].endswith("."):
            said[last], end = values[last][:-1], "。"
        # In one pass: braces of the values, such as those of a JSON object, stay as they are.
        return _IN_TEMPLATE.sub(lambda found: _filling(found, said), pattern.translated) + end

    def _value(self, given: str) -> str:
        """One word is a name or a number unless it is one of ours; several may be a sentence."""
        return self.translated(given) if " " in given or given in WORDS else given

    def _in_parts(self, text: str, *, every: bool = False) -> str:
        """Of a text that is put together of others; empty when nothing of it is known, with `every` when not
        all of it is."""
        for joint, translated_joint in _JOINTS:
            if joint in text:
                found = self._joined(list(_parts(text, joint)), joint, translated_joint, every=every)
                if found:
                    return found
        return ""

    def _joined(self, parts: list[str], joint: str, translated_joint: str, *, every: bool) -> str:
        said = [
            self._whole(part) or self._counted(part) or self._in_parts(part, every=every) for part in parts
        ]
        if not (all(said) if every else any(said)):
            return ""
        result = ""
        for number, (part, known) in enumerate(zip(parts, said, strict=True)):
            if number:
                both = bool(known and said[number - 1])
                result += _between(result, joint, translated_joint if both else joint)
            result += known or part
        return result


def _filling(found: re.Match[str], said: Mapping[str, str]) -> str:
    return said.get(found[1], found[0]) if found[1] else found[0][0]


def _between(before: str, joint: str, translated_joint: str) -> str:
    """Nothing where the part before ends as a sentence does in the other language."""
    ends = before.endswith(("。", "？", "：", "；", "！"))
    return "" if ends and joint != "\n" else translated_joint


def _parts(text: str, joint: str) -> Iterator[str]:
    """The parts of a text; the full stop belongs to the part before."""
    *before, last = text.split(joint)
    for part in before:
        yield part + joint.strip() if joint == ". " else part
    yield last


def _unescaped(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")
