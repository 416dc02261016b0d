"""Single changes of a Python file: what a slip of the keyboard or of thought would do to it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
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
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Div,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_FUNCTIONS = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "minimum": "maximum",
    "maximum": "minimum",
}
_NO_CODE = {"annotation", "returns", "decorator_list"}


@dataclass(frozen=True)
class Mutation:
    """One change of one file: `before` at a place becomes `after`."""

    file: str
    line: int
    within: str
    """The function, or "" at the top of the file."""
    cached: bool
    """The function runs once and keeps its value: which tests call it cannot be seen."""
    before: str
    after: str
    text: str
    """The whole file as changed."""

    @property
    def key(self) -> str:
        """Return its name in the list of equivalents; it survives a move of the line."""
        return f"{self.file} {self.within}: {self.before} -> {self.after}"


def mutations(file: str, text: str) -> list[Mutation]:
    """Return every single change of a file."""
    data = text.encode()
    starts = [0]
    for line in data.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    found = []
    for node, within, cached, condition in _places(ast.parse(text), "", False):
        first = starts[node.lineno - 1] + node.col_offset
        last = starts[node.end_lineno - 1] + node.end_col_offset
        before = " ".join(data[first:last].decode().split())
        changes = [*_changes(node), *([f"(not {ast.unparse(node)})"] if condition else [])]
        for after in changes:
            changed = (data[:first] + after.encode() + data[last:]).decode()
            with suppress(SyntaxError):
                ast.parse(changed)
                found.append(Mutation(file, node.lineno, within, cached, before, after, changed))
    return found


def words_of(path: str) -> set[str]:
    """Return the words in the name of a module, or of a file of tests, as singulars."""
    name = path.partition("::")[0].rpartition("/pathsim/")[2].removesuffix(".py")
    return {word.rstrip("s") for word in re.findall("[a-z0-9]+", name)} - {"init", "test"}


def named_like(packages: Iterable[Path]) -> str:
    """Return a pattern of the files of tests that are named like a module in the folders."""
    modules = [str(path) for package in packages for path in package.rglob("*.py")]
    words = sorted({word for module in modules for word in words_of(module)})
    return f"_({'|'.join(words)})s?[_.]"


def _places(
    node: ast.AST, within: str, cached: bool
) -> Iterator[tuple[ast.expr | ast.stmt, str, bool, bool]]:
    """Give each part of the code, its function, whether that is cached, whether it is a test."""
    for name, value in ast.iter_fields(node):
        if name in _NO_CODE:
            continue
        for child in value if isinstance(value, list) else [value]:
            # Before Python 3.12 the parts of an f-string have no true positions.
            if not isinstance(child, ast.AST) or isinstance(child, ast.JoinedStr):
                continue
            if isinstance(child, ast.If) and ast.unparse(child.test) == "TYPE_CHECKING":
                continue
            if isinstance(child, ast.keyword) and _is_guard(node, child):
                continue
            inner, kept = within, cached
            if isinstance(child, ast.FunctionDef | ast.ClassDef):
                inner = f"{within}.{child.name}".lstrip(".")
                kept = cached or any("cache" in ast.unparse(each) for each in child.decorator_list)
            if isinstance(child, ast.expr | ast.stmt):
                yield child, inner, kept, name in {"test", "ifs"}
            yield from _places(child, inner, kept)


def _changes(node: ast.AST) -> Iterator[str]:  # noqa: C901 - one case a kind
    match node:
        case ast.Compare(ops=operators):
            for place, operator in enumerate(operators):
                changed = list(operators)
                changed[place] = _COMPARISONS[type(operator)]()
                yield _text(ast.Compare(node.left, changed, node.comparators))
        case ast.Constant(value=bool(value)):
            yield str(not value)
        case ast.Constant(value=int(value) | float(value)):
            yield f"{value + 1}"
            yield f"({value - 1})"
        case ast.BinOp(op=operator) if type(operator) in _OPERATORS:
            yield _text(ast.BinOp(node.left, _OPERATORS[type(operator)](), node.right))
        case ast.BoolOp(op=operator):
            other = ast.Or() if isinstance(operator, ast.And) else ast.And()
            yield _text(ast.BoolOp(other, node.values))
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield _text(node.operand)
        case ast.Return(value=value) if value is not None and ast.unparse(value) != "None":
            yield "return None"
        case ast.Call():
            yield from _calls(node)
        case ast.Subscript(slice=ast.Slice() as part):
            for changed in _slices(part):
                yield _text(ast.Subscript(node.value, changed, node.ctx))


def _is_guard(node: ast.AST, keyword: ast.keyword) -> bool:
    """Return whether a keyword is only a guard that nothing reaches: `zip(..., strict=True)`."""
    return isinstance(node, ast.Call) and (ast.unparse(node.func), keyword.arg) == ("zip", "strict")


def _calls(node: ast.Call) -> Iterator[str]:
    *before, last = ast.unparse(node.func).rsplit(".", 1)
    if last in _FUNCTIONS:
        other = ast.parse(".".join([*before, _FUNCTIONS[last]]), mode="eval").body
        yield _text(ast.Call(other, node.args, node.keywords))
    for place, keyword in enumerate(node.keywords):
        if _is_guard(node, keyword):
            continue
        others = node.keywords[:place] + node.keywords[place + 1 :]
        yield _text(ast.Call(node.func, node.args, others))


def _slices(part: ast.Slice) -> Iterator[ast.Slice]:
    """Give slices off by one at an end that is no number: those are changed as numbers."""
    one = ast.Constant(1)
    if part.lower is not None and not isinstance(part.lower, ast.Constant):
        yield ast.Slice(ast.BinOp(part.lower, ast.Add(), one), part.upper, part.step)
    if part.upper is not None and not isinstance(part.upper, ast.Constant):
        yield ast.Slice(part.lower, ast.BinOp(part.upper, ast.Add(), one), part.step)


def _text(node: ast.expr) -> str:
    """Return code on one line, in brackets."""
    return f"({ast.unparse(node)})"
