"""Claims of two texts laid beside each other: how far they are about the same, and whether they say otherwise."""

from __future__ import annotations

import math
from collections.abc import Sequence, Set
from dataclasses import dataclass
from typing import Final

from kbengine.language import spans
from kbengine.neighbours.claims import STANCE
from kbengine.neighbours.clauses import names_in
from kbengine.neighbours.tables import ONE_SIDED, cases_in
from kbengine.neighbours.values import Case, Claim, Sentence, Told
from kbengine.neighbours.weighed import Lexicon, Weights

# How much a word counts for what a claim is about: in its clause, elsewhere in its sentence, in the title.
_FAR, _TITLE = 0.4, 0.35
# How much of it is found where the other has it elsewhere: in its title, somewhere in its text.
_IN_TITLE, _IN_TEXT = 0.8, 0.35
_IN_LEAD = 0.7
# So little likeness is none.
_FAINT: Final = 0.3
# A clause of fewer words is about what its sentence and the sentence before are about.
_FEW = 2

# What says yes or no, or whom to call, says so of exactly these words.
_WORD_FOR_WORD: Final = frozenset({"stance", "phone", "email", "weekday"})
_FEWEST_SHARED: Final = 2
_NEARLY_ALL: Final = 0.8


@dataclass(frozen=True, slots=True)
class Read:
    """A text with its claims, the terms of its title and of all of it, and the names and cases in its title.

    `subjects` are the terms of the title's whole words, without the parts of compounds.
    """

    told: Told
    claims: tuple[About, ...]
    title: frozenset[str]
    subjects: frozenset[str]
    whole: frozenset[str]
    names: frozenset[str]
    cases: frozenset[Case]


@dataclass(frozen=True, slots=True)
class About:
    """A claim of the variant `text` with the terms of its clause, of the rest of its sentence, and of what that goes on
    from; `subjects` are those of its whole words, `cases` and `names` those of what it is about."""

    claim: Claim
    sentence: Sentence
    text: int
    near: frozenset[str]
    far: frozenset[str]
    lead: frozenset[str]
    subjects: frozenset[str]
    cases: frozenset[Case]
    names: frozenset[str]


Side = tuple[Read, About]


def read(told: Told, lexicon: Lexicon) -> Read:
    """A text read for what it claims."""
    title_words = tuple(word for word, _, _ in spans(told.title))
    found: list[About] = []
    whole: set[str] = set()
    for place, variant in enumerate(told.spoken):
        for sentence in variant.sentences:
            whole |= lexicon.terms(sentence.words)
        found += (_about(claim, place, variant.sentences, lexicon) for claim in variant.claims)
    return Read(
        told,
        tuple(found),
        lexicon.terms(title_words),
        lexicon.subjects(title_words),
        frozenset(whole),
        names_in("- " + told.title, told.lang),
        frozenset(cases_in(told.title.lower(), told.lang)),
    )


def _about(claim: Claim, text: int, sentences: Sequence[Sentence], lexicon: Lexicon) -> About:
    sentence = sentences[claim.place]
    before = sentences[sentence.lead] if sentence.lead >= 0 else None
    near, whole = lexicon.terms(claim.words), lexicon.terms(sentence.words)
    lead = lexicon.terms(before.words) if before else frozenset()
    cases, names = sentence.cases, sentence.names
    if claim.shape == STANCE:
        words = claim.words or (before.words if before else ())
        rest = (whole - near, lead) if near else (frozenset(), frozenset())
        return About(claim, sentence, text, near or lead, *rest, lexicon.subjects(words), cases, names)
    subjects = lexicon.subjects(sentence.words)
    if len(near) >= _FEW or before is None:
        far = whole - near
        return About(claim, sentence, text, near or far, far if near else frozenset(), lead, subjects, cases, names)
    # "It costs 5 euro": what does was said before.
    near, far = (whole, lead) if len(whole) >= _FEW else (whole | lead, frozenset())
    subjects |= lexicon.subjects(before.words)
    return About(claim, sentence, text, near, far, frozenset(), subjects, cases | before.cases, names | before.names)


def likeness(one: Side, other: Side, weights: Weights) -> float:
    """How far two claims are about the same, from 0 to 1; 0 for two cases of it, or two that are called otherwise."""
    if one[1].claim.shape[0] in _WORD_FOR_WORD:
        score = _overlap(one, other, weights)
    elif len(_subject(*one) & _subject(*other)) < _FEWEST_SHARED:
        return 0.0
    else:
        score = math.sqrt(_found(one, other, weights) * _found(other, one, weights))
    return 0.0 if score < _FAINT or _told_apart(one, other) else score


