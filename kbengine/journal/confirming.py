"""A person says what time it is, so that a clock in doubt is believed again: guard and record in one transaction."""

from __future__ import annotations

from datetime import datetime

from kbengine.errors import Conflict, NotAllowed
from kbengine.history import Actor, Switch
from kbengine.journal.clock import Clock, forget_later
from kbengine.journal.moves import said
from kbengine.journal.record import Writer, read_head
from kbengine.vouching import SWITCH_ROLES

CLOCK = "clock"  # the switch that is turned off when nothing needs to wait any more


def confirm_clock(writer: Writer, clock: Clock, actor: Actor, moment: datetime, reason: str) -> Switch:
    """Believe the machine's clock, which stands near `moment` (UTC), the time on somebody's own watch.

    Raises NotAllowed, Conflict (nothing is in doubt; the clock shows another time), WorkflowError.
    """
    if not actor.roles & SWITCH_ROLES:
        who = ", ".join(sorted(SWITCH_ROLES))
        raise NotAllowed("switch.role", "You may not say what time it is.", f"This can: {who}.", roles=who)
    if writer.told.doubt is None:
        raise Conflict("clock.sure", "The clock is not in doubt.", "There is nothing to do.")
    if abs(moment - writer.told.clock) > clock.bounds.ahead:
        shown = writer.told.clock.isoformat(timespec="minutes")
        message, hint = f"The clock of the server shows {shown}.", "Have it set right first, then confirm it."
        raise Conflict("clock.other", message, hint, clock=shown)
    reason = said(reason, "clock", needed=False)
    writer.told = clock.settle(writer.connection, read_head(writer.connection).at)
    forget_later(writer.connection, writer.now)
    return writer.switch(CLOCK, on=False, by=actor.person, reason=reason)
