"""Where analysts find what the columns of a table of people hold, in the systems of agencies.

Names of fields differ by version and by local form: these are places to look, to be confirmed with
whoever keeps the system.
"""

from __future__ import annotations

from typing import Final

_RISK: Final = (
    "Delius and OASys: the {years}-year percentage of OGRS3; AssetPlus: YOGRS, if on the same scale"
)

WHERE_FOUND: Final[dict[str, str]] = {
    "id": "Delius: CRN; PNC: PNC ID; YJ systems: client number; replace it with a pseudonym",
    "age": "date of birth and date of sentence or disposal, in all four; a mapping derives it",
    "sex": "Delius and OASys: gender; PNC: sex; YJ systems: gender",
    "ethnicity": "Delius and YJ systems: self-described, in 16 or 18 groups; PNC: as the officer "
    "sees it",
    "area": "Delius: main address, or the team's delivery unit; YJ systems: home authority",
    "offence_group": "Delius: main offence of the event; PNC: offence code; OASys section 1; YJ "
    "systems: primary offence; a mapping reads Home Office codes",
    "previous_offences": "PNC: occasions of conviction or caution before this one; OASys section "
    "1: total of sanctions, which counts this one; YJ systems: own records alone, so too few",
    "age_at_first_sanction": "OASys section 1; PNC: date of the first conviction or caution",
    "disposal": "Delius: sentence or order of the event; PNC: disposal; YJ systems: outcome, with "
    "cautions and community resolutions told apart",
    "sentence_days": "Delius: length of the custodial event; PNC: length of the disposal; prison "
    "records (NOMIS); YJ systems: length of the order, its community part included",
    "risk_one_year_percent": _RISK.format(years="one"),
    "risk_two_year_percent": _RISK.format(years="two"),
    "need_accommodation": "OASys section 3; AssetPlus: living arrangements",
    "need_employment": "OASys section 4; AssetPlus: education, training and employment",
    "need_health": "OASys section 10, emotional wellbeing; Delius: registrations; AssetPlus",
    "need_drugs_alcohol": "OASys sections 8 and 9; AssetPlus: substance misuse",
    "need_finance": "OASys section 5",
    "need_family": "OASys section 6, relationships; AssetPlus: parenting, family and relationships",
    "need_attitudes": "OASys sections 11 and 12, thinking and attitudes; AssetPlus: thinking and "
    "behaviour",
    "domestic_abuse": "Delius: register of domestic abuse perpetrators; OASys section 6; police: "
    "flag of the crime record; YJ systems: seldom recorded",
    "start_day": "Delius: date of sentence; PNC: court date, or that of the caution; YJ systems: "
    "outcome date; a mapping counts the days",
}
"""By column. Delius, OASys and AssetPlus are case systems of probation and youth justice services;
the PNC is the Police National Computer."""
