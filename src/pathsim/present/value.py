"""What options are worth in the shell: by payer, year by year, and what studies would be worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from pathsim.decision.information.sample import LEAST_DRAWS, TOO_FEW
from pathsim.decision.sentence import hundred, pounds
from pathsim.outcomes.provenance import effort
from pathsim.text import counted, visible
from pathsim.vocabulary import PAYER_TITLES

from .titled import titled
from .words import UNDEFINED, money, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pathsim.decision.studied import Studies
    from pathsim.decision.value import OptionValue, Value

_LEGEND = """\
Gains are above 0. By payer, and by the year in which a cohort begins, at present value: means over
the states of the world, optimism bias taken off by the weakest evidence that an option rests on.
cash: what is money and no freed time. as it falls: what the public purse gains in a year by all
cohorts, not discounted, from which payback is read."""


def value_parts(value: Value) -> Iterator[Table | Text]:
    """Yield for each option its figures, who pays and its years; then studies, and the effort."""
    for each in value.options:
        yield _payers(each)
        yield _years(each)
        yield Text(visible(_figures(each)))
    if value.studies is not None:
        yield from _studies(value.studies)
    origin = value.comparison.provenance
    yield Text(
        f"{_LEGEND}\n{effort(origin)}; {counted(origin['doubted'], 'quantity', 'quantities')} "
        f"drawn; seed {origin['seed']}; {seconds(origin['elapsed_seconds'])}",
        style="dim",
    )


def _payers(each: OptionValue) -> Table:
    years = each.appraisal.terms.years
    title = f"{each.title}: who pays and who gains over {years} years"
    table = titled(title, ("payer", "gain", "cash", "not cash"))
    rows = [row for row in each.payers().itertuples(index=False) if row.gain or row.cashable]
    style = money([], [float(str(row.gain)) for row in rows])
    for row in rows:
        parts = (float(str(part)) for part in (row.gain, row.cashable, row.not_cashable))
        name = PAYER_TITLES.get(str(row.payer), str(row.payer))
        table.add_row(name, *map(style.difference, parts))
    return table


def _years(each: OptionValue) -> Table:
    heads = ("year", "factor", "public", "cash", "society", "total", "as it falls")
    table = titled(f"{each.title}: year by year", heads)
    frame = each.years()
    style = money([], frame["total"].tolist())
    for row in frame.to_dict(orient="records"):
        factor = row["discount_factor"]
        gains = (row[name] for name in ("public", "cashable", "society", "total"))
        last = math.isnan(factor)
        if last and row["public_as_it_falls"] == 0.0:
            continue
        cells = [UNDEFINED] * 5 if last else [f"{factor:.4f}", *map(style.difference, gains)]
        table.add_row(f"{row['year']:.0f}", *cells, style.difference(row["public_as_it_falls"]))
    return table


def _figures(each: OptionValue) -> str:
    found = each.appraisal.expected
    npsv, cost, years = each.npsv, float(found.cost_per_reoffence_avoided), found.payback_years
    if npsv.is_nothing:
        return f"'{each.title}': nobody gains or loses by it."
    gain = "gain" if npsv.mean >= 0.0 else "lose"
    ends = " to ".join(f"{'-' if end < 0.0 else ''}{pounds(end)}" for end in (npsv.low, npsv.high))
    said = [
        f"'{each.title}': society and the public purse together {gain} {pounds(npsv.mean)} "
        f"({ends}); it is worth it in {hundred(npsv.probability)} of 100 states of the world."
    ]
    yearly = float(found.equivalent_annual_value)
    said.append(f"That is {'-' if yearly < 0.0 else ''}{pounds(yearly)} in each year.")
    if math.isfinite(cost):
        said.append(f"A reoffence avoided costs the public purse {pounds(cost)}.")
    if float(years) == 0.0:
        said.append("The public purse is never in the red.")
    elif math.isfinite(float(years)):
        said.append(f"It pays back after {float(years):.1f} years.")
    else:
        said.append("It does not pay back.")
    return " ".join(said)


def _studies(studies: Studies) -> Iterator[Table | Text]:
    if studies.measured is None or studies.design is None:
        yield Text(f"Studies: {studies.said}.")
        return
    asked = studies.asked
    table = titled(
        f"A study of {studies.measured.label}",
        ("people", "worth for all years", "worth once it reports", "cost", "beyond its cost"),
    )
    names = ("evsi", "worth", "cost", "net_benefit")
    for row in studies.table.to_dict(orient="records"):
        cells = [
            UNDEFINED
            if math.isnan(row[name])
            else f"{'-' if row[name] < 0.0 else ''}{pounds(row[name])}"
            for name in names
        ]
        table.add_row(f"{row['size']:,.0f}", *cells)
    yield table
    yield Text(visible(" ".join(_told_of(studies))))
    if asked.cost is None:
        yield Text("Its cost is not said (--study-cost), so neither is what is left beyond it.")


def _told_of(studies: Studies) -> Iterator[str]:
    assert studies.design is not None
    yield (
        f"By {studies.design.said}; what is known already counts as "
        f"{studies.design.prior_size:,.0f} people."
    )
    reasons = dict.fromkeys(each for each in studies.table["said"].tolist() if each)
    for reason in reasons:
        more = f": ask for --draws {LEAST_DRAWS} or more" if reason == TOO_FEW else ""
        yield (
            f"Not told, {reason}{more}."
            if reason == TOO_FEW
            else f"What it would change is {reason}."
        )
    if math.isfinite(studies.known):
        yield f"To know it for sure would be worth {pounds(studies.known)}."
    if studies.best is not None and studies.best.size:
        best = studies.best
        yield f"Best are {best.size:,} people, worth {pounds(best.net_benefit)} beyond their cost."
    elif studies.best is not None:
        yield "No study is worth its cost."
