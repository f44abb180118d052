"""What an editor's form would become: its problems, its replies, how long each box is and what is filled in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kbengine.article import Article, Audience, Header, Kind, Ref, Variant, VariantName, read_article
from kbengine.channels import Channel, channels_in
from kbengine.checks import SIGNED, check_articles, longest_values
from kbengine.engine.formed import ArticleForm, BoxView, Counted, Preview
from kbengine.engine.forms import BOXES, in_boxes, list_of, text_of
from kbengine.engine.library import Library
from kbengine.engine.placed import places_in
from kbengine.errors import KBError, Problem
from kbengine.reply import BARE, Frame, Reply, compose_all

_NO_MONTHS = 12


def preview(library: Library, form: ArticleForm, prefix: str = "", initials: str = "") -> Preview:
    """What a form would become; a form that is no article yet has its boxes and replies all the same.

    `initials` are of who would answer; `prefix` stands before every text of a demo.
    """
    article, problems = read_form(library, form)
    typed = article or _as_typed(form)
    header = _header(library, typed, form)
    reading = _Reading(library, typed, header, prefix, _frame(library, form.lang, initials))
    replies, refused = reading.replies()
    return Preview(problems, replies, refused, tuple(reading.boxes(form)))


def read_form(library: Library, form: ArticleForm) -> tuple[Article | None, tuple[Problem, ...]]:
    """The article a form stands for, with everything that reading and checking find in it."""
    zone, ref = library.catalog.zone, Ref(Kind.ARTICLE, form.slug, form.lang)
    before = library.article(library.histories[ref].revisions[-1]) if ref in library.histories else None
    text = text_of(form, before, translation=form.lang != zone.first_lang)
    parsed = read_article(text, ref, form.theme, f"{form.slug}.{form.lang}.md", zone.first_lang)
    scope = library.scope(parsed.article, f"{form.slug}.{form.lang}.md") if parsed.article else None
    found = (*parsed.problems, *(check_articles(scope) if scope else ()))
    return parsed.article, in_boxes(found, text, form.lang)


def _as_typed(form: ArticleForm) -> Article:
    """The texts of a form whose other fields are not all right yet."""
    texts = {name: getattr(form, box).replace("\r\n", "\n").strip("\n") for name, box in BOXES.items()}
    variants = tuple(Variant(name, text) for name, text in texts.items() if text.strip())
    return Article(form.slug, form.lang, form.theme, form.title, variants, None)


def _header(library: Library, article: Article, form: ArticleForm) -> Header:
    """The header that counts for a form: its own, its first language's, or as much as was typed of one."""
    lead = library.lead(article.slug) if form.lang != library.catalog.zone.first_lang else None
    known = article.header or (lead.header if lead else None)
    audience = Audience(form.audience) if form.audience in tuple(Audience) else Audience.PUBLIC
    return known or Header(audience, form.owner, (), _NO_MONTHS, channels=list_of("channels", form.channels))


def _frame(library: Library, lang: str, initials: str) -> Frame:
    """What the zone's tone puts round an answer at the desk."""
    tone = library.catalog.zone.tone
    greeting, sign_off = tone.greeting.get(lang, ""), tone.sign_off.get(lang, "")
    return Frame(greeting=greeting, sign_off=sign_off, initials=initials if tone.initials else "")


@dataclass(frozen=True, slots=True)
class _Reading:
    """One form with all that its replies are made of."""

    library: Library
    article: Article
    header: Header
    prefix: str
    frame: Frame

    def replies(self) -> tuple[tuple[tuple[str, Reply], ...], tuple[tuple[str, str], ...]]:
        """The reply on each channel that it may go on, and of the other channels why not, as a code."""
        if not any(variant.name is not VariantName.INTERNAL for variant in self.article.variants):
            return (), ()
        facts = self.library.catalog.fact_values(self.article.lang, self.library.now)
        made: list[tuple[str, Reply]] = []
        refused: list[tuple[str, str]] = []
        for channel in channels_in(self.library.catalog.zone):
            try:
                answer = ((self.article, self.header),)
                made.append((channel.id, compose_all(answer, channel, facts, {}, {}, self.prefix, self.frame)))
            except KBError as error:
                refused.append((channel.id, error.code))
        return tuple(made), tuple(refused)

    def boxes(self, form: ArticleForm) -> Iterator[BoxView]:
        """Each box that somebody typed in."""
        scope = self.library.scope(self.article, "")
        facts = scope.fact_values(self.article.lang)
        labels = {fact: (kept.label, facts[fact]) for fact, kept in scope.facts.items()}
        for name, box in BOXES.items():
            text = getattr(form, box)
            if text.strip():
                yield BoxView(box, tuple(self._counts(name, facts)), places_in(text, labels))

    def _counts(self, name: VariantName, facts: Mapping[str, str]) -> Iterator[Counted]:
        """How long a box is on each channel it goes to, filled in as long as it may get."""
        variant = self.article.variant(name)
        if variant is None:
            return
        # Which box goes where is decided here; alone it is counted as if it were the only one.
        alone = replace(self.article, variants=(Variant(VariantName.DEFAULT, variant.text),))
        anywhere = replace(self.header, audience=Audience.PUBLIC, channels=())
        channels = [channel for channel in channels_in(self.library.catalog.zone) if self._goes(name, channel)]
        narrowest = min((channel.limit for channel in channels if channel.limit), default=0)
        for channel in channels:
            try:
                whole = self._filled(self.article, self.header, channel, facts)
                own = self._filled(alone, anywhere, channel, facts)
            except KBError:
                continue  # too large to be read, as its problem says
            if name is not VariantName.SHORT or whole.variant is name or channel.limit == narrowest:
                yield Counted(channel.id, own.count, own.limit, _standing(own, whole), len(own.parts))

    def _goes(self, name: VariantName, channel: Channel) -> bool:
        """Whether a box may go out on a channel."""
        audience, only = self.header.audience, self.header.channels
        kept_off = audience is Audience.INTERNAL or (channel.public and audience is Audience.PRIVATE)
        if name is VariantName.INTERNAL or kept_off or (only and channel.id not in only):
            return False
        private = self.article.variant(VariantName.PRIVATE) is not None
        if name is VariantName.SHORT:
            return channel.public or private or self.article.variant(VariantName.DEFAULT) is not None
        if name is VariantName.PRIVATE:
            return not channel.public
        return channel.public or not private

    def _filled(self, article: Article, header: Header, channel: Channel, facts: Mapping[str, str]) -> Reply:
        blanks, citizen = longest_values(article)
        frame = SIGNED if self.library.catalog.zone.tone.initials else BARE
        return compose_all(((article, header),), channel, facts, blanks, citizen, frame=frame)


def _standing(own: Reply, whole: Reply) -> str:
    """How a box does on a channel: "fits", "long", "short" (the short text goes instead), "parts" or "over"."""
    if own.fits:
        return "long" if own.advised_exceeded else "fits"
    if whole.fits:
        return "short"
    return "parts" if own.parts else "over"
