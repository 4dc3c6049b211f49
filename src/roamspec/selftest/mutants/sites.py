"""Where the emulator's deletion code can be changed, under names that stay when lines move."""

import ast
import copy
import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from roamspec.selftest.mutants.operators import (
    Variant,
    condition_variants,
    expression_variants,
    statement_variants,
)

TARGETS: Final[Mapping[str, Collection[str] | None]] = {
    "roamspec.emulator.domain.deletion": None,
    "roamspec.emulator.domain.views": None,
    "roamspec.emulator.http.operations.deletions": None,
    "roamspec.emulator.store.memory": (
        "MemoryView.named",
        "MemoryView.remove",
        "MemoryView._remove_oldest",
        "MemoryView.through",
        "MemoryAppStore.drop_view",
    ),
}
"""The modules of the deletions; where a module does more, the functions that they use."""

_DIGEST_LENGTH: Final = 12
_SCOPES: Final = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_BODIES: Final = ("body", "orelse", "finalbody", "handlers")


@dataclass(frozen=True, slots=True, order=True)
class Site:
    """One change: its file (as a module's name), function, operator, and a digest of the statement before and
    after. `number` tells equal changes of one function apart."""

    file: str
    function: str
    operator: str
    digest: str
    number: int = 0

    @property
    def name(self) -> str:
        """One word for it, on the command line and in lists."""
        return f"{self.file}:{self.function}:{self.operator}:{self.digest}:{self.number}".replace(" ", "_")

    def as_dict(self) -> dict[str, Any]:
        """The site as JSON."""
        return {
            "file": self.file,
            "function": self.function,
            "operator": self.operator,
            "digest": self.digest,
            "number": self.number,
        }


@dataclass(frozen=True, slots=True)
class Mutant:
    """A site and what stands there: the statement `before` and `after`, at `line` today.

    `statement` and `node` are the numbers of the two in the syntax tree; `statement` is None for what runs
    once, when the module is loaded.
    """

    site: Site
    before: str
    after: str
    line: int
    statement: int | None
    node: int
    variant: int


@dataclass(frozen=True, slots=True)
class _Place:
    """A node that can be changed: its function, and the statement that it is in."""

    node: int
    function: str
    statement: ast.stmt
    inside: bool
    variants: tuple[Variant, ...]


def source_of(module: str) -> str:
    """The source of a module of this package."""
    root = Path(__file__).parents[2]
    return root.joinpath(*module.split(".")[1:]).with_suffix(".py").read_text(encoding="utf-8")


