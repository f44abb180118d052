"""People and how they prove who they are: links once, sessions that end, secrets nobody can read back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from homes import new_store

from kbengine.errors import NotFound, SignInError
from kbengine.history import Actor, Role
from kbengine.journal import DATABASE, Accounts, Person, Session, Store
from kbengine.journal.accounts import LINK_TERM, TOKEN_TERM
from kbengine.journal.sessions import SESSION_TERM, SIGN_IN_TERM

MARGIN = timedelta(seconds=30)  # more than a slow test takes
# Secrets nobody gave out: wildcards, blanks, what a hash would match, and what is no text of ours.
MADE_UP = ["", " ", "%", "_", "*", "kb_", "kb_%", "' OR 1=1 --", "\x00", "\ud800", "0" * 64, "x" * 100_000, "é"]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A demo store, whose clock a test may move."""
    made = new_store(tmp_path / "store", demo=True)
    yield made
    made.close()


@pytest.fixture
def accounts(store: Store) -> Accounts:
    """Its people: ann, who may edit."""
    store.accounts.add("ann", "Ann Peeters", frozenset({Role.EDITOR}))
    return store.accounts


@pytest.fixture
def ann(accounts: Accounts) -> Person:
    """The one person there is."""
    return accounts.by_login("ann")


def pass_over(store: Store, term: timedelta, *, over: bool) -> None:
    """Let almost a whole term pass, or a little more."""
    store.advance_clock(term + MARGIN if over else term - MARGIN)


# Who there is


def test_add_when_new(accounts: Accounts, store: Store) -> None:
    """A new person has a random id that says nothing about them, and a line in the journal."""
    eve = accounts.add("eve", "Eve Janssens", frozenset({Role.AGENT, Role.READER}))
    assert eve == accounts.by_login("eve")
    assert (len(eve.id), eve.active, eve.actor) == (16, True, Actor(eve.id, eve.roles))
    assert store.verify().seq == 2
    assert b"Eve" not in repr(sorted(_lines(store))).encode()


def _lines(store: Store) -> list[str]:
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        return [row[0] for row in connection.execute("SELECT body FROM entries")]


def test_all_when_several(accounts: Accounts) -> None:
    """Everybody is listed by login, and named by id."""
    for login in ("zoe", "bob"):
        accounts.add(login, login.title(), frozenset())
    assert [person.login for person in accounts.all()] == ["ann", "bob", "zoe"]
    assert accounts.names() == {person.id: person.name for person in accounts.all()}


@pytest.mark.parametrize(
    "twin",
    [
        "jan.peeters",
        "Jan.Peeters",
        "JAN.PEETERS",
        " jan.peeters ",
        "jan.peeters\n",
        "jan-peeters",
        "jan_peeters",
        "janpeeters",
        "jan.peeter.s",
        "ｊａｎ．ｐｅｅｔｅｒｓ",
        "𝐣𝐚𝐧.peeters",
        "jan.peeterſ",
        "jan\u2024peeters",
    ],
)
def test_add_when_a_twin_exists(accounts: Accounts, twin: str) -> None:
    """A login that only looks different is refused, and the first person is named."""
    accounts.add("jan.peeters", "Jan Peeters", frozenset())
    with pytest.raises(SignInError, match=r"somebody with the login jan\.peeters"):
        accounts.add(twin, "Jan Peeters", frozenset({Role.ADMINISTRATOR}))
    assert len(accounts.all()) == 2


@pytest.mark.parametrize(
    "login",
    [
        "",
        " ",
        ".",
        "a b",
        ".ann",
        "ann.",
        "a..b",
        "аnn",
        "ann\u200b",
        "ann\x00",
        "jos\u00e9",
        "ann/../eve",
        "%",
        "x" * 81,
        "İan",
        "ann\ud800",
        "<b>ann</b>",
        "ann\u202e",
        "ann\nb",
    ],
)
def test_add_when_the_login_is_unusable(accounts: Accounts, login: str) -> None:
    """A login is plain letters and digits, so that no two people can look the same."""
    with pytest.raises(SignInError, match=r"cannot be a login\. Use a-z and 0-9"):
        accounts.add(login, "Ann", frozenset())
    assert [person.login for person in accounts.all()] == ["ann"]


