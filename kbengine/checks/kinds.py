"""The rules about the kinds of message: the examples beside the cues, what was agreed, and the blocks it names."""

from __future__ import annotations

from collections.abc import Iterator

from kbengine.article import MESSAGE_KINDS
from kbengine.checks.scope import Scope
from kbengine.errors import InvalidDocument, Problem
from kbengine.folder import KINDS_FILE
from kbengine.language import detect
from kbengine.triage import KindCues, kind_of, read_kinds


def kinds_of_folder(scope: Scope) -> Iterator[Problem]:
    """The problems of a folder's kinds of message; a folder without them has questions only, and no problem."""
    if not scope.kinds:
        return
    yield from kind_problems(scope.kinds, KINDS_FILE, scope.zone.first_lang)
    try:
        yield from _agreed(scope, read_kinds(scope.kinds, KINDS_FILE))
    except InvalidDocument:
        return


def kind_problems(text: str, file: str, first_lang: str) -> Iterator[Problem]:
    """What keeps a text of kinds from being used, and every example of it that is of another kind than it must be."""
    try:
        cues = read_kinds(text, file)
    except InvalidDocument as error:
        yield from error.problems
        return
    for example in cues.examples:
        found = kind_of(example.text, cues, detect(example.text, first_lang)).kind
        if found != example.expect:
            message = f"The example must be {example.expect} and is {found}: {example.text!r}."
            hint = "Correct the phrases or the example."
            yield Problem("kinds.example", "error", file, _line(text, f'text = "{example.text}"'), message, hint)


def _agreed(scope: Scope, cues: KindCues) -> Iterator[Problem]:
    blocks = {text.article.slug for text in scope.articles if text.header is not None and text.header.block}
    for kind in MESSAGE_KINDS:
        if kind not in cues.acts:
            message, hint = f"Nothing was agreed for {kind}.", f"Write [act.{kind}]."
            yield Problem("kinds.no-act", "warning", KINDS_FILE, 0, message, hint, {"kind": kind})
    for kind, act in cues.acts.items():
        for slug in act.blocks:
            if slug not in blocks:
                message, fields = f"[act.{kind}]: {slug} is no building block.", {"kind": kind, "slug": slug}
                hint = "Name an article with block_for in its header."
                yield Problem("kinds.block", "warning", KINDS_FILE, _line(scope.kinds, slug), message, hint, fields)
        if act.hand_over_to and act.hand_over_to not in scope.zone.owners:
            hint = f"Known: {', '.join(scope.zone.owners)}."
            message = f"[act.{kind}]: the service {act.hand_over_to} is unknown."
            yield Problem("owner.unknown", "error", KINDS_FILE, _line(scope.kinds, act.hand_over_to), message, hint)


def _line(text: str, near: str) -> int:
    at = text.find(near)
    return text.count("\n", 0, at) + 1 if at >= 0 else 0
