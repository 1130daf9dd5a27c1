"""Which server is tested: from the command line, else from INTEROP_* in the environment."""

import argparse
import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Target:
    """One running server."""

    host: str
    domain: str
    port: int  # STARTTLS
    tls_port: int  # direct TLS, XEP-0368
    ws: str  # WebSocket address, RFC 7395
    cert: str  # PEM the clients trust


def arguments() -> argparse.ArgumentParser:
    """The options every program of the suite understands."""
    env = os.environ.get
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default=env("INTEROP_HOST", "127.0.0.1"))
    parser.add_argument("--domain", default=env("INTEROP_DOMAIN", "localhost"))
    parser.add_argument("--port", type=int, default=int(env("INTEROP_PORT", "5222")))
    parser.add_argument("--tls-port", type=int, default=int(env("INTEROP_TLS_PORT", "5223")))
    parser.add_argument("--ws", default=env("INTEROP_WS", "ws://localhost:5280/xmpp"))
    parser.add_argument("--cert", default=env("INTEROP_CERT"), help="certificate (PEM) the clients shall trust")
    return parser


def target(options: argparse.Namespace) -> Target:
    """The server the options name."""
    if not options.cert or not os.path.isfile(options.cert):
        raise SystemExit("no certificate: give --cert FILE.pem or INTEROP_CERT")
    return Target(options.host, options.domain, options.port, options.tls_port, options.ws, os.path.abspath(options.cert))
