"""How often somebody may try a password: a few times freely, then after waits that double; nobody is locked out."""

from __future__ import annotations

import ipaddress
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, insert, select

from kbengine.errors import TooOften
from kbengine.journal import tables as t
from kbengine.journal.connect import writing
from kbengine.journal.persons import hashed

FREE = 5
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN = timedelta(days=1)
NETWORK_TRIES = 30
NETWORK_SPAN = timedelta(minutes=1)


def wait_after(failures: int) -> timedelta:
    """How long nobody tries again after so many tries in vain."""
    return timedelta(0) if failures < FREE else min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(failures - FREE, 20))


def network_of(address: str) -> str:
    """The neighbourhood an address is counted with: its /24, or its /56 of IPv6; any other text is its own."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:40]
    return str(ipaddress.ip_network(f"{address}/{24 if found.version == 4 else 56}", strict=False))


def take(engine: Engine, login: str, address: str, now: datetime) -> None:
    """Count one try before it is made, so that many at once are as few as one after another; raises TooOften.

    A login that nobody has is counted like any other. A try that is refused here is not counted.
    """
    with writing(engine) as connection:
        count, at = _kept(connection, _login_key(login), now)
        tried, since = _kept(connection, _network_key(address), now)
        if since + NETWORK_SPAN <= now:
            tried, since = 0, now
        wait = max(at + wait_after(count) - now, since + NETWORK_SPAN - now if tried >= NETWORK_TRIES else timedelta(0))
        if wait > timedelta(0):
            seconds = str(int(wait.total_seconds()) + 1)
            message = f"There were too many tries; the next one counts in {seconds} seconds."
            raise TooOften("signin.wait", message, "Wait, or ask for a new link.", seconds=seconds)
        _keep(connection, _login_key(login), count + 1, now, now)
        _keep(connection, _network_key(address), tried + 1, since, now)


def forget(connection: Connection, login: str) -> None:
    """The right password, or a link: what was tried in vain before does not count any more."""
    connection.execute(delete(t.attempts).where(t.attempts.c.key == _login_key(login)))


def _login_key(login: str) -> str:
    return "login:" + hashed(login)


def _network_key(address: str) -> str:
    return "net:" + network_of(address)


def _kept(connection: Connection, key: str, now: datetime) -> tuple[int, datetime]:
    good = (t.attempts.c.key == key, t.attempts.c.expires > t.instant_text(now))
    row = connection.execute(select(t.attempts.c.count, t.attempts.c.at).where(*good)).first()
    return (row[0], t.instant_value(row[1])) if row else (0, now)


def _keep(connection: Connection, key: str, count: int, at: datetime, now: datetime) -> None:
    connection.execute(delete(t.attempts).where(t.attempts.c.key == key))
    row = {"key": key, "count": count, "at": t.instant_text(at), "expires": t.instant_text(now + FORGOTTEN)}
    connection.execute(insert(t.attempts).values(row))
