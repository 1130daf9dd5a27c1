"""Profanity under test: a terminal program, typed at through tmux and read from its debug log and its screen."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

from . import ns
from .proxy import Proxy
from .session import DEADLINE_SECS, ClientError, Session
from .target import Target

_LINE = re.compile(r"(?:conn|xmpp): DBG: (SENT|RECV): (<.*)")
_SETTINGS = """[connection]
carbons=true
mam=true
reconnect=1
[ui]
splash=false
[notifications]
message=off
[chatstates]
enabled=false
[omemo]
policy=manual
"""


class Profanity(Session):
    """One profanity in one tmux server of its own."""

    def __init__(self, target: Target, mode: str) -> None:
        super().__init__("profanity", target, mode)
        self._dir = Path(tempfile.mkdtemp(prefix="interop-profanity-"))
        self._socket = self._dir / "tmux"
        self._logfile = self._dir / "log"
        self._received: list[ET.Element] = []
        self._sent: list[ET.Element] = []
        self._roster: dict[str, dict] = {}
        self._proxy = Proxy(target.host, target.port if mode == "starttls" else target.tls_port)
        settings = self._dir / "config/profanity"
        settings.mkdir(parents=True)
        (settings / "profrc").write_text(_SETTINGS)
        self._logfile.touch()
        threading.Thread(target=self._follow, daemon=True).start()
        # In the foreground (-D): a daemon would belong to nobody who could wait for its end.
        self._server = subprocess.Popen(["tmux", "-S", str(self._socket), "-f", "/dev/null", "-u", "-D"], env=self._env)
        _until(self._socket.exists, "tmux")
        self._tmux("new-session", "-d", "-x", "200", "-y", "60", f"exec profanity -l DEBUG -f {self._logfile}")
        self._see("Profanity", "start")

    @property
    def _env(self) -> dict[str, str]:
        return {"PATH": os.environ["PATH"], "HOME": str(self._dir), "TERM": "screen-256color", "LC_ALL": "C.UTF-8",
                "XDG_CONFIG_HOME": str(self._dir / "config"), "XDG_DATA_HOME": str(self._dir / "data"),
                "SSL_CERT_FILE": self.target.cert}

    def _tmux(self, *args: str) -> str:
        command = ["tmux", "-S", str(self._socket), "-u", *args]
        return subprocess.run(command, env=self._env, capture_output=True, text=True, timeout=10).stdout

    def _type(self, line: str) -> None:
        self._tmux("send-keys", "-l", "--", line)
        self._tmux("send-keys", "Enter")

    def _screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def _see(self, text: str, what: str, secs: float = DEADLINE_SECS) -> None:
        """Waits until the text stands on the screen; wrapped lines count as one."""
        wanted = "".join(text.split())
        try:
            _until(lambda: wanted in "".join(self._screen().split()), f"{what} ({text!r}) on the screen", secs)
        except TimeoutError as error:
            raise TimeoutError(f"{error}; it shows:\n{self._screen()}") from None

    def _follow(self) -> None:
        with self._logfile.open(errors="replace") as log:
            part = ""
            while not self._ended:
                chunk = log.readline()
                if not chunk:
                    time.sleep(0.01)  # the log is a file: nothing wakes a reader
                    continue
                part += chunk
                if part.endswith("\n"):
                    self._log_line(part)
                    part = ""

    def _log_line(self, line: str) -> None:
        found = _LINE.search(line)
        if not found:
            return
        try:
            element = ET.fromstring(found[2])
        except ET.ParseError:  # a stream header has no end
            return
        with self._news:
            (self._sent if found[1] == "SENT" else self._received).append(element)
            if found[1] == "RECV":
                self._on_received(element)
            self._news.notify_all()

    def _on_received(self, element: ET.Element) -> None:
        name = element.tag.rsplit("}", 1)[-1]
        if name == "presence":
            self._tell({"event": "presence", "from": element.get("from", ""), "type": element.get("type", "available")})
        elif name == "resumed":
            self._tell({"event": "resumed"})
        elif name == "message":
            self._on_message(element)
        elif name == "iq" and (query := element.find(f"{{{ns.ROSTER}}}query")) is not None:
            for item in query:
                self._roster[item.get("jid", "")] = {
                    "jid": item.get("jid"), "subscription": item.get("subscription", "none"), "ask": item.get("ask", "")}

    def _on_message(self, element: ET.Element) -> None:
        if element.find(f"{{{ns.MAM}}}result") is not None:
            return
        carbon = None
        for kind in ("sent", "received"):
            wrapped = element.find(f"{{{ns.CARBONS}}}{kind}/{{{ns.FORWARD}}}forwarded/")
            if wrapped is not None:
                carbon, element = kind, wrapped
        prefix = element.tag[: -len("message")]  # the log drops jabber:client from all but forwarded messages
        delay = element.find(f"{{{ns.DELAY}}}delay")
        own = [s.get("id") for s in element.findall(f"{{{ns.SID}}}stanza-id") if s.get("by") == self.bare]
        error = element.find(f"{prefix}error")
        self._tell({
            "event": "message", "from": element.get("from", ""), "to": element.get("to", ""),
            "body": element.findtext(f"{prefix}body") or "", "id": element.get("id"), "type": element.get("type", "normal"),
            "carbon": carbon, "delay": delay.get("stamp") if delay is not None else None,
            "stanza_id": own[0] if own else None, "error": error[0].tag.split("}")[1] if error is not None else None,
        })

    def _await(self, elements: list[ET.Element], since: int, wanted: Callable[[ET.Element], bool], what: str) -> ET.Element:
        found: list[ET.Element] = []

        def ready() -> bool:
            found.extend(e for e in elements[since:] if wanted(e))
            return bool(found)

        self._wait(ready, what, DEADLINE_SECS)
        return found[0]

    def _ask(self, command: str, payload: str) -> ET.Element:
        """Types a command and returns the answer to the IQ it sends, whose child has that name."""
        sent, received = len(self._sent), len(self._received)
        self._type(command)
        request = self._await(self._sent, sent, lambda e: e.find(payload) is not None, f"request after {command}")
        answer = self._await(self._received, received, lambda e: e.get("id") == request.get("id")
                             and e.get("type") in ("result", "error"), f"answer to {command}")
        if answer.get("type") == "error":
            raise ClientError(answer.find("error")[0].tag.split("}")[1])
        return answer

    def call(self, op: str, secs: float = DEADLINE_SECS, **args):
        """See Session.call."""
        run = getattr(self, f"_op_{op}", None)
        if run is None:
            raise NotImplementedError(f"profanity has no {op}")
        return run(**args)

    def _op_connect(self, user: str, password: str, **_: object) -> dict:
        received, sent = len(self._received), len(self._sent)
        tls = "force" if self.mode == "starttls" else "legacy"
        host = self.target.domain
        self._type(f"/connect {user}@{self.target.domain} server {host} port {self._proxy.port} tls {tls}")
        self._see("Enter password:", "password prompt")
        self._type(password)
        outcome = self._await(self._received, received, lambda e: e.find(f"{{{ns.BIND}}}bind/{{{ns.BIND}}}jid") is not None
                              or e.tag == f"{{{ns.SASL}}}failure", "bound address")
        if outcome.tag.endswith("failure"):
            self._see("Login failed", "refusal")
            raise ClientError(outcome[0].tag.split("}")[1])
        self._await(self._received, received, lambda e: e.get("id") == "roster", "roster")
        # It refuses to block, ping or read the archive before it has seen what the server can do.
        self._await(self._received, received, lambda e: e.get("from") == self.target.domain
                    and e.find(f"{{{ns.DISCO_INFO}}}query") is not None, "features of the server")
        self._await(self._sent, sent, lambda e: e.find(f"{{{ns.CARBONS}}}enable") is not None, "carbons request")
        auth = self._await(self._sent, sent, lambda e: e.tag == f"{{{ns.SASL}}}auth", "mechanism")
        return {"jid": outcome.findtext(f".//{{{ns.BIND}}}jid"), "mechanism": auth.get("mechanism")}

    def _op_register(self, user: str, password: str, **_: object) -> None:
        tls = "force" if self.mode == "starttls" else "legacy"
        received = len(self._received)
        self._type(f"/register {user} {self.target.domain} port {self._proxy.port} tls {tls}")
        self._see("Enter password:", "password prompt")
        self._type(password)
        self._see("Confirm password:", "second prompt")
        self._type(password)
        answer = self._await(self._received, received, lambda e: e.tag == "iq" and e.get("type") in ("result", "error")
                             and e.find(f"{{{ns.REGISTER}}}query/{{{ns.REGISTER}}}username") is None, "outcome")
        if answer.get("type") == "error":
            raise ClientError(answer.find("error")[0].tag.split("}")[1])

    def _op_message(self, to: str, body: str) -> None:
        sent = len(self._sent)
        self._type(f"/msg {to} {body}")
        self._await(self._sent, sent, lambda e: e.findtext("body") == body, "message on its way")

    def _op_presence(self, to: str, type: str) -> None:
        sent = len(self._sent)
        self._type(f"/sub {dict(subscribe='request', subscribed='allow', unsubscribed='deny')[type]} {to}")
        self._await(self._sent, sent, lambda e: e.tag == "presence" and e.get("type") == type, type)

    def _op_roster(self) -> list[dict]:
        return [item for item in self._roster.values() if item["subscription"] != "remove"]

    def _op_remove(self, jid: str) -> None:
        self._ask(f"/roster remove {jid}", f"{{{ns.ROSTER}}}query")

    def _op_ping(self, jid: str) -> None:
        # With an address it first looks that up among the capabilities it knows; without, it pings its server.
        self._ask("/ping" if jid == self.target.domain else f"/ping {jid}", f"{{{ns.PING}}}ping")

    def _op_version(self, jid: str) -> dict:
        answer = self._ask(f"/serversoftware {jid}", f"{{{ns.VERSION}}}query")
        name, version = (answer.findtext(f".//{{{ns.VERSION}}}{part}") for part in ("name", "version"))
        self._see_console(f"Version : {version}", "version")
        return {"name": name, "version": version}

    def _op_disco_info(self, jid: str) -> dict:
        answer = self._ask(f"/disco info {jid}", f"{{{ns.DISCO_INFO}}}query")
        return {"identities": [f"{i.get('category')}/{i.get('type')}" for i in answer.iter(f"{{{ns.DISCO_INFO}}}identity")],
                "features": sorted(f.get("var", "") for f in answer.iter(f"{{{ns.DISCO_INFO}}}feature"))}

    def _op_disco_items(self, jid: str) -> list[str]:
        answer = self._ask(f"/disco items {jid}", f"{{{ns.DISCO_ITEMS}}}query")
        return [i.get("jid", "") for i in answer.iter(f"{{{ns.DISCO_ITEMS}}}item")]

    def _op_block(self, jid: str) -> None:
        self._ask(f"/blocked add {jid}", f"{{{ns.BLOCKING}}}block")

    def _op_unblock(self, jid: str) -> None:
        self._ask(f"/blocked remove {jid}", f"{{{ns.BLOCKING}}}unblock")

    def _op_change_password(self, password: str) -> None:
        received = len(self._received)
        self._type("/changepassword")
        self._see("Enter", "password prompt")
        self._type(password)
        self._see("Confirm password:", "second prompt")
        self._type(password)
        self._await(self._received, received, lambda e: e.tag == "iq" and e.get("type") == "result", "answer")
        self._see_console("Password successfully changed", "success")

    def _op_open(self, jid: str) -> None:
        """Opens the chat window of a peer, which fetches its history from the archive."""
        self._type(f"/msg {jid}")

    def _op_see(self, text: str) -> None:
        self._see(text, "text")

    def _see_console(self, text: str, what: str) -> None:
        self._type("/win 1")
        self._see(text, what)

    def _op_cut(self) -> None:
        self._proxy.cut()

    def _op_reconnect(self, **_: object) -> None:
        """It comes back by itself."""

    def _op_disconnect(self) -> None:
        self._type("/disconnect")
        self._see_console("logged out", "farewell")

    def log(self) -> str:
        """See Session.log."""
        return f"its log ends: {self._logfile.read_text(errors='replace')[-900:]}"

    def stop(self) -> None:
        """See Session.stop."""
        self._type("/quit")
        with contextlib.suppress(TimeoutError):
            _until(lambda: not self._tmux("list-sessions"), "end", 3)
        self._ended = True
        self._server.terminate()
        self._server.wait(5)
        self._proxy.stop()
        shutil.rmtree(self._dir, ignore_errors=True)


def _until(ready: Callable[[], object], what: str, secs: float = DEADLINE_SECS) -> None:
    """Asks again until it is so: neither a terminal nor tmux tells anybody that something has changed."""
    end = time.monotonic() + secs
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError(f"profanity: no {what} within {secs} s")
        time.sleep(0.03)
