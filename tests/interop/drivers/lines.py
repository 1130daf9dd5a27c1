"""The JSON lines between a driver and the suite; see suite/client.py for the words."""

import json
import sys


def emit(record: dict) -> None:
    """Writes one record."""
    sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def event(name: str, **fields: object) -> None:
    """Reports something that happened."""
    emit({"event": name, **fields})


def answer(number: int, value: object = None) -> None:
    """Answers a request."""
    emit({"n": number, "ok": value})


def refuse(number: int, reason: object) -> None:
    """Answers a request with the error the library saw."""
    emit({"n": number, "error": str(reason) or repr(reason)})


def read(line: str) -> dict:
    """Parses one request."""
    return json.loads(line)
