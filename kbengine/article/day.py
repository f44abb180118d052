"""Day answers: articles for one day, told from others by their name, so that a role may be given them alone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from kbengine.article.values import Kind, Ref

DAY_THEME = "dag"
_NAME = re.compile(r"dag-\d{8}-[0-9a-f]{6}", re.ASCII)


def day_slug(local: datetime, mark: str) -> str:
    """The name of a day answer of that local day; `mark` is six random hex digits."""
    return f"{DAY_THEME}-{local:%Y%m%d}-{mark}"


def is_recent(ref: Ref, local: datetime) -> bool:
    """Whether a text is a day answer that was begun at most a day before; one ends within a day of being written."""
    return is_day(ref) and ref.slug[len(DAY_THEME) + 1 :] >= f"{local - timedelta(days=1):%Y%m%d}"


def is_day(ref: Ref) -> bool:
    """Whether a text is an answer for one day."""
    return ref.kind is Kind.ARTICLE and _NAME.fullmatch(ref.slug) is not None
