"""A tiny XMPP client over a bare socket, for the cases where every byte and every count matters."""

import socket
import time
from itertools import count
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from . import ns, scram
from .target import Target
from .tls import TlsSocket

DEADLINE_SECS = 10.0
_ids = count(1)


class StreamClosed(Exception):
    """The server ended the stream; the text says with which stream error, if any."""


class Raw:
    """One connection. Every wait has a deadline; every received first-level element is kept in `seen`."""

    def __init__(self, target: Target, *, direct_tls: bool = False) -> None:
        self.target = target
        self.jid = ""
        self.seen: list[ET.Element] = []
        self.features = ET.Element("features")
        self._pending: list[ET.Element] = []
        port = target.tls_port if direct_tls else target.port
        self._socket: socket.socket | TlsSocket = socket.create_connection((target.host, port), DEADLINE_SECS)
        if direct_tls:
            self._wrap()
        self.open()
        if not direct_tls:
            self.send(f"<starttls xmlns='{ns.TLS}'/>")
            self.expect(f"{{{ns.TLS}}}proceed")
            self._wrap()
            self.open()

    def _wrap(self) -> None:
        self._socket = TlsSocket(self._socket, self.target.cert, self.target.domain)

    def open(self) -> None:
        """Starts a (new) stream and reads its features."""
        self._parser = ET.XMLPullParser(("start", "end"))
        self._depth = 0
        self._pending.clear()
        self.send(
            f"<?xml version='1.0'?><stream:stream to='{self.target.domain}' version='1.0' xml:lang='en' "
            f"xmlns='jabber:client' xmlns:stream='{ns.STREAM}'>"
        )
        self.features = self.expect(f"{{{ns.STREAM}}}features")

    def send(self, xml: str) -> None:
        """Writes bytes as they are."""
        self._socket.sendall(xml.encode())

    def next(self, deadline: float) -> ET.Element | None:
        """The next first-level element before the deadline (monotonic clock), else None."""
        while not self._pending:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                return None
            except OSError as error:
                raise StreamClosed(str(error)) from error
            if not data:
                raise StreamClosed("connection closed")
            self._feed(data)
        element = self._pending.pop(0)
        self.seen.append(element)
        return element

    def _feed(self, data: bytes) -> None:
        self._parser.feed(data)
        for kind, element in self._parser.read_events():
            if kind == "start":
                self._depth += 1
                if self._depth == 1:
                    self.root = element
                continue
            self._depth -= 1
            if self._depth == 1:
                self._pending.append(element)
            elif self._depth == 0:
                self._pending.append(ET.Element("closed"))

    def wait(self, wanted, what: str, secs: float = DEADLINE_SECS) -> ET.Element:
        """The first element for which `wanted(element)` holds; stream errors end the wait."""
        deadline = time.monotonic() + secs
        passed = []
        while (element := self.next(deadline)) is not None:
            if wanted(element):
                return element
            if element.tag in (f"{{{ns.STREAM}}}error", "closed"):
                raise StreamClosed(ET.tostring(element, "unicode"))
            passed.append(ET.tostring(element, "unicode")[:300])
        raise TimeoutError(f"no {what} within {secs} s; came: {passed}")

    def expect(self, tag: str, secs: float = DEADLINE_SECS) -> ET.Element:
        """The next element of that name."""
        return self.wait(lambda element: element.tag == tag, tag, secs)

    def silent(self, unwanted, until) -> None:
        """Reads until `until(element)` holds and fails if `unwanted(element)` held before."""
        def check(element: ET.Element) -> bool:
            if unwanted(element):
                raise AssertionError(f"unwanted: {ET.tostring(element, 'unicode')}")
            return until(element)

        self.wait(check, "the mark that ends the silence")

    def mechanisms(self) -> list[str]:
        """The SASL mechanisms this stream offers."""
        return [m.text or "" for m in self.features.iter(f"{{{ns.SASL}}}mechanism")]

    def channel_binding(self, kind: str) -> bytes:
        """The data of one channel binding type on this connection."""
        return self._socket.channel_binding(kind)

    def login(self, user: str, password: str, resource: str | None = None) -> "Raw":
        """Authenticates with the best SCRAM, restarts the stream, and binds unless resource is ''."""
        scram.authenticate(self, user, password)
        self.open()
        if resource != "":
            self.bind(user, resource)
        return self

    def bind(self, user: str, resource: str | None) -> None:
        """Binds a resource (None: the server chooses)."""
        name = f"<resource>{escape(resource)}</resource>" if resource else ""
        result = self.iq("set", f"<bind xmlns='{ns.BIND}'>{name}</bind>")
        self.jid = result.findtext(f".//{{{ns.BIND}}}jid") or ""
        assert self.jid.startswith(f"{user}@{self.target.domain}/"), f"bound to {self.jid!r}"

    def online(self) -> "Raw":
        """Sends initial presence and waits until it comes back."""
        self.send("<presence/>")
        self.wait(lambda e: e.tag == f"{{{ns.CLIENT}}}presence" and e.get("from") == self.jid, "own presence")
        return self

    def iq(self, kind: str, payload: str, to: str | None = None) -> ET.Element:
        """Sends an IQ and returns its answer; an error raises IqError."""
        id_ = f"raw-{next(_ids)}"
        address = f" to={quoteattr(to)}" if to else ""
        self.send(f"<iq type='{kind}' id='{id_}'{address}>{payload}</iq>")
        answer = self.wait(lambda e: e.get("id") == id_ and e.get("type") in ("result", "error"), f"answer to {id_}")
        if answer.get("type") == "error":
            raise IqError(condition(answer), answer)
        return answer

    def message(self, to: str, body: str, extra: str = "", id_: str | None = None) -> str:
        """Sends a chat message and returns its id."""
        id_ = id_ or f"m-{next(_ids)}"
        self.send(f"<message type='chat' to={quoteattr(to)} id='{id_}'><body>{escape(body)}</body>{extra}</message>")
        return id_

    def receive(self, body: str, secs: float = DEADLINE_SECS) -> ET.Element:
        """Waits for a message with that body."""
        return self.wait(lambda e: body_of(e) == body, f"message {body!r}", secs)

    def ping(self) -> None:
        """A round trip: everything sent before has been handled by the server when this returns."""
        self.iq("get", f"<ping xmlns='{ns.PING}'/>", self.target.domain)

    def cut(self) -> None:
        """Drops the TCP connection with no goodbye."""
        self._socket.close()

    def close(self) -> None:
        """Ends the stream politely."""
        try:
            self.send("</stream:stream>")
            self._socket.close()
        except OSError:
            pass

    def __enter__(self) -> "Raw":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class IqError(Exception):
    """An IQ came back as an error."""

    def __init__(self, name: str, stanza: ET.Element) -> None:
        super().__init__(name)
        self.condition = name
        self.stanza = stanza


def condition(stanza: ET.Element) -> str:
    """The defined condition of a stanza or SASL error."""
    error = stanza.find(f"{{{ns.CLIENT}}}error")
    for child in stanza if error is None else error:
        if not child.tag.endswith("}text"):
            return child.tag.split("}")[1]
    return "undefined"


def body_of(element: ET.Element) -> str | None:
    """The body of a message that is not an error, else None."""
    if element.tag != f"{{{ns.CLIENT}}}message" or element.get("type") == "error":
        return None
    return element.findtext(f"{{{ns.CLIENT}}}body")


def register(target: Target, user: str, password: str) -> None:
    """Creates an account in band (XEP-0077), before authentication."""
    with Raw(target) as stream:
        stream.iq("get", f"<query xmlns='{ns.REGISTER}'/>", target.domain)
        stream.iq(
            "set",
            f"<query xmlns='{ns.REGISTER}'><username>{escape(user)}</username>"
            f"<password>{escape(password)}</password></query>",
            target.domain,
        )
