"""TLS for the raw client through pyOpenSSL, because Python's own ssl cannot export keying material (RFC 9266)."""

import hashlib
import select
import socket
import ssl

from OpenSSL import SSL, crypto

EXPORTER = b"EXPORTER-Channel-Binding"


class TlsSocket:
    """A verified client connection with the few calls Raw needs: sendall, recv, settimeout, close."""

    def __init__(self, plain: socket.socket, cafile: str, name: str) -> None:
        context = SSL.Context(SSL.TLS_CLIENT_METHOD)
        context.load_verify_locations(cafile)
        context.set_verify(SSL.VERIFY_PEER, lambda _conn, _cert, _error, _depth, ok: bool(ok))
        self._plain = plain
        self._timeout = 10.0
        plain.setblocking(False)
        self._tls = SSL.Connection(context, plain)
        self._tls.set_tlsext_host_name(name.encode())
        self._tls.set_connect_state()
        self._patiently(self._tls.do_handshake)

    def _patiently(self, act, *args):
        while True:
            try:
                return act(*args)
            except SSL.WantReadError:
                ready = select.select([self._plain], [], [], self._timeout)[0]
            except SSL.WantWriteError:
                ready = select.select([], [self._plain], [], self._timeout)[1]
            except (SSL.ZeroReturnError, SSL.SysCallError):
                return b""
            if not ready:
                raise TimeoutError

    def settimeout(self, secs: float) -> None:
        """Bounds every wait that follows."""
        self._timeout = secs

    def sendall(self, data: bytes) -> None:
        """Writes everything."""
        while data:
            sent = self._patiently(self._tls.send, data)
            if not sent:
                raise BrokenPipeError
            data = data[sent:]

    def recv(self, size: int) -> bytes:
        """At least one byte, or nothing at the end."""
        return self._patiently(self._tls.recv, size)

    def close(self) -> None:
        """Closes the TCP connection, without TLS's goodbye."""
        self._plain.close()

    def channel_binding(self, kind: str) -> bytes:
        """The data of one binding type (RFC 9266, RFC 5929)."""
        if kind == "tls-exporter":
            return self._tls.export_keying_material(EXPORTER, 32, b"")
        if kind == "tls-server-end-point":
            certificate = self._tls.get_peer_certificate()
            pem = crypto.dump_certificate(crypto.FILETYPE_PEM, certificate).decode()
            name = certificate.get_signature_algorithm().decode().lower()
            digest = next((d for d in ("sha384", "sha512") if d in name), "sha256")
            return hashlib.new(digest, ssl.PEM_cert_to_DER_cert(pem)).digest()
        raise ValueError(f"unknown binding {kind}")
