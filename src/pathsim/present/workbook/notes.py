"""The notes, by the names under which tables refer to them."""

from typing import Final

from .cells import FEWEST_PEOPLE

NOTES: Final = {
    "percent": "Shares are shown in per cent and their differences in percentage points. The cell "
    "holds the share itself, from 0 to 1, as results.json does.",
    "difference": "The option less the baseline, the mean over the states of the world and the "
    "replications in each, with the same random numbers on both sides.",
    "interval": "Of doubt about what is to be expected where states of the world were drawn; else "
    "of luck only. Where the difference is the same in every replication it has no interval and "
    "[z] stands for it.",
    "better": "Share of the states of the world in which the option is to be expected to do "
    "better. [z]: no direction of this outcome is better.",
    "years": "Share of single years, with the same luck on both sides, in which the option does "
    "better; ties count half.",
    "payer": "The public purse is all payers but society. What crime costs society is harm valued "
    "in pounds, which nobody saves in cash.",
    "load": "Starts and waits are of people who enter; places in use are of everybody in the "
    "intake window.",
    "npsv": "What society gains less what it costs, by the Green Book, with optimism bias on costs "
    "and benefits by the grade of the evidence.",
    "payback": "Cash is what a budget holder would see in the accounts; the rest is time and "
    "places that are free for other use. Payback, years until the public purse has its money "
    "back, is [z] where that is not in the years looked at.",
    "grade": "How good the evidence is: official statistics, randomised trial, matched comparison, "
    "before and after, expert opinion, assumed; choice and definition say what is set.",
    "best": "Chance over the states of the world that it has the highest net present social value "
    "of all options and the baseline.",
    "switching": "All other quantities stay in doubt as they are.",
    "evppi": "Expected value of perfect information: what choosing would gain on average if the "
    "quantity were known. No more than this is worth paying for a study.",
    "ratio": "Of hazards of reoffending, with its 95% interval.",
    "small": f"Groups of fewer than {FEWEST_PEOPLE} people are not told: [c]. Where one level of "
    "an attribute alone is so small, the next smallest is not told either in tables by group.",
    "points": "The cell holds a share from -1 to 1, shown in percentage points.",
    "starts": "Of the services that the option changes; [z]: it changes none, or nobody waits.",
}
SHORTHAND: Final = (
    "[c] suppressed, because few people are in the group",
    "[x] not available",
    "[z] not applicable",
)
