"""The folder of texts and the journal: reading one into the other, and writing it out again.

Texts cross as drafts by whoever imports them; decisions never do. Only a demo store believes the folder's
`decisions/`, and only for the exact text whose digest they name.
"""

from kbengine.folder.cross import HEAD_FILE, Imported, export_folder, import_folder, latest_texts
from kbengine.folder.merge import merged
from kbengine.folder.read import (
    ARTICLES,
    CURATIONS_FILE,
    DANGER_FILE,
    DECISIONS,
    FACTS_FILE,
    KINDS_FILE,
    QUESTIONS,
    REFERRALS_FILE,
    SYNONYMS_FILE,
    ZONE_FILE,
    Folder,
    Item,
    article_terms,
    read_folder,
)
from kbengine.folder.seed import read_decisions, seed_demo
from kbengine.folder.starter import FIRST, GROUND, Answers, Started, start_zone, starter_folder, taken, write_texts

__all__ = [
    "ARTICLES",
    "CURATIONS_FILE",
    "DANGER_FILE",
    "DECISIONS",
    "FACTS_FILE",
    "FIRST",
    "GROUND",
    "HEAD_FILE",
    "KINDS_FILE",
    "QUESTIONS",
    "REFERRALS_FILE",
    "SYNONYMS_FILE",
    "ZONE_FILE",
    "Answers",
    "Folder",
    "Imported",
    "Item",
    "Started",
    "article_terms",
    "export_folder",
    "import_folder",
    "latest_texts",
    "merged",
    "read_decisions",
    "read_folder",
    "seed_demo",
    "start_zone",
    "starter_folder",
    "taken",
    "write_texts",
]
