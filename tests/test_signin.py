"""The door under attack: guessing, enumerating, planting, replaying; and how its owner still gets in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from homes import new_store

from kbengine.errors import KBError, NotFound, SignInError, TooOften
from kbengine.history import Role
from kbengine.journal import DATABASE, Person, SignIn, Store, attempts, passwords
from kbengine.journal.accounts import LINK_TERM, RESET_TERM
from kbengine.journal.sessions import IDLE_TERM, PROOF_TERM, SESSIONS_EACH

GOOD = "drie natte paraplu's"
OTHER = "vier droge regenlaarzen"
HERE = "192.0.2.7"
SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _light_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes of the least memory: what is tried here is the door, not how heavy it is."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobody.cache_clear()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store whose clock a test may move; its door asks for passwords all the same."""
    made = new_store(tmp_path / "store", demo=True)
    yield made
    made.close()


@pytest.fixture
def door(store: Store) -> SignIn:
    """A real one: it takes no key for a password."""
    return SignIn(store.accounts, demo=False)


@pytest.fixture
def ann(store: Store, door: SignIn) -> Person:
    """Ann, who chose a password."""
    person = store.accounts.add("ann", "Ann Peeters", frozenset({Role.VALIDATOR}))
    door.choose(store.accounts.new_link(person), GOOD, ())
    return person


def refusal(door: SignIn, login: str, password: str, address: str = HERE) -> str:
    """The code with which the door stays shut, "" when it opens."""
    try:
        door.by_password(login, password, address)
    except KBError as error:
        return error.code
    return ""


# Choosing a password


def test_choose_when_the_link_is_good_signs_in(store: Store, door: SignIn, ann: Person) -> None:
    """A link sets the password once, and the password opens the door however it is typed."""
    link = store.accounts.new_link(ann)
    secret, person = door.choose(link, OTHER, ())

    assert store.accounts.session(secret).person == person == ann
    assert refusal(door, " ANN ", OTHER) == ""
    assert refusal(door, "ann", GOOD) == "password.wrong"
    with pytest.raises(SignInError, match="used already"):
        door.choose(link, GOOD, ())


@pytest.mark.parametrize("link", ["", "%", "_", "*", "kb_%", "0" * 64, "\ud800", "x" * 100_000])
def test_choose_when_the_link_is_made_up(door: SignIn, ann: Person, link: str) -> None:
    """No wildcard and no blank sets anybody's password."""
    with pytest.raises(SignInError, match="used already, or is no longer good"):
        door.choose(link, OTHER, ())
    assert refusal(door, "ann", GOOD) == ""


def test_choose_when_the_account_is_closed(store: Store, door: SignIn, ann: Person) -> None:
    """A link made before or after closing lets nobody back in."""
    before = store.accounts.new_link(ann)
    store.accounts.set_active("ann", False)
    for link in (before, store.accounts.new_link(ann)):
        with pytest.raises(SignInError, match="used already, or is no longer good"):
            door.choose(link, OTHER, ())
    assert refusal(door, "ann", GOOD) == "password.wrong"


@pytest.mark.parametrize(("chosen", "term"), [(False, LINK_TERM), (True, RESET_TERM)])
def test_link_when_old_is_no_good(store: Store, door: SignIn, ann: Person, chosen: bool, term: timedelta) -> None:
    """An invitation lives 72 hours; whoever has a password gets half an hour to choose another."""
    person = ann if chosen else store.accounts.add("eve", "Eve", frozenset())
    link = store.accounts.new_link(person)
    store.advance_clock(term - 30 * SECOND)
    assert store.accounts.link_person(link) == person
    store.advance_clock(31 * SECOND)
    with pytest.raises(SignInError, match="no longer good"):
        door.choose(link, OTHER, ())


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elf tekens!", "password.length"),
        ("x1" * 65, "password.length"),
        ("aaaaaaaaaaaa", "password.common"),
        ("123456789012", "password.common"),
        ("14 07 1986 14 07", "password.common"),
        ("Wachtwoord123!", "password.common"),
        ("W@chtw00rd2026", "password.common"),
        ("azertyuiop12", "password.common"),
        ("Welkom2026!Welkom", "password.common"),
        ("Politiezone-2026", "password.common"),
        ("ann.peeters.2026", "password.common"),
        ("wilgendorp2026!", "password.common"),
        ("ｗａｃｈｔｗｏｏｒｄ１２３", "password.common"),
    ],
)
def test_password_when_tried_first_by_anybody_is_refused(password: str, code: str) -> None:
    """Length counts, and words that people, the work or the account suggest do not."""
    with pytest.raises(SignInError) as refused:
        passwords.check(password, ("ann", "Ann Peeters", "Politiezone Wilgendorp"))
    assert refused.value.code == code


