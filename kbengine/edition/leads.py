"""Where the names of before lead, for everybody who kept a link: only names that were public."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from kbengine.corpus import PublicLead, PublicSpan
from kbengine.journal import NameLine, Names, Naming


def public_leads(names: Names, spans: Iterable[PublicSpan], url: str, first_lang: str) -> tuple[PublicLead, ...]:
    """Every name under which a text was public and that leads elsewhere now, to an article that is or was public."""
    since: dict[str, datetime] = {}
    for span in spans:
        since[span.slug] = min(span.live_from, since.get(span.slug, span.live_from))
    found = {
        lead.old: lead
        for line in names.lines
        for old, new in _of(names, line, since)
        for lead in [PublicLead(old, new, line.what is Naming.MERGE, line.at, f"{url}/fiche/{new}/{first_lang}")]
        if new in since and old != new
    }
    return tuple(found[old] for old in sorted(found))


def _of(names: Names, line: NameLine, since: Mapping[str, datetime]) -> Iterator[tuple[str, str]]:
    """The name that was public and leads on because of a line, and where it leads."""
    now = names.shown(line.slug)
    if line.what is Naming.MERGE and names.merged(now) == line and now in since:
        yield now, names.into(now)
    if line.what is Naming.ALIAS and now in since and names.now(line.name) == now:
        yield line.name, now
    if line.what is Naming.RENAME and now in since and since[now] <= line.at:
        old = _before(names.about(now), line)
        if names.now(old) == now:
            yield old, now


def _before(lines: Sequence[NameLine], line: NameLine) -> str:
    """What the article was called until that line."""
    earlier = [one.name for one in lines if one.what is Naming.RENAME and one.seq < line.seq]
    return earlier[-1] if earlier else line.slug
