"""The folder of texts and the journal: reading one into the other, and writing it out again.

Texts cross as drafts by whoever imports them; decisions never do. Only a demo store believes the folder's
`decisions/`, and only for the exact text whose digest they name.
"""

from kbengine.folder.common import MEMORY, STORE, Common, alone, forget, keep, read_common, write_common
from kbengine.folder.compared import Compared, Gone, Standing, clash_line, compare_folder, gone
from kbengine.folder.cross import HEAD_FILE, Imported, export_folder, import_folder, latest_texts, text_file
from kbengine.folder.merge import merged
from kbengine.folder.names import NAMES_FILE, bring_leads, write_leads
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
    read_texts,
    shown,
)
from kbengine.folder.seed import read_decisions, seed_demo
from kbengine.folder.settle import (
    Take,
    bring_back,
    common_of,
    put_aside,
    settle,
    store_side,
    take_away,
    unsaved,
)
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
    "MEMORY",
    "NAMES_FILE",
    "QUESTIONS",
    "REFERRALS_FILE",
    "STORE",
    "SYNONYMS_FILE",
    "ZONE_FILE",
    "Answers",
    "Common",
    "Compared",
    "Folder",
    "Gone",
    "Imported",
    "Item",
    "Standing",
    "Started",
    "Take",
    "alone",
    "article_terms",
    "bring_back",
    "bring_leads",
    "clash_line",
    "common_of",
    "compare_folder",
    "export_folder",
    "forget",
    "gone",
    "import_folder",
    "keep",
    "latest_texts",
    "merged",
    "put_aside",
    "read_common",
    "read_decisions",
    "read_folder",
    "read_texts",
    "seed_demo",
    "settle",
    "shown",
    "start_zone",
    "starter_folder",
    "store_side",
    "take_away",
    "taken",
    "text_file",
    "unsaved",
    "write_common",
    "write_leads",
    "write_texts",
]
