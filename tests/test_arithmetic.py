"""Between a scenario and its outcomes, no call whose choice or rounding a library may change.

`pathsim.elementary` says why, and has what stands in for them.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[1] / "src" / "pathsim"
ROOMS = ("elementary", "people", "engine", "outcomes")
FILES = (
    *(file for room in ROOMS for file in sorted((SOURCE / room).rglob("*.py"))),
    SOURCE / "study" / "run.py",
    SOURCE / "study" / "plan.py",
    SOURCE / "study" / "runs.py",
    SOURCE / "study" / "states.py",
    SOURCE / "study" / "subject.py",
    SOURCE / "study" / "resolve.py",
    SOURCE / "scenario" / "doubt.py",
)
MODULES = {"scipy", "random", "statistics", "sklearn", "emcee"}
"""Of their functions none."""
MATHS = {
    "ceil",
    "floor",
    "fsum",
    "inf",
    "isclose",
    "isfinite",
    "isnan",
    "nan",
    "pi",
    "prod",
    "sqrt",
}
"""Of Python's `math` these alone: exact, rounded once, or in order."""
NUMPYS = {
    # rounded as it likes
    *(
        "arccos",
        "arcsin",
        "arctan",
        "arctan2",
        "cbrt",
        "cos",
        "exp",
        "exp2",
        "expm1",
        "float_power",
    ),
    *("hypot", "log", "log10", "log1p", "log2", "logaddexp", "power", "sin", "tan", "tanh"),
    # added in the order that it likes
    *("average", "corrcoef", "cov", "cumprod", "cumsum", "dot", "einsum", "inner", "interp"),
    *("matmul", "mean", "nanmean", "nansum", "nanvar", "outer", "prod", "std", "sum", "tensordot"),
    *("trapezoid", "var", "vdot"),
    # chosen as it likes
    *("argpartition", "linalg", "median", "partition", "percentile", "quantile", "random"),
}
"""Of NumPy these not."""
METHODS = {
    *("argpartition", "corr", "cov", "cumprod", "cumsum", "dot", "mean", "median", "prod"),
    *("quantile", "sort_values", "std", "sum", "to_numeric", "var"),
}
"""Of arrays and tables, and of pandas, these not."""
SORTS = {"argsort"}
"""Only if they say that they are stable; sorted values are the same by any sort."""
LET_THROUGH = {
    # Sums of whole numbers, or of halves: exact in any order.
    "people/beside.py": {".sum"},
    "people/checked.py": {".sum"},
    "people/cohort.py": {".sum"},
    "people/counts.py": {".sum"},
    "people/synthesise.py": {".sum"},
    "people/table.py": {".sum"},
    "engine/lowering.py": {".sum"},
    "engine/places.py": {".sum"},
    "engine/run.py": {"np.cumsum"},
    "study/runs.py": {".sum"},
    "outcomes/doubt.py": {".sum"},
    "outcomes/people.py": {".sum"},
    "outcomes/statistics.py": {".sum"},
    "outcomes/unpaired.py": {".sum"},
}


def called(node: ast.Call) -> str:
    """Return what is wrong with calling this, if anything is."""
    match node.func:
        case ast.Attribute(value=ast.Name(id="math"), attr=name):
            return "" if name in MATHS else f"math.{name}"
        case ast.Attribute(value=ast.Name(id="np"), attr=name) if name not in SORTS:
            return f"np.{name}" if name in NUMPYS else ""
        case ast.Attribute(value=ast.Attribute(value=ast.Name(id="np"), attr=name)):
            return f"np.{name}" if name in NUMPYS else ""
        case ast.Attribute(attr=name) if name in SORTS:
            kinds = [getattr(each.value, "value", "") for each in node.keywords]
            return "" if "stable" in kinds else f"{name}, not stable"
        case ast.Attribute(attr=name):
            return f".{name}" if name in METHODS else ""
    return ""


def imported(node: ast.ImportFrom) -> list[str]:
    module = "" if node.level else str(node.module)
    if module == "math":
        return [f"math.{each.name}" for each in node.names if each.name not in MATHS]
    return [module] if module.split(".")[0] in MODULES else []


def faults(tree: ast.AST) -> list[str]:
    found: list[str] = []
    for node in ast.walk(tree):
        match node:
            case ast.Import():
                found += [each.name for each in node.names if each.name.split(".")[0] in MODULES]
            case ast.ImportFrom():
                found += imported(node)
            case ast.Call():
                found += [called(node)]
            case ast.BinOp(op=ast.MatMult()):
                found += ["@"]
            case ast.BinOp(left=left, op=ast.Pow()) if not isinstance(left, ast.Constant):
                found += ["**"]
            case _:
                pass
    return [each for each in found if each]


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(SOURCE)))
def test_a_file_calls_nothing_that_a_library_may_round_or_choose(file):
    name = file.relative_to(SOURCE).as_posix()
    found = set(faults(ast.parse(file.read_text(encoding="utf-8"))))
    assert found <= LET_THROUGH.get(name, set())


@pytest.mark.parametrize(
    "code",
    [
        "np.exp(x)",
        "np.linalg.eigh(x)",
        "x @ y",
        "np.argsort(x)",
        "x.argsort()",
        "from scipy.special import ndtri",
        "from math import exp",
        "math.log(x)",
        "x ** 2",
        "x.sum(axis=0)",
        "np.cumsum(x)",
        "np.random.default_rng(1)",
        "frame.quantile(0.5)",
    ],
)
def test_what_is_looked_for_is_found(code):
    assert len(faults(ast.parse(code))) == 1


def test_what_has_one_result_is_let_through():
    code = "np.sqrt(x) + np.argsort(x, kind='stable') + 2.0**52 + math.floor(y) + np.floor(x)"
    assert faults(ast.parse(code)) == []
