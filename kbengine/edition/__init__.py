"""From the journal to what is read: the catalog of the moment, and the built parts of an edition."""

from kbengine.edition.builder import Builder, Built, fingerprint, only_builder
from kbengine.edition.catalog import (
    CURATIONS_REF,
    DANGER_REF,
    KINDS_REF,
    REFERRALS_REF,
    SYNONYMS_REF,
    ZONE_REF,
    Catalog,
    Dormant,
    LiveFact,
    fact_of,
    parsed,
    parsed_questions,
)
from kbengine.edition.current import Current
from kbengine.edition.files import Parts, pointer_mark, read_pointer
from kbengine.edition.gathering import gather
from kbengine.edition.shape import FOUND_VARIANTS, filled, plain, topics

__all__ = [
    "CURATIONS_REF",
    "DANGER_REF",
    "FOUND_VARIANTS",
    "KINDS_REF",
    "REFERRALS_REF",
    "SYNONYMS_REF",
    "ZONE_REF",
    "Builder",
    "Built",
    "Catalog",
    "Current",
    "Dormant",
    "LiveFact",
    "Parts",
    "fact_of",
    "filled",
    "fingerprint",
    "gather",
    "only_builder",
    "parsed",
    "parsed_questions",
    "plain",
    "pointer_mark",
    "read_pointer",
    "topics",
]
