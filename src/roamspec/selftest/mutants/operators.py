"""What a mutant changes: for one node of a syntax tree, each node that may stand in its place."""

import ast
import copy
from collections.abc import Iterator, Mapping
from typing import Final

Variant = tuple[str, ast.AST]
"""The name of the operator, and the node that takes the place of the old one."""

_COMPARISONS: Final[Mapping[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: Final[Mapping[type[ast.operator], type[ast.operator]]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
    ast.Pow: ast.Mult,
}
_SYMBOLS: Final[Mapping[type[ast.AST], str]] = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.In: "in",
    ast.NotIn: "not in", ast.Is: "is", ast.IsNot: "is not", ast.Add: "+", ast.Sub: "-", ast.Mult: "*",
    ast.FloorDiv: "//", ast.BitOr: "|", ast.BitAnd: "&", ast.Pow: "**", ast.And: "and", ast.Or: "or",
}  # fmt: skip
_REMOVABLE: Final = (
    ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Delete, ast.For, ast.Continue, ast.Break,
)  # fmt: skip
OTHER_TEXT: Final = "mutated"


def expression_variants(node: ast.AST) -> Iterator[Variant]:
    """Another operator or another constant."""
    match node:
        case ast.Compare():
            for place, operator in enumerate(node.ops):
                changed = copy.deepcopy(node)
                changed.ops[place] = _COMPARISONS[type(operator)]()
                yield f"{_SYMBOLS[type(operator)]} to {_SYMBOLS[type(changed.ops[place])]}", changed
        case ast.BoolOp():
            other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
            yield f"{_SYMBOLS[type(node.op)]} to {_SYMBOLS[type(other)]}", ast.BoolOp(other, node.values)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield "sign removed" if isinstance(node.op, ast.USub) else "not removed", node.operand
        case ast.BinOp() if type(node.op) in _ARITHMETIC:
            arithmetic = _ARITHMETIC[type(node.op)]()
            name = f"{_SYMBOLS[type(node.op)]} to {_SYMBOLS[type(arithmetic)]}"
            yield name, ast.BinOp(node.left, arithmetic, node.right)
        case ast.Constant(value=bool(flag)):
            yield "constant changed", ast.Constant(not flag)
        case ast.Constant(value=int(number)):
            yield "constant changed", ast.Constant(number + 1)
        case ast.Constant(value=str() | bytes()):
            text = OTHER_TEXT if node.value != OTHER_TEXT else ""
            yield "constant changed", ast.Constant(text.encode() if isinstance(node.value, bytes) else text)


def condition_variants(node: ast.AST) -> Iterator[Variant]:
    """A condition that is always, or never, met; `node` is the condition."""
    if not isinstance(node, ast.Constant):
        yield "condition always true", ast.Constant(True)
        yield "condition always false", ast.Constant(False)


def statement_variants(node: ast.AST) -> Iterator[Variant]:
    """A statement that is not there, or a function that returns nothing."""
    if isinstance(node, _REMOVABLE):
        yield "statement removed", ast.Pass()
    elif isinstance(node, ast.Return) and node.value is not None and not _is_none(node.value):
        yield "return value removed", ast.Return(ast.Constant(None))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None
