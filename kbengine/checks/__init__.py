"""The machine's checks: small rules over the texts of a folder or store and their neighbours -> problems.

A rule is a function from a scope to problems. Errors stop a submission; warnings are for the editor to weigh.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kbengine.article import CheckPolicy, Fact, Zone
from kbengine.checks.articles import ARTICLE_RULES
from kbengine.checks.curations import Target, curation_problems, curations_of_folder
from kbengine.checks.kinds import kind_problems, kinds_of_folder
from kbengine.checks.limits import SIGNED, channels_known, limits, longest_values, unknown_channels
from kbengine.checks.neighbours import compared, neighbour_problem, neighbours_of_folder, told
from kbengine.checks.ranking import check_ranking
from kbengine.checks.recalled import recalled, recalled_problems, to_check
from kbengine.checks.referrals import referrals_of_folder
from kbengine.checks.registers import REGISTER_RULES
from kbengine.checks.scope import Rule, Scope, Text, folder_scope
from kbengine.checks.stale import stale_articles, stale_registers
from kbengine.checks.table import TABLE, Check, addresses_of_facts, in_table
from kbengine.errors import Problem

__all__ = [
    "ARTICLE_RULES",
    "RULES",
    "SIGNED",
    "TABLE",
    "Check",
    "Scope",
    "Target",
    "Text",
    "check",
    "check_addresses",
    "check_articles",
    "check_limits",
    "check_ranking",
    "check_stale",
    "check_table",
    "compared",
    "curation_problems",
    "folder_scope",
    "kind_problems",
    "levelled",
    "longest_values",
    "neighbour_problem",
    "recalled_problems",
    "to_check",
    "told",
    "unknown_channels",
]

RULES: Sequence[Rule] = (
    *ARTICLE_RULES,
    *REGISTER_RULES,
    curations_of_folder,
    referrals_of_folder,
    channels_known,
    kinds_of_folder,
    recalled,
    neighbours_of_folder,
)


def check(scope: Scope) -> tuple[Problem, ...]:
    """Every problem that all the rules find, by file and line."""
    return _run(RULES, scope)


def check_articles(scope: Scope) -> tuple[Problem, ...]:
    """Every problem of the articles of a scope; what stands beside them is left alone."""
    return _run(ARTICLE_RULES, scope)


def check_limits(scope: Scope) -> tuple[Problem, ...]:
    """The answers of a scope that a channel of its zone takes in parts only, or not at all, whatever the zone says."""
    return _in_order(limits(scope))


def check_stale(scope: Scope) -> tuple[Problem, ...]:
    """The values of a scope that are typed by hand, said otherwise, or what they once were."""
    return _run((stale_articles, stale_registers), scope)


def check_table(scope: Scope) -> tuple[Problem, ...]:
    """What the rules of the table find in the articles of a scope."""
    return _run((in_table,), scope)


def check_addresses(zone: Zone, facts: Iterable[Fact], file: str) -> tuple[Problem, ...]:
    """Values that are addresses and should not go out as they are; `file` is where they stand."""
    return levelled(addresses_of_facts(Scope(zone, (), {fact.name: fact for fact in facts}), file), zone.checks)


def levelled(problems: Iterable[Problem], policy: CheckPolicy) -> tuple[Problem, ...]:
    """Problems as the zone wants to hear of them: those it switched off left out, the others at its level."""
    given = ((problem, policy.word(problem.code, problem.level)) for problem in problems)
    return tuple(replace(problem, level=word) for problem, word in given if word != "off")


def _run(rules: Sequence[Rule], scope: Scope) -> tuple[Problem, ...]:
    return _in_order(levelled((problem for rule in rules for problem in rule(scope)), scope.zone.checks))


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(problems, key=lambda problem: (problem.file, problem.line, problem.code)))
