"""Common words for the levels and truths of a table of people, and for its empty cells."""

from __future__ import annotations

import re
from typing import Final

EMPTY_WORDS: Final = ("NA", "N/A", "#N/A", "NULL", "null", ".", "-")
"""What other programs write for an empty cell. The word nan is none of them."""

TRUE_WORDS: Final = ("true", "yes", "y", "t", "1", "1.0")
FALSE_WORDS: Final = ("false", "no", "n", "f", "0", "0.0")
PLAIN_FLAGS: Final = frozenset(("true", "false", "yes", "no", "1", "0", "1.0", "0.0"))
"""What is read as a truth without a note, capitals or not."""

_WHITE = (
    "white_british white_irish white_other white_any_other any_other_white white_north_european "
    "white_south_european white_english_welsh_scottish_northern_irish_british white_european "
    "any_other_white_background gypsy_or_irish_traveller white_gypsy_or_irish_traveller "
    "white_any_other_white_background white_roma"
)
_BLACK = (
    "black_african black_caribbean black_british black_or_black_british black_other "
    "black_or_black_british_african black_or_black_british_caribbean any_other_black_background "
    "black_african_caribbean_or_black_british african caribbean"
)
_ASIAN = (
    "asian_british asian_or_asian_british asian_indian asian_pakistani asian_bangladeshi "
    "asian_other indian pakistani bangladeshi asian_or_asian_british_indian "
    "asian_or_asian_british_pakistani asian_or_asian_british_bangladeshi "
    "any_other_asian_background"
)
_MIXED = (
    "mixed_white_and_black_caribbean mixed_white_and_black_african mixed_white_and_asian "
    "white_and_black_caribbean white_and_black_african white_and_asian mixed_other "
    "mixed_or_multiple_ethnic_groups any_other_mixed_background mixed_any_other_mixed_background"
)
_OTHER = (
    "chinese chinese_or_other chinese_and_other other_ethnic_group any_other_ethnic_group "
    "not_stated not_recorded not_known unknown prefer_not_to_say refused"
)


def _words(**levels: str) -> dict[str, str]:
    return {word: level for level, words in levels.items() for word in words.split()}


LEVEL_WORDS: Final[dict[str, dict[str, str]]] = {
    "sex": _words(male="m man men boy boys males", female="f woman women girl girls females"),
    "ethnicity": _words(white=_WHITE, black=_BLACK, asian=_ASIAN, mixed=_MIXED, other=_OTHER),
    "offence_group": _words(
        violence="violence_against_the_person violent",
        sexual="sexual_offences sexual_offence",
        robbery="robbery_offences",
        theft="theft_offences theft_and_handling",
        criminal_damage="criminal_damage_and_arson",
        drugs="drug drug_offences drugs_offences",
        weapons="possession_of_weapons possession_of_weapon",
        public_order="public_order_offences",
        miscellaneous="miscellaneous_crimes_against_society miscellaneous_crimes",
        fraud="fraud_offences",
        summary_non_motoring="summary_non_motoring_offences",
        summary_motoring="summary_motoring_offences",
    ),
    "disposal": _words(
        caution="cautions simple_caution conditional_caution youth_caution",
        discharge="absolute_discharge conditional_discharge discharges",
        fine="fines",
        community_order="community_sentence community_sentences community_orders",
        suspended_sentence="suspended_sentence_order suspended_sentences suspended",
        custody="immediate_custody custodial_sentence prison imprisonment",
        other="otherwise_dealt_with other_disposal",
    ),
}
"""For each column of levels: what else is read as a level, with a note."""

_CODE = re.compile(r"^\s*\(?[a-z]?\d{1,2}[a-z]?\)?(?:\s*[:.\-]\s*|\s+)(?=[^\W\d])", re.IGNORECASE)
"""The number before a label, as in `01: Theft offences` and `(1) Male`."""
_PARTS = re.compile(r"""[\[\]{}]|^\s*\(\s*['"]""")
"""What a list, a set or a tuple is written with: such a cell holds no one level."""
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def as_name(text: str) -> str:
    """Return a header as a name: `Offence Group` and `offenceGroup` as `offence_group`."""
    return _NO_LETTER.sub("_", _CAMEL.sub("_", text.strip()).lower()).strip("_")


def word_of(text: str) -> str:
    """Return a label in small letters, without the code before it."""
    return _NO_LETTER.sub("_", _CODE.sub("", text).lower()).strip("_")


def name_in(text: str) -> str:
    """Return the name that a cell's text is, or nothing if it is none for certain."""
    word = "" if _PARTS.search(text) else word_of(text)
    return word if word[:1].isalpha() else ""


def level_of(column: str, text: str, levels: tuple[str, ...]) -> str | None:
    """Return the level that a cell's text means, or None if it means none for certain."""
    if _PARTS.search(text):
        return None
    word = word_of(text)
    if word in levels:
        return word
    return LEVEL_WORDS[column].get(word)


def flag_of(text: str) -> bool | None:
    """Return the truth that a cell's text means, or None."""
    word = text.strip().lower()
    return True if word in TRUE_WORDS else False if word in FALSE_WORDS else None
