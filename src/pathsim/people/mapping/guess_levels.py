"""Guesses of columns with levels, truths and ids: the name and the values must both fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pathsim.people.cells import number_of
from pathsim.people.columns import COLUMNS
from pathsim.people.problems import FEWEST_ALIKE
from pathsim.people.words import as_name, level_of, name_in
from pathsim.text import counted

from .alike import alike, once
from .entry import Certainty, Entry
from .load import QUESTION
from .offence_codes import group_of, parts_of
from .profile import is_unknown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .profile import Profile

LEVEL_NAMES: Final[dict[str, frozenset[str]]] = {
    "sex": frozenset(("sex", "gender")),
    "ethnicity": frozenset(("ethnicity", "ethnic", "race", "ethnicgroup")),
    "offence_group": frozenset(
        ("offence", "offense", "offences", "offenses", "crime", "charge", "offgeneral", "offdetail")
    ),
    "disposal": frozenset(
        ("disposal", "disposals", "outcome", "sentence", "sentencetype", "disposition", "result")
    ),
}
_CODED: Final[dict[str, tuple[frozenset[str], int]]] = {
    "sex": (LEVEL_NAMES["sex"], 6),
    "ethnicity": (LEVEL_NAMES["ethnicity"], 25),
    "disposal": (LEVEL_NAMES["disposal"] - {"sentence", "result"}, 15),
    "offence_group": (frozenset(("offencetype", "offencegroup", "group", "category", "type")), 40),
}
"""Names of columns of codes, and how many different ones each may have."""
_NO_CODES: Final = frozenset(("age", "date", "number", "count", "no", "previous", "prior", "days"))
_GUESSED: Final[dict[str, dict[str, str]]] = {
    "offence_group": {
        "burglary": "theft",
        "larceny": "theft",
        "stolen_property": "theft",
        "shoplifting": "theft",
        "assault": "violence",
        "homicide": "violence",
        "murder": "violence",
        "murder_manslaughter": "violence",
        "sex": "sexual",
        "rape": "sexual",
        "arson": "criminal_damage",
        "trafficking": "drugs",
        "drug_possession": "drugs",
        "owi": "summary_motoring",
        "dui": "summary_motoring",
        "drink_driving": "summary_motoring",
        "traffic": "summary_motoring",
        "motoring": "summary_motoring",
        "forgery": "fraud",
        "forgery_fraud": "fraud",
        "weapon": "weapons",
        "other": "miscellaneous",
    },
    "disposal": {
        "jail": "custody",
        "custodial": "custody",
        "community": "community_order",
        "probation": "community_order",
        "co": "community_order",
        "sso": "suspended_sentence",
        "unpaid_work": "community_order",
    },
}
"""Words that mean a level probably: a draft says so, and nothing else reads them."""
NEED_NAMES: Final[dict[str, frozenset[str]]] = {
    "need_accommodation": frozenset(("accommodation", "housing", "homeless", "homelessness")),
    "need_employment": frozenset(("employment", "ete", "unemployed", "employability")),
    "need_health": frozenset(("health", "mental", "emotional", "wellbeing")),
    "need_drugs_alcohol": frozenset(("drug", "drugs", "alcohol", "substance", "misuse")),
    "need_finance": frozenset(("finance", "finances", "financial", "debt")),
    "need_family": frozenset(("family", "relationship", "relationships", "lifestyle")),
    "need_attitudes": frozenset(("attitude", "attitudes", "thinking", "behaviour")),
}
_ABUSE: Final = frozenset(("domestic", "dv", "da", "spousal", "ipv"))
_MOST_GRADES: Final = 6
_GRADES: Final = frozenset(
    (
        "no",
        "none",
        "yes",
        "some",
        "severe",
        "significant",
        "problem",
        "problems",
        "low",
        "medium",
        "high",
        "linked",
    )
)
_GROUPS: Final = frozenset(("team", "pdu", "office", "unit", "region", "cluster", "district"))
_AN_ID: Final = frozenset(("id", "crn", "noms", "pnc", "pncid", "reference", "ref", "urn", "key"))


def guess_id(columns: Sequence[Profile], rows: int) -> Entry:
    """Return where the ids come from: a column of different cells, or the numbers of the rows."""
    named = [
        each for each in columns if each.words & _AN_ID or each.plain in ("person", "prisoner")
    ]
    whole = [each for each in named if each.unique and len(each.cells) == rows]
    path = ("columns", "id")
    if whole:
        best = next((each for each in whole if each.plain == "id"), whole[0])
        certainty: Certainty = "certain" if best.plain == "id" else "likely"
        entry = Entry(path, certainty, "every cell differs", (best.name,), {"from": best.name})
        if len(whole) > 1:
            entry.reason += f"; so do those of {', '.join(each.name for each in whole[1:])}"
        return entry
    if named:
        entry = Entry(
            path,
            "question",
            f"the cells of {named[0].name!r} are not all different: is "
            "it a row for each offence? then draft with --offences",
        )
        entry.ask(
            "from",
            "a column in which every cell differs; or, in its place, "
            'derive = "row_number" where each row is a person',
        )
        return entry
    reason = "no column holds ids: the rows are numbered, so their order is part of every draw"
    return Entry(path, "guess", reason, (), {"derive": "row_number"})


def guess_levels(target: str, columns: Sequence[Profile]) -> Entry | None:
    """Return from which column the levels of `target` come."""
    names = LEVEL_NAMES[target]
    named = [each for each in columns if each.words & names and each.few and not each.numeric]
    if target == "offence_group":
        coded = _coded([each for each in columns if each.words & {*names, "ho", "code"}])
        if coded is not None and not any(_known(target, each) for each in named):
            return coded
    by_values = [each for each in columns if each.few and _share(target, each) >= 0.8]
    ranked = sorted({*named, *by_values}, key=lambda each: _rank(target, each), reverse=True)
    if not ranked or not _known(target, ranked[0]):
        return _of_codes(target, columns)
    return _of_levels(target, ranked[0], named=ranked[0] in named)


def _of_codes(target: str, columns: Sequence[Profile]) -> Entry | None:
    """Return a question of what each code means, where the name says what the codes are of."""
    names, most = _CODED[target]
    for each in columns:
        named = each.words & names and not each.words & _NO_CODES
        if target == "disposal":
            named = named and not each.flags
        elif target == "offence_group":
            named = named and each.words & LEVEL_NAMES[target]
        if named and each.whole and len(each.distinct) <= most and each.within(0, 99):
            words = "the name, and codes: what does each mean?"
            return _ask_of_each(
                Entry(("columns", target), "question", words, (each.name,), {"from": each.name}),
                target,
                each,
            )
    return None


def _ask_of_each(entry: Entry, target: str, column: Profile) -> Entry:
    """Return an entry that asks what each label of a column means."""
    gone = [each for each in column.distinct if is_unknown(each)]
    if gone:
        entry.values["unknown"] = gone
    asked = once(each for each in column.distinct if each not in gone)
    entry.values["values"] = dict.fromkeys(asked, QUESTION)
    entry.comments["values"] = f"one of: {COLUMNS[target].allowed()}"
    entry.rare = rare_labels(column)
    ask_of_blanks(entry, target, column.blanks + number_of(column.cells.isin(gone)))
    return entry


def rare_labels(column: Profile) -> frozenset[str]:
    """Return the labels of a column that few rows have."""
    counts = column.cells.map(alike).value_counts()
    return frozenset(each for each in column.distinct if int(counts[alike(each)]) < FEWEST_ALIKE)


def _rank(target: str, column: Profile) -> tuple[float, bool, str]:
    return _share(target, column), column.plain == target, column.name


def _level(target: str, text: str) -> tuple[str, bool]:
    """Return the level that a cell probably means, and whether it is read so without a word."""
    level = level_of(target, text, COLUMNS[target].levels)
    if level:
        return level, True
    return _GUESSED.get(target, {}).get(name_in(text), ""), False


def _known(target: str, column: Profile) -> int:
    return sum(bool(_level(target, each)[0]) for each in column.distinct)


def _share(target: str, column: Profile) -> float:
    """Return the share of the filled cells that mean a level."""
    if not column.few:
        return 0.0
    known = [each for each in column.distinct if _level(target, each)[0]]
    return number_of(column.cells.isin(known)) / len(column.cells)


def _of_levels(target: str, column: Profile, *, named: bool) -> Entry:
    plain = target == column.plain
    meant = {each: _level(target, each) for each in column.distinct}
    gone = [each for each in column.distinct if not meant[each][0] and is_unknown(each)]
    values = {each: level for each, (level, read) in meant.items() if not read and each not in gone}
    certainty: Certainty = (
        "certain" if plain and not values else "likely" if named and not values else "guess"
    )
    reason = f"{'the name and ' if named else ''}the values fit: {column.kind()}"
    entry = Entry(("columns", target), certainty, reason, (column.name,), {"from": column.name})
    if gone:
        entry.values["unknown"] = gone
    if values:
        entry.values["values"] = {each: values[each] or QUESTION for each in once(values)}
        entry.comments["values"] = f"one of: {', '.join(COLUMNS[target].levels)}"
        if not all(values.values()):
            entry.certainty = "question"
        entry.rare = rare_labels(column)
    ask_of_blanks(entry, target, column.blanks + number_of(column.cells.isin(gone)))
    return entry


def ask_of_blanks(entry: Entry, target: str, blanks: int) -> None:
    """Ask what becomes of people of whom something needed is not known."""
    if blanks and COLUMNS[target].needed:
        many = counted(blanks, "cell says nothing", "cells say nothing")
        entry.ask("if_unknown", f"{many}: draw (from the scenario's own people, by id) | refuse")


def _coded(columns: Sequence[Profile]) -> Entry | None:
    """Return the column of Home Office offence codes."""
    for column in columns:
        codes = [str(each) for each in column.cells.unique()]
        if not codes or any(parts_of(each) is None for each in codes):
            continue
        lacking = sorted(each for each in codes if not group_of(each))
        entry = Entry(
            ("columns", "offence_group"),
            "likely",
            f"every cell is a Home Office offence code; {len(codes) - len(lacking)} of "
            f"{len(codes)} codes have a group here",
            (column.name,),
            {"from": column.name, "derive": "home_office_code"},
        )
        if lacking:
            entry.values["values"] = dict.fromkeys(once(lacking), QUESTION)
            entry.comments["values"] = f"one of: {', '.join(COLUMNS['offence_group'].levels)}"
            entry.certainty = "question"
            entry.rare = rare_labels(column)
        ask_of_blanks(entry, "offence_group", column.blanks)
        return entry
    return None


def guess_flag(target: str, columns: Sequence[Profile]) -> Entry | None:
    """Return the column of a need or of domestic abuse."""
    names = NEED_NAMES.get(target, _ABUSE)
    found = [each for each in columns if each.plain == target and each.flags]
    found = found or [each for each in columns if each.words & names and each.flags]
    if not found:
        graded = [each for each in columns if each.words & names and _graded(each)]
        return _of_grades(target, graded[0]) if graded else None
    best = found[0]
    certainty: Certainty = "certain" if best.plain == target else "likely"
    entry = Entry(
        ("columns", target),
        certainty,
        "the name, and every cell is yes or no",
        (best.name,),
        {"from": best.name},
    )
    if len(found) > 1:
        entry.ask("from", "one of: " + ", ".join(repr(each.name) for each in found))
        entry.columns = tuple(each.name for each in found)
    return entry


def _graded(column: Profile) -> bool:
    """Return whether a column holds grades of a problem, such as none, some and severe."""
    if not 1 < len(column.distinct) <= _MOST_GRADES:
        return False
    if column.numeric:
        return column.whole and column.within(0, 9)
    labels = [each for each in column.distinct if not is_unknown(each)]
    return all(set(as_name(each).split("_")) & _GRADES for each in labels)


def _of_grades(target: str, column: Profile) -> Entry:
    entry = Entry(
        ("columns", target),
        "question",
        "the name, and grades: from which on is it so? OASys: 0 none, 1 some, 2 severe",
        (column.name,),
        {"from": column.name},
    )
    entry = _ask_of_each(entry, target, column)
    entry.comments["values"] = "yes | no of each; or delete this table, and leave the column out"
    return entry


def guess_area(columns: Sequence[Profile]) -> Entry | None:
    """Return the column of areas: its name alone tells, and a scenario knows its areas itself."""
    for each in columns:
        if each.plain == "area" and each.few and not each.numeric:
            reason = f"the name; each must be an area of the scenario: {each.kind()}"
            return Entry(("columns", "area"), "likely", reason, (each.name,), {"from": each.name})
    return None


def guess_groups(columns: Sequence[Profile]) -> list[Entry]:
    """Return columns by which results may be wanted later."""
    return [_group(each) for each in columns if _is_group(each)]


def _is_group(column: Profile) -> bool:
    named = column.words & _GROUPS and column.plain[:1].isalpha() and len(column.plain) <= 40
    return bool(named and column.few and not column.numeric)


def _group(column: Profile) -> Entry:
    reason = f"may be a group for results; leave it out if it is none: {column.kind()}"
    return Entry(("groups", column.plain), "guess", reason, (column.name,), {"from": column.name})
