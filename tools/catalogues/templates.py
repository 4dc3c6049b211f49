"""Texts of a Python file: what `_()` marks, and every other literal that reads as words for people.

An f-string becomes a text with named placeholders, such as `{path} cannot be read: {strerror}.`: what it
makes is recognised by `roamspec.language.sentences` when it is shown.
"""

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

_MARKS: Final = {"gettext", "_", "N_"}
_PLURAL: Final = "ngettext"
_WORDS: Final = re.compile(r"[A-Za-z][a-z'`]+[,:;.?]? [`'A-Za-z(]|^ [a-z]{4,}[.]$")
_PLACEHOLDER: Final = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a source; `plural` is the other form of a text with a number, `marked` if `_()` has it."""

    message: str
    line: int
    plural: str = ""
    marked: bool = False


def texts_of(source: str, *, everything: bool) -> Iterator[Text]:
    """The texts, in the order of the source: what is marked, what complains of something that a person gave,
    and with `everything` whatever else reads as words."""
    tree = ast.parse(source)
    found = list(_marked(tree))
    taken = {text.message for text in found} | {text.plural for text in found}
    places = [tree] if everything else [node for node in ast.walk(tree) if _complains(node)]
    found += [text for place in places for text in _literals(place) if text.message not in taken]
    yield from sorted(found, key=lambda text: text.line)


def _marked(tree: ast.AST) -> Iterator[Text]:
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        texts = [value for value in given if isinstance(value, str)]
        if name in _MARKS and texts:
            yield Text(texts[0], node.lineno, marked=True)
        elif name == _PLURAL and len(texts) > 1:
            yield Text(texts[0], node.lineno, texts[1], marked=True)


def _literals(tree: ast.AST) -> Iterator[Text]:
    skipped = set(_skipped(tree))
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        message = message_of(node)
        if message and reads_as_words(message):
            yield Text(message, getattr(node, "lineno", 0))


def reads_as_words(message: str) -> bool:
    """Whether it is words for people, and not a name, a path, a pattern or a piece of code."""
    return bool(_WORDS.search(_PLACEHOLDER.sub("", message)))


def _skipped(tree: ast.AST) -> Iterator[int]:
    """Docstrings, parts of f-strings, annotations, and what only a programmer sees."""
    for node in ast.walk(tree):
        match node:
            case ast.Expr(value=ast.Constant() as text):
                yield id(text)
            case ast.JoinedStr():
                yield from (id(value) for value in node.values)
                # A format specification is an f-string too.
                yield from (id(v.format_spec) for v in node.values if isinstance(v, ast.FormattedValue))
            case ast.Assert(msg=ast.AST() as said):
                yield from map(id, ast.walk(said))
            case ast.Call() if _is_internal(node):
                yield from map(id, ast.walk(node))
            case ast.AnnAssign():
                yield from map(id, ast.walk(node.annotation))
            case ast.arg(annotation=ast.AST() as annotation):
                yield from map(id, ast.walk(annotation))
            case ast.FunctionDef(returns=ast.AST() as annotation):
                yield from map(id, ast.walk(annotation))


_COMPLAINTS: Final = {"UsageError", "ConfigurationError", "TargetError", "SuiteError"}


def _complains(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in _COMPLAINTS


_INTERNAL: Final = {"AssertionError", "ValueError", "TypeError", "KeyError", "compile", "cast", "skip"}


def _is_internal(node: ast.Call) -> bool:
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    return name in _INTERNAL


def message_of(node: ast.AST) -> str:
    """The text of a literal, an f-string with its placeholders; empty for anything else."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if not isinstance(node, ast.JoinedStr):
        return ""
    names = _Names()
    return "".join(
        str(value.value).replace("{", "{{").replace("}", "}}")
        if isinstance(value, ast.Constant)
        else "{" + names.of(value.value) + "}"
        for value in node.values
        if isinstance(value, ast.Constant | ast.FormattedValue)
    )


class _Names:
    """A name for each expression of one f-string: the same for the same expression, else another."""

    def __init__(self) -> None:
        self._by_expression: dict[str, str] = {}

    def of(self, expression: ast.expr) -> str:
        written = ast.unparse(expression)
        if written not in self._by_expression:
            name = _name_of(expression)
            taken = set(self._by_expression.values())
            numbered = (f"{name}{number}" for number in range(2, 99))
            self._by_expression[written] = (
                name if name not in taken else next(n for n in numbered if n not in taken)
            )
        return self._by_expression[written]


def _name_of(expression: ast.expr) -> str:
    names: dict[type, Callable[[ast.AST], str]] = {
        ast.Name: lambda node: str(getattr(node, "id")),  # noqa: B009
        ast.Attribute: lambda node: str(getattr(node, "attr")),  # noqa: B009
    }
    for node in ast.walk(expression):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            return node.value.lower()
        if isinstance(node, ast.Attribute) and not isinstance(expression, ast.Call):
            return node.attr.strip("_").lower()
    for node in ast.walk(expression):
        if type(node) in names and not (isinstance(expression, ast.Call) and node is expression.func):
            return names[type(node)](node).strip("_").lower() or "value"
    return "value"
