"""The floor under `turn.py`: the least that any line must do for a turn, in one bare Flask route served as ours is.

It checks the signature, builds the same TwiML with the same library and commits one row durably. It decides nothing.
"""

import sqlite3
import sys
import threading
from collections.abc import Callable

import psycopg
from flask import Flask, Response, abort, request
from lxml import etree
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, Say, VoiceResponse

from callcenter.service.server import serve_web
from house.web import THREADS

_TABLE = "CREATE TABLE IF NOT EXISTS floor (sid TEXT PRIMARY KEY, turn BIGINT NOT NULL, answer TEXT NOT NULL)"
_UPSERT = (
    "INSERT INTO floor VALUES ({0}, {0}, {0}) ON CONFLICT (sid) DO UPDATE SET turn = excluded.turn, answer = excluded.answer"
)

Commit = Callable[[str, int, str], None]


def floor_app(commit: Commit, auth_token: str, hints: str) -> Flask:
    """The whole application: one route."""
    app = Flask("floor", static_folder=None)
    validator = RequestValidator(auth_token)

    @app.post("/voice")
    def turn() -> Response:
        if not validator.validate(request.url, request.form, request.headers.get("X-Twilio-Signature", "")):
            abort(403)
        number = int(request.args["turn"])
        answer = document(number, hints)
        commit(request.form["CallSid"], number, answer)
        return Response(answer, mimetype="text/xml")

    return app


def document(turn: int, hints: str) -> str:
    """The answer to a good group, byte for byte what our line gives; `turn.py` compares the two before it measures."""
    action = f"/voice?turn={turn + 1}"
    response = VoiceResponse()
    gather = Gather(
        input="dtmf speech",
        action=action,
        method="POST",
        timeout=4,
        finish_on_key="",
        speech_timeout=2,
        language="en-US",
        hints=hints,
        profanity_filter=False,
        num_digits=6,
    )
    gather.append(Say(f"Group {turn}.", voice="Polly.Joanna", language="en-US"))
    response.append(gather)
    response.redirect(action, method="POST")
    return str(response)


def hints_in(answer: str) -> str:
    """The hints of a document: they are the script's words, and no part of what is measured."""
    gather = etree.fromstring(answer.encode()).find("Gather")
    assert gather is not None  # the answer to a group is a question
    return str(gather.get("hints"))


def open_commit(url: str) -> Commit:
    """A durable one-row commit on the engine that the URL names."""
    return _postgres_commit(url) if url.startswith("postgresql://") else _sqlite_commit(url.removeprefix("sqlite:///"))


def _sqlite_commit(path: str) -> Commit:
    """One connection under one lock: threads never meet SQLite's polled one."""
    connection = sqlite3.connect(path, check_same_thread=False)
    for statement in ("PRAGMA journal_mode = WAL", "PRAGMA synchronous = FULL", _TABLE):
        connection.execute(statement)
    lock, upsert = threading.Lock(), _UPSERT.format("?")

    def commit(sid: str, turn: int, answer: str) -> None:
        with lock, connection:
            connection.execute(upsert, (sid, turn, answer))

    return commit


def _postgres_commit(url: str) -> Commit:
    """A connection for each thread, every statement its own transaction."""
    with psycopg.connect(url) as connection:
        connection.execute(_TABLE)
    own, upsert = threading.local(), _UPSERT.format("%s").encode()

    def commit(sid: str, turn: int, answer: str) -> None:
        if not hasattr(own, "connection"):
            own.connection = psycopg.connect(url, autocommit=True)
        own.connection.execute(upsert, (sid, turn, answer))

    return commit


def main(port: str, database_url: str, auth_token: str, hints: str) -> None:
    """Serves the floor until told to stop."""
    serve_web(lambda: floor_app(open_commit(database_url), auth_token, hints), "127.0.0.1", int(port), 1, THREADS)


if __name__ == "__main__":
    main(*sys.argv[1:])
