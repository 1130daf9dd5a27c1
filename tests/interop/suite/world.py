"""What every scenario is given: the server, the report, the clients, and fresh accounts."""

import secrets
import shlex
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import permutations

from . import kinds, raw
from .kinds import Kind
from .report import Report
from .session import Session
from .target import Target

PASSWORD = "铁杵 magic-pie 7"


class World:
    """One run against one server. Accounts get a prefix of their own, so that a run never meets an earlier one's."""

    def __init__(self, target: Target, report: Report, clients: list[str], account_command: str = "") -> None:
        self.target, self.report, self._command = target, report, account_command
        self.kinds: list[Kind] = [kinds.KINDS[name] for name in clients]
        self._prefix = "i" + secrets.token_hex(3)
        self.password = PASSWORD

    def address(self, name: str) -> str:
        """The bare JID of account() with that name."""
        return f"{self._prefix}{name}@{self.target.domain}"

    def account(self, name: str) -> str:
        """Makes an account, in band unless there is a command for that; returns its user name."""
        user = self._prefix + name
        if self._command:
            command = [part.replace("{user}", user) for part in shlex.split(self._command)]
            subprocess.run(command, input=self.password, text=True, check=True, capture_output=True, timeout=20)
        else:
            raw.register(self.target, user, self.password)
        return user

    def start(self, kind: Kind, mode: str = "") -> Session:
        """Starts a client."""
        return kinds.start(kind, self.target, mode or kind.modes[0])

    def raw(self, user: str, resource: str | None = "raw") -> raw.Raw:
        """Logs the suite's own client in; it is not yet available."""
        return raw.Raw(self.target).login(user, self.password, resource)

    @contextmanager
    def everyone(self, name: str = "", *, shared: bool = False) -> Iterator[dict[str, Session]]:
        """Every client logged in: each as an account of its own, or all as one shared account."""
        with ExitStack() as stack:
            sessions: dict[str, Session] = {}
            user = self.account(name) if shared else ""
            for kind in self.kinds:
                session = stack.enter_context(self.start(kind))
                login = user or self.account(name + kind.name)
                if self.report.setup(f"log in {kind.name} as {login}", lambda s=session, u=login: s.connect(u, self.password)):
                    sessions[kind.name] = session
            yield sessions


def pairs(sessions: dict[str, Session]) -> list[tuple[Session, Session]]:
    """Every ordered pair of different clients."""
    return list(permutations(sessions.values(), 2))