@pytest.mark.parametrize(
    "password", [GOOD, OTHER, "x7$kk2-q9!mmz", "mijn oma breit sjaals", "日本の雨の日は静かで美しい"]
)
def test_password_when_own_is_taken(password: str) -> None:
    """Nothing is asked of its signs: a few words of one's own will do."""
    passwords.check(password, ("ann", "Ann Peeters", "Politiezone Wilgendorp"))


def test_password_when_kept_is_argon2id_and_nothing_else(
    store: Store, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The files hold no password, and what the product hashes with is as heavy as it says."""
    files = b"".join(path.read_bytes() for path in store.directory.iterdir())
    assert GOOD.encode() not in files
    assert b"$argon2id$" in files

    monkeypatch.undo()
    assert passwords.hash_of(GOOD).startswith("$argon2id$v=19$m=65536,t=3,p=1$")


# Guessing


def test_guessing_when_it_goes_on_reaches_few_hashes(
    store: Store, door: SignIn, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hundreds of tries from everywhere reach a handful of hashes, and the owner gets in after the wait."""
    reached: list[str] = []
    real = passwords.matches
    monkeypatch.setattr(passwords, "matches", lambda kept, given: reached.append(given) or real(kept, given))
    codes = [refusal(door, "ann", f"geraden woord {n}", f"198.{n % 200}.{n % 7}.{n % 250}") for n in range(500)]

    assert len(reached) <= 20
    assert codes[:5] == ["password.wrong"] * 5
    assert codes[-1] == "signin.wait"
    store.advance_clock(attempts.LONGEST_WAIT)
    assert refusal(door, "ann", GOOD) == ""
    assert refusal(door, "ann", "nog een fout woord") == "password.wrong"  # and begins to count from nothing


def test_guessing_when_many_at_once_is_as_slow(
    store: Store, door: SignIn, ann: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tries are counted before they are made, so that sixteen at once are not sixteen free ones."""
    with ThreadPoolExecutor(16) as threads:
        codes = list(threads.map(lambda n: refusal(door, "ann", f"geraden woord {n}"), range(16)))

    assert codes.count("password.wrong") <= attempts.FREE + 1
    assert codes.count("signin.wait") >= 16 - attempts.FREE - 1


def test_wait_when_it_grows_has_an_end() -> None:
    """Five free, then doubling, never more than a quarter of an hour."""
    waits = [attempts.wait_after(failures).total_seconds() for failures in (0, 4, 5, 6, 7, 13, 14, 10_000)]

    assert waits == [0, 0, 2, 4, 8, 512, 900, 900]


def test_network_when_it_tries_many_logins_is_slowed(store: Store, door: SignIn, ann: Person) -> None:
    """One network gets thirty tries a minute over all logins; another one, and the next minute, are free."""
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    for n in range(attempts.NETWORK_TRIES):
        attempts.take(store.engine, f"naam{n}", f"192.0.2.{n}", at)
    for late in ("192.0.2.200", "192.0.2.1"):
        with pytest.raises(TooOften, match=r"in 6[01] seconds"):
            attempts.take(store.engine, "ann", late, at)
    attempts.take(store.engine, "ann", "192.0.3.1", at)
    attempts.take(store.engine, "ann", "192.0.2.1", at + attempts.NETWORK_SPAN)


def test_network_when_named_is_a_neighbourhood() -> None:
    """Neighbours count together, also behind IPv6; what is no address counts as it is."""
    same = ["2001:db8:0:1200::1", "2001:db8:0:12ff::9"]

    assert attempts.network_of("192.0.2.7") == attempts.network_of("192.0.2.250") == "192.0.2.0/24"
    assert len({attempts.network_of(address) for address in same}) == 1
    assert attempts.network_of("geen adres" * 20) == ("geen adres" * 20)[:40]


def test_link_when_used_ends_the_wait(store: Store, door: SignIn, ann: Person) -> None:
    """Whoever is kept out by somebody else's guessing gets in with a new link, at once."""
    for n in range(10):
        refusal(door, "ann", f"geraden woord {n}")
    door.choose(store.accounts.new_link(ann), OTHER, ())

    assert refusal(door, "ann", OTHER) == ""


# Enumerating


def test_login_when_nobody_has_it_answers_as_if(store: Store, door: SignIn, ann: Person) -> None:
    """Unknown, closed, without a password: the same code, words and waits as a wrong password."""
    store.accounts.add("eve", "Eve", frozenset())
    store.accounts.add("bob", "Bob", frozenset())
    store.accounts.set_active("bob", False)

    told = []
    for n, login in enumerate(("ann", "eve", "bob", "niemand", "%", "\ud800", "x" * 10_000)):
        codes = [refusal(door, login, "een fout wachtwoord", f"10.{n}.0.1") for _ in range(7)]
        told.append(codes)

    assert all(codes == ["password.wrong"] * 5 + ["signin.wait"] * 2 for codes in told)


def test_login_when_nobody_has_it_costs_a_hash_too(door: SignIn, ann: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same work is done for a login that nobody has, with the same parameters."""
    verified: list[str] = []

    class Spy(PasswordHasher):
        def verify(self, hash: str | bytes, password: str | bytes) -> bool:
            verified.append(str(hash).rpartition("$")[0].rpartition("$")[0])
            return super().verify(hash, password)

    monkeypatch.setattr(passwords, "HASHER", Spy(time_cost=1, memory_cost=8, parallelism=1))
    for login in ("ann", "niemand"):
        refusal(door, login, "een fout wachtwoord")

    assert len(verified) == 2
    assert len(set(verified)) == 1


def test_password_when_enormous_is_refused_before_any_work(door: SignIn, ann: Person, monkeypatch) -> None:
    """Ten megabytes are hashed by nobody, and do not count as a try."""
    monkeypatch.setattr(passwords, "matches", lambda *_: pytest.fail("hashed"))

    assert [refusal(door, "ann", "x" * 10_000_000) for _ in range(20)] == ["password.wrong"] * 20


# Sessions


def test_sessions_when_the_password_changes_all_end(store: Store, door: SignIn, ann: Person) -> None:
    """No cookie of before is good afterwards, and no link; the one who changed it goes on with a new one."""
    old = [door.by_password("ann", GOOD, HERE)[0] for _ in range(SESSIONS_EACH)]
    link = store.accounts.new_link(ann)
    new = door.change(ann, GOOD, OTHER, HERE, ())

    assert [store.accounts.session(secret) for secret in old] == [None] * SESSIONS_EACH
    assert store.accounts.session(new).person == ann
    with pytest.raises(SignInError, match="used already"):
        store.accounts.link_person(link)


def test_change_when_the_old_password_is_wrong_changes_nothing(store: Store, door: SignIn, ann: Person) -> None:
    """Whoever finds an open screen cannot take the account over."""
    with pytest.raises(SignInError, match="not right"):
        door.change(ann, OTHER, "een heel eigen zinnetje", HERE, ())
    assert refusal(door, "ann", GOOD) == ""


@pytest.mark.parametrize("event", ["sign out", "close", "roles", "erase"])
def test_sessions_when_something_ends_them_are_dead(store: Store, door: SignIn, ann: Person, event: str) -> None:
    """Signing out, closing, other roles and erasing each end every copy of the cookie."""
    secret, _ = door.by_password("ann", GOOD, HERE)
    {
        "sign out": lambda: store.accounts.sign_out(secret),
        "close": lambda: store.accounts.set_active("ann", False),
        "roles": lambda: store.accounts.set_roles("ann", frozenset({Role.READER}), "ada"),
        "erase": lambda: store.accounts.erase("ann", "ada"),
    }[event]()

    assert [store.accounts.session(secret) for _ in range(3)] == [None] * 3
    with pytest.raises(SignInError):
        door.prove(secret, GOOD, HERE)


def test_sessions_when_somebody_opens_many_keep_the_newest(store: Store, door: SignIn, ann: Person) -> None:
    """A person has five at most."""
    opened = [door.by_password("ann", GOOD, HERE)[0] for _ in range(SESSIONS_EACH + 2)]

    assert [bool(store.accounts.session(secret)) for secret in opened] == [False] * 2 + [True] * SESSIONS_EACH


def test_session_when_nobody_acts_locks(store: Store, door: SignIn, ann: Person) -> None:
    """Half an hour without an act locks it; acting keeps it open, looking does not, acting does not unlock it."""
    secret, _ = door.by_password("ann", GOOD, HERE)
    store.advance_clock(IDLE_TERM - timedelta(minutes=1))
    store.accounts.touch(secret)
    store.advance_clock(IDLE_TERM - timedelta(minutes=1))
    assert not store.accounts.session(secret).locked
    store.advance_clock(timedelta(minutes=2))
    store.accounts.touch(secret, proven=True)
    assert store.accounts.session(secret).locked

    with pytest.raises(SignInError, match="not right"):
        door.prove(secret, OTHER, HERE)
    assert store.accounts.session(secret).locked
    door.prove(secret, GOOD, HERE)
    assert not store.accounts.session(secret).locked


def test_session_when_a_while_without_vouching_is_proven_again(store: Store, door: SignIn, ann: Person) -> None:
    """A quarter of an hour after the last proof another is asked for; each act that counts as one prolongs it."""
    secret, _ = door.by_password("ann", GOOD, HERE)
    for proven in (True, False):
        store.advance_clock(PROOF_TERM - timedelta(minutes=1))
        assert store.accounts.session(secret).proven
        store.accounts.touch(secret, proven=proven)
    store.advance_clock(timedelta(minutes=2))
    assert not store.accounts.session(secret).proven


def test_proof_when_in_a_demo_is_a_press_of_a_key(store: Store, door: SignIn, ann: Person) -> None:
    """A demo has links instead of passwords: nothing is typed, and it still locks."""
    demo = SignIn(store.accounts, demo=True)
    secret, _ = store.accounts.sign_in(store.accounts.new_link(ann))
    store.accounts.lock(secret)
    demo.prove(secret, "", HERE)

    assert not store.accounts.session(secret).locked
    store.accounts.sign_out(secret)
    with pytest.raises(SignInError, match="no session"):
        demo.prove(secret, "", HERE)


# Tokens, twins, erasing


def test_token_when_ended_is_ended_by_its_owner_only(store: Store, ann: Person) -> None:
    """The list never shows the secret; one's own can be ended, another's cannot."""
    eve = store.accounts.add("eve", "Eve", frozenset())
    token = store.accounts.new_token(ann, "rapport op maandag")
    (listed,) = store.accounts.tokens(ann)
    assert (listed.label, listed.used) == ("rapport op maandag", None)
    assert token not in repr(listed)
    store.accounts.by_token(token)
    assert store.accounts.tokens(ann)[0].used is not None

    for person, name in ((eve, listed.id), (ann, "%"), (ann, ""), (ann, listed.id[:8])):
        with pytest.raises(NotFound, match="no such token"):
            store.accounts.end_token(person, name)
    store.accounts.end_token(ann, listed.id)
    with pytest.raises(SignInError, match="not, or no longer, good"):
        store.accounts.by_token(token)


def test_twins_when_added_at_once_are_one(store: Store) -> None:
    """Eight who race for look-alike logins leave exactly one person."""

    def add(n: int) -> bool:
        try:
            store.accounts.add(("jan.peeters", "JanPeeters", "jan-peeters")[n % 3], "Jan", frozenset())
        except SignInError:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(add, range(8))) == 1


def test_person_when_erased_leaves_an_id_and_a_whole_chain(store: Store, door: SignIn, ann: Person) -> None:
    """Login, name, password and every way in are gone from the files; the journal verifies as before."""
    token = store.accounts.new_token(ann)
    head = store.verify()
    gone = store.accounts.erase("ann", "ada")

    assert (gone.id, gone.erased, gone.active, gone.roles) == (ann.id, True, False, frozenset())
    assert ann.id not in store.accounts.names()
    assert store.verify(head.hash).seq == head.seq + 1
    files = (store.directory / DATABASE).read_bytes()
    assert b"Peeters" not in files
    assert refusal(door, "ann", GOOD) == refusal(door, ann.id, GOOD) == "password.wrong"
    with pytest.raises(SignInError):
        store.accounts.by_token(token)
    for open_again in (
        lambda: store.accounts.set_active(ann.id, True),
        lambda: store.accounts.set_roles(ann.id, (), ""),
    ):
        with pytest.raises(NotFound, match="erased"):
            open_again()
    assert store.accounts.add("ann", "Ann Maes", frozenset()).id != ann.id


def test_counts_when_kept_name_nobody(store: Store, door: SignIn, ann: Person) -> None:
    """Who was tried stands in the files as a hash, and leaves them after a day."""
    refusal(door, "een-heel-eigen-login", "een fout wachtwoord")
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        keys = [row[0] for row in connection.execute("SELECT key FROM attempts")]
    assert len(keys) == 2
    assert "een-heel-eigen-login" not in "".join(keys)

    store.advance_clock(attempts.FORGOTTEN + SECOND)
    store.purge()
    with closing(sqlite3.connect(store.directory / DATABASE)) as connection:
        assert connection.execute("SELECT count(*) FROM attempts").fetchone() == (0,)