def _subject(read: Read, claim: About) -> frozenset[str]:
    return claim.subjects | read.subjects


def _overlap(one: Side, other: Side, weights: Weights) -> float:
    """Which share of what either clause is about both are about; their titles and conditions count too."""
    if not _comparable(one, other):
        return 0.0
    both = whole = 0.0
    for (reader, mine), (listener, theirs) in ((one, other), (other, one)):
        elsewhere = theirs.near | theirs.far | theirs.lead | listener.title
        for term in mine.near:
            heavy = weights.of(term)
            whole += heavy
            both += heavy * (1.0 if term in theirs.near else _IN_TITLE if term in listener.title else 0.0)
        for term in reader.title - mine.near:
            heavy = _TITLE * weights.of(term)
            whole += heavy
            both += heavy * (1.0 if term in elsewhere else _IN_TEXT if term in listener.whole else 0.0)
        if mine.sentence.conditional:
            whole += sum(_FAR * weights.of(term) for term in mine.far - elsewhere)
    return both / whole if whole else 0.0


def _comparable(one: Side, other: Side) -> bool:
    """Whether so much of their words is the same that a yes and a no may be of one thing.

    "May not park on the square" is said otherwise by "may park on the square", and by "parking is allowed" in a text
    on that square; of a plain "is" and "is not" more words must be the same.
    """
    (here, claim), (there, against) = one, other
    shared = len(claim.subjects & against.subjects)
    if claim.claim.shape != STANCE:
        return shared >= _FEWEST_SHARED
    if {"is", "is not"} & {claim.claim.value[0], against.claim.value[0]}:
        return shared > _FEWEST_SHARED
    few, many = sorted((claim, against), key=lambda about: len(about.subjects))
    (start, end), sentence = few.claim.span, few.sentence
    alone = end - start >= _NEARLY_ALL * (sentence.end - sentence.start)
    within = alone and few.subjects <= many.subjects
    return shared >= _FEWEST_SHARED or (shared > 0 and within and bool(here.subjects & there.subjects))


def _found(one: Side, other: Side, weights: Weights) -> float:
    """Which share of what the one is about the other is about too."""
    (here, claim), (there, against) = one, other
    whole = same = 0.0
    title = here.title - claim.near - claim.far
    for terms, factor in ((claim.near, 1.0), (claim.far, _FAR), (title, _TITLE)):
        for term in terms:
            heavy = factor * weights.of(term)
            whole += heavy
            same += heavy * _there(term, there, against)
    return same / whole if whole else 0.0


def _there(term: str, there: Read, against: About) -> float:
    if term in against.near or term in against.far:
        return 1.0
    if term in there.title:
        return _IN_TITLE
    if term in against.lead:
        return _IN_LEAD
    return _IN_TEXT if term in there.whole else 0.0


def _told_apart(one: Side, other: Side) -> bool:
    """Whether two claims are of two cases: a first time and a second, by post and online, Noord and Zuid."""
    (here, claim), (there, against) = one, other
    if len({claim.claim.bound, against.claim.bound} - {""}) > 1 or _other_days(claim, against):
        return True
    cases = claim.cases | here.cases, against.cases | there.cases
    return _apart(claim.names | here.names, against.names | there.names) or other_cases(*cases)


def titles_apart(one: Read, other: Read) -> bool:
    """Whether two titles name two cases, or two things that have a name of their own."""
    return _apart(one.names, other.names) or other_cases(one.cases, other.cases)


def other_cases(one: Set[Case], other: Set[Case]) -> bool:
    """Whether two texts are of two cases of one thing."""
    mine, theirs = _by_case(one), _by_case(other)
    return any(
        bool(mine.get(case)) != bool(theirs.get(case))
        if case in ONE_SIDED
        else _apart(mine.get(case, frozenset()), theirs.get(case, frozenset()))
        for case in {*mine, *theirs}
    )


def _other_days(one: About, other: About) -> bool:
    """Whether hours are those of other days; days with hours beside them say when, not which day it is."""
    if one.claim.shape == ("weekday",):
        return one.sentence.timed or other.sentence.timed
    return one.claim.shape in (("time",), ("opening",)) and _apart(one.sentence.days, other.sentence.days)


def _apart(one: Set[str], other: Set[str]) -> bool:
    return bool(one) and bool(other) and not one & other


def _by_case(cases: Set[Case]) -> dict[str, frozenset[str]]:
    return {name: frozenset(member for other, member in cases if other == name) for name, _ in cases}
