"""Articles, facts, questions and zone policy: frozen values, read strictly from text and written back."""

from kbengine.article.asked import add_question, asks_the_same
from kbengine.article.curations import MAX_REASON, Curation, read_curations, write_curation
from kbengine.article.fields import AIMS, CERTAINTIES, FIELDS, PURPOSES, SLUG, TONES, URGENCIES, local_time
from kbengine.article.header import header_texts
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
from kbengine.article.register import FACT_KINDS, MAX_QUESTION, read_facts, read_questions, toml_text, write_fact
from kbengine.article.synonyms import MAX_SYNONYM, SynonymGroup, read_synonyms, write_synonyms
from kbengine.article.tables import table_line, with_table
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
from kbengine.article.write import header_entries, local_time_text, write_article, write_entries
from kbengine.article.zone import NO_ZONE, SILENT, DangerNumbers, ExamplePerson, Zone, read_zone

__all__ = [
    "AIMS",
    "CERTAINTIES",
    "FACT_KINDS",
    "FIELDS",
    "HEADINGS",
    "LANGUAGES",
    "MAX_FILE_BYTES",
    "MAX_QUESTION",
    "MAX_REASON",
    "MAX_SYNONYM",
    "NO_ZONE",
    "PURPOSES",
    "SILENT",
    "SLUG",
    "TONES",
    "URGENCIES",
    "Article",
    "Audience",
    "Curation",
    "DangerNumbers",
    "ExamplePerson",
    "Fact",
    "Header",
    "Kind",
    "LocalTime",
    "Parsed",
    "Questions",
    "Ref",
    "SynonymGroup",
    "Variant",
    "VariantName",
    "Zone",
    "add_question",
    "asks_the_same",
    "canonical",
    "decode",
    "digest",
    "header_entries",
    "header_texts",
    "local_time",
    "local_time_text",
    "read_article",
    "read_curations",
    "read_facts",
    "read_questions",
    "read_synonyms",
    "read_zone",
    "table_line",
    "toml_text",
    "with_table",
    "write_article",
    "write_curation",
    "write_entries",
    "write_fact",
    "write_synonyms",
]
