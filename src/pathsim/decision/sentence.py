"""The paragraph for an option, and one for the set: no figure that the tables do not hold."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from pathsim.outcomes.names import SAME
from pathsim.outcomes.values import EVERYBODY
from pathsim.vocabulary import PAYERS

if TYPE_CHECKING:
    from pathsim.outcomes.results import OptionResult

    from .decide import Decision, OptionDecision
    from .told import Told
    from .turning import Switch

_MILLION: Final = 1e6
_UNLIKELY: Final = 0.2
_LIKELY: Final = 0.8
PAYER_NAMES: Final = {
    "society": "victims and society",
    "police": "the police",
    "courts_cps": "courts and prosecution",
    "hmpps": "prisons and probation",
    "local_authority": "local authorities",
    "nhs": "the health service",
    "pcc": "the police and crime commissioner",
    "other": "other public bodies",
}


def paragraph(decided: OptionDecision) -> str:
    """Return what can be said of an option: a harm beside the benefit, in the first line."""
    parts = [
        _first(decided),
        _money(decided),
        _worth(decided),
        _fails(decided),
        _to_find_out(decided),
    ]
    return " ".join(part for part in parts if part)


def of_the_set(decision: Decision) -> str:
    """Return what can be said of all options together."""
    names = [each.title for each in decision.options]
    order = sorted(range(len(names)), key=lambda k: (-decision.options[k].npsv.mean, names[k]))
    first = decision.options[order[0]]
    years = decision.terms.years
    known = pounds(decision.evpi.evpi)
    if len(names) == 1:
        is_worth = "is" if first.npsv.mean > 0.0 else "is not"
        return (
            f"On this evidence, '{first.title}' {is_worth} to be expected to be worth it over "
            f"{years} years, society included. Not knowing for sure costs up to {known}."
        )
    if first.npsv.mean <= 0.0:
        return (
            f"Of these {len(names)}, on this evidence, none is to be expected to be worth it over "
            f"{years} years, society included. Not knowing for sure costs up to {known}."
        )
    alike = [k for k in order if decision.options[k].npsv == first.npsv]
    titles = _listed([f"'{names[k]}'" for k in alike])
    chance = float(sum(decision.best[1 + k] for k in alike))
    is_worth, it_is = "is worth", "it is"
    if len(alike) > 1:
        is_worth, it_is = "are worth the same and", "they are"
    return (
        f"Of these {len(names)}, on this evidence, {titles} {is_worth} most over {years} "
        f"years, society included; {it_is} the best in {hundred(chance)} of 100 states of the "
        f"world. "
        f"Choosing only one, knowing everything first would be worth up to {known}."
    )


def hundred(share: float) -> str:
    """Return a share as so many of 100; neither none nor all of them unless it is."""
    if 0.0 < share < 0.01:
        return "less than 1"
    return "more than 99" if 0.99 < share < 1.0 else f"{100 * share:.0f}"


def chance_words(told: Told) -> str:
    """Return a chance as so many of 100, or that there is no difference to be sure of."""
    return SAME if told.is_nothing else hundred(told.probability)


def pounds(amount: float) -> str:
    """Return an amount without its sign: `£1.3 million`, `£41,000`."""
    size = abs(amount)
    if size >= _MILLION:
        return f"£{size / _MILLION:,.3g} million"
    return f"£{round(size, -3 if size >= 10_000 else 0):,.0f}"


def _first(decided: OptionDecision) -> str:
    avoided = decided.avoided
    harm = _two_ways(decided.option)
    if avoided.is_nothing:
        return f"'{decided.title}' changes no reoffence in any state of the world."
    side = "fewer" if avoided.mean >= 0.0 else "more"
    chance = avoided.probability if avoided.mean >= 0.0 else 1.0 - avoided.probability
    said = (
        f"In {hundred(chance)} of 100 states of the world that fit the evidence, "
        f"'{decided.title}' means {side} proven reoffences of a year's people: {_range(avoided)}"
    )
    if _UNLIKELY < avoided.probability < _LIKELY:
        said += (
            ". On this evidence no effect on reoffending was found, which is not the same as none"
        )
    return f"{said}{harm}."


def _range(told: Told) -> str:
    """Return the size of a change, with its interval turned to the same side."""
    sign = 1.0 if told.mean >= 0.0 else -1.0
    low, high = sorted((sign * told.low, sign * told.high))
    return f"{_count(sign * told.mean)} ({_count(low)} to {_count(high)})"


def _count(number: float) -> str:
    return f"{number:,.1f}" if abs(number) < 10 else f"{number:,.0f}"


def _two_ways(option: OptionResult) -> str:
    """Return what to add where the official rate and offences from the sentence part."""
    rate, offences = (
        float(option.paired.probability_better[option.rows.index((name, EVERYBODY))])
        for name in ("proven_reoffending_rate", "reoffences_from_sentence_per_person")
    )
    if not (min(rate, offences) <= _UNLIKELY and max(rate, offences) >= _LIKELY):
        return ""
    low, high = ("lowers", "raises") if rate > offences else ("raises", "lowers")
    return f"; but it {low} the official rate and {high} the offences in a year from the sentence"


def _money(decided: OptionDecision) -> str:
    public = decided.public
    if public.is_nothing:
        return ""
    side = "less" if public.mean > 0.0 else "more"
    chance = public.probability if public.mean > 0.0 else 1.0 - public.probability
    pays = [PAYER_NAMES.get(name, name) for name in decided.appraisal.who_pays if name in PAYERS]
    who = f" More is paid by {_listed(pays)}." if pays else " Nobody pays more."
    years = decided.appraisal.terms.years
    return (
        f"In {hundred(chance)} the public purse pays {side}, {pounds(public.mean)} over {years} "
        f"years ({_ends(public)}).{who}"
    )


def _ends(told: Told) -> str:
    sides = [
        ("saves" if end > 0.0 else "costs") + f" {pounds(end)}" for end in (told.low, told.high)
    ]
    return " to ".join(sides)


def _worth(decided: OptionDecision) -> str:
    npsv, expected = decided.npsv, decided.appraisal.expected
    if npsv.is_nothing:
        return "Nobody gains or loses by it."
    verdict = "worth it" if npsv.mean > 0.0 else "not worth it"
    chance = npsv.probability if npsv.mean > 0.0 else 1.0 - npsv.probability
    bcr = float(expected.bcr)
    costs = decided.public.probability <= _UNLIKELY and math.isfinite(bcr) and bcr > 0.0
    ratio = f", with £{bcr:,.1f} for each pound" if costs else ""
    return f"Society included it is {verdict} in {hundred(chance)}{ratio}."


def _fails(decided: OptionDecision) -> str:
    inside = [each for each in decided.switching if each.inside]
    if not inside:
        return ""
    return f"{_when(inside[0], decided.npsv.mean > 0.0)}."


def _when(switch: Switch, worth: bool) -> str:
    """Return at which value of a quantity the verdict turns."""
    above = switch.fails_above == worth
    verb = "It fails" if worth else "It would be worth it"
    return f"{verb} if {switch.input.label} is {'above' if above else 'below'} {switch.value:.3g}"


def _to_find_out(decided: OptionDecision) -> str:
    seen = [each for each in decided.evppi if each.pounds > 0.0]
    if not seen:
        return ""
    best = seen[0]
    doubt = "" if best.resolved else ", roughly"
    return (
        f"Most worth finding out: {best.input.label} (worth up to {pounds(best.pounds)}{doubt}, "
        "before choosing between it and the baseline)."
    )


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
