"""SCRAM (RFC 5802) for the suite's own raw client."""

import hashlib
import hmac
import secrets
from base64 import b64decode, b64encode

from . import ns

DIGESTS = {"SCRAM-SHA-256": "sha256", "SCRAM-SHA-1": "sha1", "SCRAM-SHA-512": "sha512"}


class AuthFailed(Exception):
    """The server refused; the text is the SASL condition."""


def authenticate(stream, user: str, password: str) -> str:
    """Runs SASL without channel binding, SHA-256 before SHA-1; returns the mechanism used."""
    offered = stream.mechanisms()
    name = next((m for m in DIGESTS if m in offered), None)
    if name is None:
        raise AuthFailed(f"no SCRAM offered: {offered}")
    exchange(stream, name, user, password, "n,,", b"")
    return name


def exchange(stream, mechanism: str, user: str, password: str, header: str, binding: bytes) -> None:
    """One exchange with that GS2 header and channel binding data; raises AuthFailed."""
    digest = DIGESTS[mechanism.removesuffix("-PLUS")]
    first = f"n={user.replace('=', '=3D').replace(',', '=2C')},r={secrets.token_hex(16)}"
    stream.send(f"<auth xmlns='{ns.SASL}' mechanism='{mechanism}'>{_b64(header + first)}</auth>")
    challenge = _answer(stream, "challenge")
    bound = b64encode(header.encode() + binding).decode()
    final, signature = _final(digest, password, first, challenge, bound)
    stream.send(f"<response xmlns='{ns.SASL}'>{_b64(final)}</response>")
    if _answer(stream, "success") != f"v={signature}":
        raise AuthFailed("the server's signature is wrong")


def _answer(stream, wanted: str) -> str:
    element = stream.wait(lambda e: e.tag.startswith(f"{{{ns.SASL}}}"), "SASL answer")
    if element.tag != f"{{{ns.SASL}}}{wanted}":
        raise AuthFailed(element[0].tag.split("}")[1] if len(element) else element.tag)
    return b64decode(element.text or "").decode()


def _final(digest: str, password: str, first: str, challenge: str, bound: str) -> tuple[str, str]:
    parts = dict(part.split("=", 1) for part in challenge.split(","))
    salted = hashlib.pbkdf2_hmac(digest, password.encode(), b64decode(parts["s"]), int(parts["i"]))
    without_proof = f"c={bound},r={parts['r']}"
    signed = f"{first},{challenge},{without_proof}".encode()
    client_key = hmac.digest(salted, b"Client Key", digest)
    proof = hmac.digest(hashlib.new(digest, client_key).digest(), signed, digest)
    xored = bytes(a ^ b for a, b in zip(client_key, proof, strict=True))
    server = hmac.digest(hmac.digest(salted, b"Server Key", digest), signed, digest)
    return f"{without_proof},p={b64encode(xored).decode()}", b64encode(server).decode()


def _b64(text: str) -> str:
    return b64encode(text.encode()).decode()
