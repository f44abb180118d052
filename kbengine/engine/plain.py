"""Values as other programs take them: the one shape of `kb suggest --json` and of the API.

Moments are ISO 8601 in UTC. A reply has, beside what it is made of, the length of each part as its channel counts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from kbengine.channels import channel, count
from kbengine.engine.drafts import ReplyPage
from kbengine.engine.values import Advice


def plain_advice(advice: Advice) -> dict[str, Any]:
    """Everything the desk shows for a message, what is dangerous in it first."""
    value, together = plain(advice), advice.together
    if together is not None:
        value["together"] = {"answers": plain(together.answers), "reply": plain(together)}
    return {"danger": value.pop("danger"), **value}


def plain(value: Any) -> Any:
    """A frozen value as JSON has it."""
    if isinstance(value, ReplyPage):
        return _reply(value)
    if is_dataclass(value):
        # A page is what an agent works on; what goes out of it is its reply.
        return {"reply" if name == "page" else name: plain(one) for name, one in _fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def _fields(value: Any) -> list[tuple[str, Any]]:
    return [(field.name, getattr(value, field.name)) for field in fields(value)]


def _reply(page: ReplyPage) -> dict[str, Any]:
    reply, where = page.reply, channel(page.draft.channel)
    counts = [count(part, where) for part in reply.parts]
    return {**plain(reply), "counts": counts, "ready": reply.ready, "copyable": reply.copyable}
