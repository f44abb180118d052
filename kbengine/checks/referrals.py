"""The rule about what other services handle: a message that an answer exists for must not be sent elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from kbengine.article import table_line
from kbengine.checks.scope import Scope
from kbengine.errors import Problem
from kbengine.folder import REFERRALS_FILE
from kbengine.language import tokens


def referrals_of_folder(scope: Scope) -> Iterator[Problem]:
    """The messages of referrals that are questions of an article too, in the same words."""
    asked = {tokens(text): held.slug for _, held in scope.questions for texts in held.asked.values() for text in texts}
    for referral in scope.referrals:
        for text in (text for texts in referral.asked.values() for text in texts):
            if slug := asked.get(tokens(text)):
                message = f"Referral {referral.name}: {text!r} is a question of {slug} too."
                hint = "Keep it with the article, or take it out there."
                fields = {"referral": referral.name, "text": text, "slug": slug}
                line = table_line(scope.referrals_text, referral.name)
                yield Problem("referrals.answered", "error", REFERRALS_FILE, line, message, hint, fields)
