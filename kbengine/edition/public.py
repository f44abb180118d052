"""The public corpus: everything that anybody may read."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence

from kbengine.article import Kind, Ref
from kbengine.corpus import FORMAT, PublicSpan, write_corpus
from kbengine.edition.gathering import related
from kbengine.edition.leads import public_leads
from kbengine.edition.rendered import Rendered, Renderings, name_of
from kbengine.edition.shape import Moment, public_answers_of, public_facts, public_history_of
from kbengine.history import History
from kbengine.journal import Journal
from kbengine.reply import facts_in
from kbengine.settings import Settings

CORPUS, CORPUS_MARK = "corpus", "corpus.mark"
# The histories of more articles than this are read all at once.
FEW = 200


class Public:
    """Keeps the public corpus of one store up to date."""

    def __init__(self, journal: Journal, settings: Settings) -> None:
        self._journal = journal
        self._settings = settings
        self._seq = 0
        self._histories: Mapping[Ref, History] = {}
        self._answers = Renderings(lambda moment, slug: public_answers_of(moment, moment.answers[slug], settings.url))
        self._spans = Renderings(
            lambda moment, slug: public_history_of(moment.catalog, self._histories, slug, moment.now)
        )

    def update(self, moment: Moment) -> Iterator[tuple[str, float]]:
        """Let everybody read what is public at that moment; how many seconds that took, if it was not so yet."""
        answers, spans = self._answers.of(moment).values(), self._history(moment).values()
        facts = public_facts(moment.catalog, moment.now)
        path, kept = self._settings.corpus, self._settings.editions / CORPUS_MARK
        history, zone = [span for made in spans for span in made.value], moment.catalog.zone
        leads = public_leads(moment.catalog.names, history, self._settings.url, zone.first_lang)
        mark = name_of([*answers, *spans, Rendered.of(facts), Rendered.of(leads)], FORMAT)
        if path.is_file() and kept.is_file() and kept.read_text(encoding="utf-8") == mark:
            return
        begin = time.perf_counter()
        about = {"zone": zone.name, "logboek": moment.catalog.head.hash}
        shown = [answer for made in answers for answer in made.value]
        write_corpus(path, shown, history, facts, about, leads)
        kept.write_text(mark, encoding="utf-8")
        yield CORPUS, time.perf_counter() - begin

    def _history(self, moment: Moment) -> dict[str, Rendered[tuple[PublicSpan, ...]]]:
        """What was live when; every decision may change that of its own article, one on a value that of any."""
        changed = self._journal.changed_since(self._seq) if self._seq else frozenset()
        if any(ref.kind is Kind.FACT for ref in changed):
            stale: Sequence[str] = list(moment.answers)
        else:
            stale = sorted({*self._spans.stale(moment), *(ref.slug for ref in changed if ref.slug in moment.answers)})
        self._histories = self._read(stale)
        made = self._spans.renew(moment, stale)
        self._histories, self._seq = {}, moment.catalog.head.seq
        return made

    def _read(self, slugs: Sequence[str]) -> Mapping[Ref, History]:
        """The histories that those of these articles follow from."""
        if len(slugs) > FEW:
            return self._journal.snapshot()[1]
        articles = self._journal.histories(related(Ref(Kind.ARTICLE, slug, "") for slug in slugs))
        names = facts_in(*(one.text for history in articles.values() for one in history.revisions))
        return {**articles, **self._journal.histories(Ref(Kind.FACT, name) for name in sorted(names))}
