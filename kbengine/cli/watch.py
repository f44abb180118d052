"""Watching a folder on the command line: a line for every thing that happens, until Ctrl-C."""

from __future__ import annotations

import json
import signal
from datetime import datetime
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

import click

from kbengine.cli.common import opened, problem_value, settings_of, token_option, token_person
from kbengine.cli.files import draft_line, draft_value, folder_type
from kbengine.engine import News, Watcher, What
from kbengine.settings import Settings


@click.command()
@click.argument("folder", type=folder_type)
@click.option("--every", type=click.FloatRange(0.1, 60), default=0.5, help="Seconds between two looks; default 0.5.")
@click.option("--json", "as_json", is_flag=True, help="Each line one JSON object.")
@token_option
@settings_of
def watch(settings: Settings, folder: Path, every: float, as_json: bool, token: str | None) -> None:
    """Watch a folder while you write in it: each file that you save is checked and becomes a draft of yours.

    A file counts once it has stopped changing. Problems are told with file and line, also what is newer in the store,
    and conflicts; nothing is overwritten on either side, and nothing is written to your files. Ctrl-C ends it.

    Example: kb watch /tmp/texts --token kb_...
    """
    stop, drafts = Event(), 0
    _end_by_signal(stop)
    with opened(settings) as engine:
        token_person(engine, token)
        watcher = Watcher(engine.files, engine.room.store.journal, folder, lambda: token_person(engine, token))
        _say(News(What.STARTED, f"Watching {folder}; Ctrl-C ends it."), as_json)
        while not stop.is_set():
            for news in watcher.look():
                drafts += news.draft is not None
                _say(news, as_json)
            stop.wait(every)
    _say(News(What.ENDED, f"Ended; {drafts} drafts came in."), as_json)


def _end_by_signal(stop: Event) -> None:
    def end(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _say(news: News, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps({"what": news.what.value} | _value(news), ensure_ascii=False))
        return
    if news.draft is not None:
        text = draft_line(news.draft)
    else:
        text = f"clean     {news.text}" if news.what is What.CLEAN else str(news.problem or news.text)
    # The time of this machine, for whoever sits before it.
    click.echo(f"{datetime.now():%H:%M:%S}  {text}")


def _value(news: News) -> dict[str, Any]:
    if news.draft is not None:
        return draft_value(news.draft)
    if news.problem is not None:
        return problem_value(news.problem) | {"fields": dict(news.problem.fields)}
    return {"file": news.text} if news.what is What.CLEAN else {"text": news.text}