@pytest.mark.parametrize("login", ["jan", "jan.peeters", "j-p_2@zone.be", "007", "x" * 80])
def test_add_when_the_login_is_usable(accounts: Accounts, login: str) -> None:
    """Names, numbers and addresses may be logins, and are found however they are typed."""
    person = accounts.add(login, "Jan", frozenset())
    assert accounts.by_login(f" {login.upper()} ") == person


@pytest.mark.parametrize("login", ["eve", "", "%", "_nn", "an", "ann\x00", "ann\ud800"])
def test_by_login_when_unknown(accounts: Accounts, login: str) -> None:
    """A login is matched whole."""
    with pytest.raises(NotFound, match="nobody with the login"):
        accounts.by_login(login)


def test_set_roles_when_changed(accounts: Accounts, store: Store, ann: Person) -> None:
    """New roles hold from the next sign-in on, sessions of before end, and they are chained."""
    for roles in (frozenset({Role.VALIDATOR, Role.ADMINISTRATOR}), frozenset()):
        session, _ = accounts.sign_in(accounts.new_link(ann))
        accounts.set_roles("ann", roles, by="ada")
        assert accounts.session(session) is None
        assert accounts.by_token(accounts.new_token(ann)).actor == Actor(ann.id, roles)
    assert store.verify().seq == 3


# Links


def test_sign_in_when_the_link_is_new(accounts: Accounts, ann: Person) -> None:
    """A link opens a session of its person; looking at it does not use it up."""
    link = accounts.new_link(ann)
    assert accounts.link_person(link) == ann
    secret, person = accounts.sign_in(link)
    assert (person, accounts.session(secret).person) == (ann, ann)


def test_sign_in_when_the_link_was_used(accounts: Accounts, ann: Person) -> None:
    """A link works once."""
    link = accounts.new_link(ann)
    accounts.sign_in(link)
    for use in (accounts.sign_in, accounts.link_person):
        with pytest.raises(SignInError, match="used already, or is no longer good"):
            use(link)


def test_sign_in_when_there_are_two_links(accounts: Accounts, ann: Person) -> None:
    """Using one link leaves another one good, and gives another session."""
    first, second = (accounts.sign_in(accounts.new_link(ann))[0] for _ in range(2))
    assert first != second
    assert accounts.session(first).csrf != accounts.session(second).csrf


@pytest.mark.parametrize("made_up", MADE_UP)
def test_sign_in_when_the_link_is_made_up(accounts: Accounts, ann: Person, made_up: str) -> None:
    """A link is matched whole, whatever it is."""
    accounts.new_link(ann)
    for use in (accounts.sign_in, accounts.link_person):
        with pytest.raises(SignInError, match="used already, or is no longer good"):
            use(made_up)
    assert accounts.session(made_up) is None


# Terms


def _links(accounts: Accounts, ann: Person) -> Callable[[], object]:
    secret = accounts.new_link(ann)
    return lambda: accounts.link_person(secret)


def _tokens(accounts: Accounts, ann: Person) -> Callable[[], object]:
    secret = accounts.new_token(ann)
    return lambda: accounts.by_token(secret)


def _sessions(accounts: Accounts, ann: Person) -> Callable[[], object]:
    secret, _ = accounts.sign_in(accounts.new_link(ann))
    return lambda: accounts.session(secret)


def _visits(accounts: Accounts, _ann: Person) -> Callable[[], object]:
    secret = accounts.visit()
    return lambda: accounts.session(secret)


def good(ask: Callable[[], object]) -> bool:
    """Whether a secret is accepted."""
    try:
        return ask() is not None
    except SignInError:
        return False


@pytest.mark.parametrize("over", [False, True])
@pytest.mark.parametrize(
    ("made", "term"),
    [(_links, LINK_TERM), (_tokens, TOKEN_TERM), (_sessions, SESSION_TERM), (_visits, SIGN_IN_TERM)],
)
def test_secret_when_its_term_passes(accounts: Accounts, store: Store, ann: Person, made, term, over: bool) -> None:
    """Links live 72 hours, tokens 90 days, sessions 12 hours, visits an hour; being used prolongs nothing."""
    ask = made(accounts, ann)
    assert good(ask)
    store.advance_clock(term / 2)
    assert good(ask)
    pass_over(store, term / 2, over=over)
    assert good(ask) is not over


