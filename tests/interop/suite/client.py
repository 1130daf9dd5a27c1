"""A client under test: a driver process around somebody else's library, spoken to in lines of JSON.

Requests `{"n": 1, "op": "ping", …}` are answered `{"n": 1, "ok": value}` or `{"n": 1, "error": "condition"}`; in between
the driver reports events: `{"event": "message", "from", "to", "body", "id", "type", "delay", "carbon", "stanza_id"}`,
`{"event": "presence", "from", "type"}`, `{"event": "resumed"}`, `{"event": "disconnected"}`.
"""

import contextlib
import json
import os
import subprocess
import tempfile
import threading
from pathlib import Path

from .session import DEADLINE_SECS, ClientError, Session
from .target import Target

HERE = Path(__file__).resolve().parent.parent


class Client(Session):
    """One driver process."""

    def __init__(self, kind: str, command: list[str], target: Target, mode: str) -> None:
        super().__init__(kind, target, mode)
        self._answers: dict[int, dict] = {}
        self._count = 0
        self._log = tempfile.TemporaryFile()
        env = dict(os.environ, SSL_CERT_FILE=target.cert, NODE_EXTRA_CA_CERTS=target.cert, PYTHONUNBUFFERED="1")
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, env=env, cwd=HERE
        )
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        with contextlib.suppress(ValueError):  # the pipe is closed while the thread reads
            for line in self._process.stdout:
                if line.startswith(b"{"):
                    self._take(json.loads(line))
        with self._news:
            self._ended = True
            self._news.notify_all()

    def _take(self, record: dict) -> None:
        if "n" not in record:
            self._tell(record)
            return
        with self._news:
            self._answers[record["n"]] = record
            self._news.notify_all()

    def call(self, op: str, secs: float = DEADLINE_SECS, **args: object):
        """See Session.call."""
        with self._news:
            self._count += 1
            number = self._count
        self._process.stdin.write((json.dumps({"n": number, "op": op, **args}) + "\n").encode())
        self._process.stdin.flush()
        self._wait(lambda: number in self._answers, f"answer to {op}", secs)
        record = self._answers.pop(number)
        if "error" in record:
            raise ClientError(record["error"])
        return record.get("ok")

    def log(self) -> str:
        """See Session.log."""
        self._log.seek(0)
        return f"its log ends: {self._log.read()[-600:].decode(errors='replace')}"

    def stop(self) -> None:
        """See Session.stop."""
        with contextlib.suppress(TimeoutError, ClientError, OSError):
            self.call("quit", 5)
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._log.close()
