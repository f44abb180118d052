"""Articles, facts, questions and zone policy: frozen values, read strictly from text and written back."""

from kbengine.article.fields import AIMS, CERTAINTIES, FIELDS, PURPOSES, SLUG, TONES, URGENCIES, local_time
from kbengine.article.parse import (
    HEADINGS,
    LANGUAGES,
    MAX_FILE_BYTES,
    Parsed,
    canonical,
    decode,
    digest,
    read_article,
)
from kbengine.article.register import FACT_KINDS, read_facts, read_questions, toml_text, write_fact
from kbengine.article.values import (
    Article,
    Audience,
    Fact,
    Header,
    Kind,
    LocalTime,
    Questions,
    Ref,
    Variant,
    VariantName,
)
from kbengine.article.write import local_time_text, write_article
from kbengine.article.zone import DangerNumbers, ExamplePerson, Zone, read_zone

__all__ = [
    "AIMS",
    "CERTAINTIES",
    "FACT_KINDS",
    "FIELDS",
    "HEADINGS",
    "LANGUAGES",
    "MAX_FILE_BYTES",
    "PURPOSES",
    "SLUG",
    "TONES",
    "URGENCIES",
    "Article",
    "Audience",
    "DangerNumbers",
    "ExamplePerson",
    "Fact",
    "Header",
    "Kind",
    "LocalTime",
    "Parsed",
    "Questions",
    "Ref",
    "Variant",
    "VariantName",
    "Zone",
    "canonical",
    "decode",
    "digest",
    "local_time",
    "local_time_text",
    "read_article",
    "read_facts",
    "read_questions",
    "read_zone",
    "toml_text",
    "write_article",
    "write_fact",
]