@pytest.mark.parametrize("made", [_links, _tokens, _sessions])
def test_secret_when_the_account_is_closed(accounts: Accounts, ann: Person, made) -> None:
    """Closing an account ends its secrets at once, and opening it again revives none."""
    ask = made(accounts, ann)
    assert accounts.set_active("ann", False).active is False
    assert not good(ask)
    accounts.set_active("ann", True)
    assert not good(ask)


@pytest.mark.parametrize("made", [_links, _tokens])
def test_secret_when_made_for_a_closed_account(accounts: Accounts, ann: Person, made) -> None:
    """What is made for a closed account does not open it."""
    accounts.set_active("ann", False)
    assert not good(made(accounts, ann))


def test_secret_when_another_account_is_closed(accounts: Accounts, ann: Person) -> None:
    """Closing one account leaves the others alone."""
    accounts.add("eve", "Eve", frozenset())
    asks = [made(accounts, ann) for made in (_links, _tokens, _sessions, _visits)]
    accounts.set_active("eve", False)
    assert all(good(ask) for ask in asks)


def test_secret_when_made_often(accounts: Accounts, ann: Person) -> None:
    """Secrets are long, random and all different."""
    made = [accounts.new_link(ann) for _ in range(20)] + [accounts.new_token(ann) for _ in range(20)]
    assert len(set(made)) == 40
    assert {len(secret.removeprefix("kb_")) for secret in made} == {43}


def test_secret_when_the_files_are_read(accounts: Accounts, store: Store, ann: Person) -> None:
    """No secret stands in any file of the store: not a link, a token, or a session's."""
    secrets = [accounts.new_link(ann), accounts.new_token(ann), accounts.visit()]
    secrets += [accounts.sign_in(accounts.new_link(ann))[0]]
    files = b"".join(path.read_bytes() for path in store.directory.iterdir())
    assert [secret for secret in secrets if secret.encode() in files or secret[3:].encode() in files] == []


# Sessions


def test_session_when_signed_out(accounts: Accounts, ann: Person) -> None:
    """Signing out ends this session at once, and no other."""
    here, there = (accounts.sign_in(accounts.new_link(ann))[0] for _ in range(2))
    accounts.sign_out(here)
    accounts.sign_out("unknown")
    assert accounts.session(here) is None
    assert accounts.session(there).person == ann


def test_session_when_only_visiting(accounts: Accounts) -> None:
    """A visitor has a session with a key against forged forms, and is nobody."""
    found = accounts.session(accounts.visit())
    assert isinstance(found, Session)
    assert (found.person, len(found.csrf)) == (None, 43)


def test_sign_in_when_sessions_ended(accounts: Accounts, store: Store, ann: Person) -> None:
    """Sessions whose term is over leave the database when somebody signs in."""
    for _ in range(3):
        accounts.visit()
    pass_over(store, SESSION_TERM, over=True)
    accounts.sign_in(accounts.new_link(ann))
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        assert connection.execute("SELECT count(*) FROM sessions").fetchone() == (1,)


# Tokens


def test_by_token_when_good(accounts: Accounts, ann: Person) -> None:
    """A token is its person's, as often as they like."""
    token = accounts.new_token(ann)
    assert token.startswith("kb_")
    assert [accounts.by_token(token) for _ in range(3)] == [ann] * 3


@pytest.mark.parametrize("made_up", MADE_UP)
def test_by_token_when_made_up(accounts: Accounts, ann: Person, made_up: str) -> None:
    """A token is matched whole, whatever it is."""
    accounts.new_token(ann)
    with pytest.raises(SignInError, match="not, or no longer, good"):
        accounts.by_token(made_up)


@pytest.mark.parametrize("change", [str.upper, lambda t: t[:-1], lambda t: t + " ", lambda t: t.removeprefix("kb_")])
def test_by_token_when_almost_right(accounts: Accounts, ann: Person, change: Callable[[str], str]) -> None:
    """Nearly a token is no token."""
    token = accounts.new_token(ann)
    with pytest.raises(SignInError, match="not, or no longer, good"):
        accounts.by_token(change(token))


def test_secret_when_used_for_something_else(accounts: Accounts, ann: Person) -> None:
    """A link is no token, a token no session, and a session no link."""
    link, token, session = accounts.new_link(ann), accounts.new_token(ann), accounts.visit()
    asks = [lambda: accounts.by_token(link), lambda: accounts.session(token), lambda: accounts.link_person(session)]
    assert [good(ask) for ask in asks] == [False] * 3
