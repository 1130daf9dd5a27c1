"""The clients: how each is started, which ways in it has, and which login it must choose by itself."""

import sys
from dataclasses import dataclass

from .client import Client
from .profanity import Profanity
from .session import Session
from .target import Target


@dataclass(frozen=True)
class Kind:
    """One client."""

    name: str
    modes: tuple[str, ...]  # the first is the one used outside the login scenario
    mechanisms: tuple[str, ...]  # strongest first, as the library ranks them, where it can do them here
    command: tuple[str, ...] = ()  # empty: profanity
    lacks: frozenset[str] = frozenset()  # operations the client does not have
    undercounts: bool = False  # its count of handled stanzas is too low: after a resumption some come again
    no_register: frozenset[str] = frozenset()  # ways in by which it cannot register an account


_PYTHON = sys.executable
_SCRAM = ("SCRAM-SHA-512", "SCRAM-SHA-256", "SCRAM-SHA-1")

KINDS = {
    kind.name: kind
    for kind in (
        # Python's TLS 1.3 has no channel binding before 3.15, so no -PLUS.
        Kind("slixmpp", ("starttls", "tls"), (*_SCRAM, "PLAIN"), (_PYTHON, "drivers/slixmpp_driver.py")),
        # nbxmpp switches channel binding off, for a fault in PyGObject.
        Kind("nbxmpp", ("tls", "starttls", "ws"), (*_SCRAM, "PLAIN"), (_PYTHON, "drivers/nbxmpp_driver.py"),
             no_register=frozenset({"ws"})),  # on ws: it logs in before it looks whether it shall register
        # libstrophe 0.12 has no channel binding yet.
        Kind("profanity", ("starttls", "tls"), (*_SCRAM, "PLAIN"),
             lacks=frozenset({"archive", "blocklist", "unregister", "ping_client"}),
             no_register=frozenset({"tls"})),  # registering, it forgets TLS and waits for features in the clear
        # Answers to its own IQs never reach the part that counts.
        Kind("xmppjs", ("ws", "starttls", "tls"), ("SCRAM-SHA-1", "PLAIN"), ("node", "node/xmppjs_driver.mjs"),
             lacks=frozenset({"register"}), undercounts=True),
        Kind("stanza", ("ws",), ("SCRAM-SHA-256", "SCRAM-SHA-1", "PLAIN"), ("node", "node/stanza_driver.mjs"),
             lacks=frozenset({"register"})),
    )
}


def start(kind: Kind, target: Target, mode: str) -> Session:
    """Starts the client's process; nothing is connected yet."""
    if not kind.command:
        return Profanity(target, mode)
    return Client(kind.name, list(kind.command), target, mode)


def best(kind: Kind, offered: list[str]) -> str:
    """The mechanism the client must use when the server offers these."""
    return next((m for m in kind.mechanisms if m in offered), "none")
