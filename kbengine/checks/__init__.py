"""The machine's checks: small rules over the texts of a folder or store and their neighbours -> problems.

A rule is a function from a scope to problems. Errors stop a submission; warnings are for the editor to weigh.
"""

from __future__ import annotations

from collections.abc import Sequence

from kbengine.checks.articles import ARTICLE_RULES
from kbengine.checks.curations import Target, curation_problems, curations_of_folder
from kbengine.checks.kinds import kind_problems, kinds_of_folder
from kbengine.checks.limits import channels_known, limits, unknown_channels
from kbengine.checks.ranking import check_ranking
from kbengine.checks.recalled import recalled, recalled_problems, to_check
from kbengine.checks.registers import REGISTER_RULES
from kbengine.checks.scope import Rule, Scope, Text, folder_scope
from kbengine.checks.stale import stale_articles, stale_registers
from kbengine.errors import Problem

__all__ = [
    "ARTICLE_RULES",
    "RULES",
    "Scope",
    "Target",
    "Text",
    "check",
    "check_articles",
    "check_limits",
    "check_ranking",
    "check_stale",
    "curation_problems",
    "folder_scope",
    "kind_problems",
    "recalled_problems",
    "to_check",
    "unknown_channels",
]

RULES: Sequence[Rule] = (
    *ARTICLE_RULES,
    *REGISTER_RULES,
    curations_of_folder,
    channels_known,
    kinds_of_folder,
    recalled,
)


def check(scope: Scope) -> tuple[Problem, ...]:
    """Every problem that all the rules find, by file and line."""
    return _run(RULES, scope)


def check_articles(scope: Scope) -> tuple[Problem, ...]:
    """Every problem of the articles of a scope; what stands beside them is left alone."""
    return _run(ARTICLE_RULES, scope)


def check_limits(scope: Scope) -> tuple[Problem, ...]:
    """The answers of a scope that a channel of its zone takes in parts only, or not at all."""
    return _run((limits,), scope)


def check_stale(scope: Scope) -> tuple[Problem, ...]:
    """The values of a scope that are typed by hand, said otherwise, or what they once were."""
    return _run((stale_articles, stale_registers), scope)


def _run(rules: Sequence[Rule], scope: Scope) -> tuple[Problem, ...]:
    found = [problem for rule in rules for problem in rule(scope)]
    return tuple(sorted(found, key=lambda problem: (problem.file, problem.line, problem.code)))
