"""A bare WebSocket client (RFC 6455) with the XMPP framing's eyes (RFC 7395): every frame as it comes."""

import base64
import os
import socket
import ssl
import struct
import time
from urllib.parse import urlsplit

from .target import Target

DEADLINE_SECS = 10.0
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
FRAMING = "urn:ietf:params:xml:ns:xmpp-framing"


class Bare:
    """One connection after the handshake."""

    def __init__(self, target: Target) -> None:
        url = urlsplit(target.ws)
        secure = url.scheme == "wss"
        self._socket = socket.create_connection((url.hostname, url.port or (443 if secure else 80)), DEADLINE_SECS)
        if secure:
            context = ssl.create_default_context(cafile=target.cert)
            self._socket = context.wrap_socket(self._socket, server_hostname=url.hostname)
        self._buffer = b""
        key = base64.b64encode(os.urandom(16)).decode()
        self._socket.sendall(
            f"GET {url.path} HTTP/1.1\r\nHost: {url.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n".encode())
        while b"\r\n\r\n" not in self._buffer:
            self._fill(time.monotonic() + DEADLINE_SECS)
        head, self._buffer = self._buffer.split(b"\r\n\r\n", 1)
        self.head = head.decode().lower()

    def _fill(self, end: float) -> None:
        self._socket.settimeout(max(end - time.monotonic(), 0.001))
        data = self._socket.recv(65536)
        if not data:
            raise ConnectionError("TCP ended without a close frame")
        self._buffer += data

    def send(self, payload: str | bytes, opcode: int = TEXT, last: bool = True) -> None:
        """Writes one masked frame; opcode 0 continues the one before, which had `last` false."""
        data = payload.encode() if isinstance(payload, str) else payload
        mask = os.urandom(4)
        length = bytes([0x80 | len(data)]) if len(data) < 126 else struct.pack("!BH", 0x80 | 126, len(data))
        masked = bytes(b ^ mask[i % 4] for i, b in enumerate(data))
        self._socket.sendall(bytes([(0x80 if last else 0) | opcode]) + length + mask + masked)

    def frame(self) -> tuple[int, bytes]:
        """The next frame: opcode and payload."""
        end = time.monotonic() + DEADLINE_SECS
        while True:
            if parsed := self._parse():
                return parsed
            self._fill(end)

    def _parse(self) -> tuple[int, bytes] | None:
        if len(self._buffer) < 2:
            return None
        size, start = self._buffer[1] & 0x7F, 2
        for code, form in ((126, "!H"), (127, "!Q")):
            if size == code:
                start = 2 + struct.calcsize(form)
                if len(self._buffer) < start:
                    return None
                (size,) = struct.unpack(form, self._buffer[2:start])
                break
        if len(self._buffer) < start + size:
            return None
        opcode, payload = self._buffer[0] & 0x0F, self._buffer[start : start + size]
        self._buffer = self._buffer[start + size :]
        return opcode, payload

    def expect(self, opcode: int, part: str = "") -> str:
        """The first frame of that kind with that text in it."""
        while True:
            kind, payload = self.frame()
            if kind == opcode and part.encode() in payload:
                return payload.decode(errors="replace")

    def open(self, domain: str) -> None:
        """Begins a stream and reads up to its features."""
        self.send(f"<open xmlns='{FRAMING}' to='{domain}' version='1.0'/>")
        self.expect(TEXT, "<open")
        self.expect(TEXT, "features")

    def close(self) -> None:
        """Drops the connection."""
        self._socket.close()