def mutants_of(module: str, source: str, functions: Collection[str] | None = None) -> Iterator[Mutant]:
    """Every mutant of a module, or of some functions of it, in the order of the syntax tree."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    numbers = {id(node): number for number, node in enumerate(nodes)}
    seen: Counter[tuple[str, str, str]] = Counter()
    for place in _places(tree):
        if functions is not None and place.function not in functions:
            continue
        before = _header(place.statement)
        for number, (operator, replacement) in enumerate(place.variants):
            after = _header(_replaced(place.statement, nodes[place.node], replacement))
            digest = hashlib.sha256(f"{before}\n{after}".encode()).hexdigest()[:_DIGEST_LENGTH]
            key = (place.function, operator, digest)
            site = Site(module, place.function, operator, digest, seen[key])
            seen[key] += 1
            statement = numbers[id(place.statement)] if place.inside else None
            yield Mutant(site, before, after, place.statement.lineno, statement, place.node, number)


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """The syntax tree of `source` with the change of `mutant`, ready to compile."""
    tree = ast.parse(source)
    place = next(each for each in _places(tree) if each.node == mutant.node)
    _, replacement = place.variants[mutant.variant]
    changed = _replaced(tree, list(ast.walk(tree))[mutant.node], replacement)
    assert isinstance(changed, ast.Module)
    return ast.fix_missing_locations(changed)


def instrumented(source: str, probe: str) -> ast.Module:
    """The tree of `source`, in which each statement of a function first calls `probe` with its number."""
    tree = ast.parse(source)
    numbers = {id(node): number for number, node in enumerate(ast.walk(tree))}

    def probed(body: list[ast.stmt], *, inside: bool) -> list[ast.stmt]:
        found: list[ast.stmt] = []
        for statement in body:
            within = inside or isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef)
            if inside and not _is_docstring(statement):
                call = ast.Call(ast.Name(probe, ast.Load()), [ast.Constant(numbers[id(statement)])], [])
                found.append(ast.Expr(call))
            for field in _BODIES:
                below = getattr(statement, field, [])
                if below and isinstance(below[0], ast.stmt):
                    setattr(statement, field, probed(below, inside=within))
            found.append(statement)
        return found

    tree.body = probed(tree.body, inside=False)
    return ast.fix_missing_locations(tree)


def _replaced(root: ast.AST, old: ast.AST, new: ast.AST) -> ast.AST:
    """A copy of `root` in which `new` stands in the place of `old`."""
    if root is old:
        return copy.deepcopy(new)
    twin = copy.copy(root)
    for field, value in ast.iter_fields(root):
        if isinstance(value, ast.AST):
            setattr(twin, field, _replaced(value, old, new))
        elif isinstance(value, list):
            items = [_replaced(each, old, new) if isinstance(each, ast.AST) else each for each in value]
            setattr(twin, field, items)
    return twin


def _header(statement: ast.AST) -> str:
    """A statement without the statements below it: what changes there is no matter of this one."""
    twin = copy.copy(statement)
    for field in _BODIES:
        if getattr(twin, field, None):
            setattr(twin, field, [ast.Pass()] if field == "body" else [])
    return ast.unparse(ast.fix_missing_locations(twin))


def _places(tree: ast.Module) -> Iterator[_Place]:
    order = {id(node): number for number, node in enumerate(ast.walk(tree))}

    def statements(body: list[ast.stmt], function: str, *, inside: bool) -> Iterator[_Place]:
        for statement in body:
            if isinstance(statement, ast.Import | ast.ImportFrom) or _is_docstring(statement):
                continue
            if _is_for_types(statement):
                continue
            if isinstance(statement, _SCOPES):
                yield from expressions(statement, function, statement, inside=inside)
                name = f"{function}.{statement.name}" if function else statement.name
                is_function = not isinstance(statement, ast.ClassDef)
                yield from statements(statement.body, name, inside=is_function or inside)
                continue
            if inside:
                variants = tuple(statement_variants(statement))
                if variants:
                    yield _Place(order[id(statement)], function, statement, True, variants)
            yield from expressions(statement, function, statement, inside=inside)
            for field in _BODIES:
                below = getattr(statement, field, [])
                yield from statements(
                    [each for each in below if isinstance(each, ast.stmt)], function, inside=inside
                )

    def expressions(node: ast.AST, function: str, statement: ast.stmt, *, inside: bool) -> Iterator[_Place]:
        for child, is_condition in _parts(node):
            variants = (*expression_variants(child), *(condition_variants(child) if is_condition else ()))
            if variants:
                yield _Place(order[id(child)], function, statement, inside, variants)
            yield from expressions(child, function, statement, inside=inside)

    yield from statements(tree.body, "", inside=False)


def _parts(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """The expressions of a node that run, each with whether it is a condition."""
    for field, value in ast.iter_fields(node):
        if field in ("annotation", "returns", "decorator_list", "type_comment", "bases", "keywords") and (
            field != "keywords" or isinstance(node, ast.ClassDef)
        ):
            continue
        if isinstance(node, ast.JoinedStr | ast.FormattedValue):
            continue
        for child in value if isinstance(value, list) else [value]:
            if not isinstance(child, ast.AST) or isinstance(child, ast.stmt | ast.expr_context):
                continue
            yield child, field in ("test", "ifs")


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _is_for_types(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.If)
        and isinstance(statement.test, ast.Name)
        and statement.test.id == "TYPE_CHECKING"
    )


def all_mutants() -> list[Mutant]:
    """Every mutant of the emulator's deletion code."""
    return [
        mutant
        for module, functions in TARGETS.items()
        for mutant in mutants_of(module, source_of(module), functions)
    ]
