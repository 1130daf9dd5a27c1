"""Drives nbxmpp (Gajim's library, on GLib) for the interop suite."""

import logging
import sys
import threading
from collections.abc import Callable

import lines
from gi.repository import Gio, GLib
from nbxmpp.client import Client
from nbxmpp.const import ConnectionProtocol, ConnectionType, Mode
from nbxmpp.errors import StanzaError
from nbxmpp.namespaces import Namespace
from nbxmpp.protocol import JID, Iq, Message, Presence
from nbxmpp.structs import StanzaHandler

KINDS = {
    "starttls": (ConnectionProtocol.TCP, ConnectionType.START_TLS),
    "tls": (ConnectionProtocol.TCP, ConnectionType.DIRECT_TLS),
    "ws": (ConnectionProtocol.WEBSOCKET, ConnectionType.PLAIN),
}


class Session:
    """One account's connection; reports what comes in and calls back when the first attempt is decided."""

    def __init__(self, args: dict, decided: Callable[[object, str | None], None], mode: Mode = Mode.CLIENT) -> None:
        self.args = args
        self._decided: Callable[[object, str | None], None] | None = decided
        self._pages: dict[str, list[dict]] = {}
        protocol, kind = KINDS[args["mode"]]
        if args["ws"].startswith("wss:") and args["mode"] == "ws":
            kind = ConnectionType.DIRECT_TLS
        client = self.client = Client()
        client.set_domain(args["domain"])
        client.set_username(args["user"])
        client.set_password(args["password"])
        if args.get("resource"):
            client.set_resource(args["resource"])
        client.set_mode(mode)
        client.set_custom_host(args["ws"] if args["mode"] == "ws" else f"{args['host']}:{args['port']}", protocol, kind)
        client.set_accepted_certificates([Gio.TlsCertificate.new_from_file(args["cert"])])
        client.subscribe("connected", self._on_connected)
        client.subscribe("connection-failed", self._on_failed)
        client.subscribe("disconnected", self._on_failed)
        client.subscribe("resume-successful", self._on_resumed)
        client.register_handler(StanzaHandler(name="message", callback=self._on_message, priority=90))
        client.register_handler(StanzaHandler(name="presence", callback=self._on_presence, priority=90))
        client.connect()

    def _decide(self, value: object, error: str | None) -> None:
        decided, self._decided = self._decided, None
        if decided:
            decided(value, error)

    def _on_connected(self, client: Client, _signal: str) -> None:
        mechanism = client._sasl._mechanism.name if client._sasl._mechanism else ""
        profile = "sasl2" if mechanism and client._sasl.is_sasl2() else "sasl"
        self._decide({"jid": str(client.get_bound_jid()), "mechanism": mechanism, "profile": profile}, None)

    def _on_failed(self, client: Client, _signal: str) -> None:
        self._decide(None, str(client.get_error()[1]))
        lines.event("disconnected", reason=[str(part) for part in client.get_error()])

    def _on_resumed(self, _client: Client, _signal: str) -> None:
        lines.event("resumed")

    def _on_message(self, _client: Client, stanza: Message, properties) -> None:
        if properties.mam is not None:
            self._pages.setdefault(properties.mam.query_id, []).append(
                {"id": properties.mam.id, "body": properties.body, "from": str(properties.from_),
                 "stamp": str(properties.mam.timestamp)})
            return
        own = [s.id for s in properties.stanza_ids if s.by == str(self.client.get_bound_jid().bare)]
        lines.event(
            "message", **{"from": str(properties.from_)}, to=str(properties.to), body=properties.body or "",
            id=properties.id, type=properties.type.value, carbon=properties.carbon.type if properties.carbon else None,
            delay=str(properties.timestamp) if properties.has_server_delay else None,
            stanza_id=own[0] if own else None, error=stanza.getError() if properties.type.is_error else None,
        )

    def _on_presence(self, _client: Client, _stanza: Presence, properties) -> None:
        lines.event("presence", **{"from": str(properties.jid)}, type=properties.type.value or "available")

    def archive(self, number: int, args: dict) -> None:
        """One page of the own archive; backwards the library has no call, so the request is put together from its parts."""
        own = self.client.get_bound_jid().new_as_bare()
        query = f"q{number}"

        def done(first, last, count, complete) -> None:
            lines.answer(number, {"items": self._pages.pop(query, []), "complete": complete, "first": first,
                                  "last": last, "count": count})

        if args.get("before") is None:
            def finished(task) -> None:
                result = outcome(number, task)
                if result is not None:
                    done(result.rsm.first, result.rsm.last, result.rsm.count, result.complete)

            keep(finished)
            self.client.get_module("MAM").make_query(
                own, queryid=query, with_=args.get("with"), after=args.get("after"), max_=args["max"], callback=finished)
            return

        iq = Iq("set", queryNS=Namespace.MAM_2, to=own)
        iq.getQuery().setAttr("queryid", query)
        rsm = iq.getQuery().addChild("set", namespace=Namespace.RSM)
        rsm.setTagData("max", str(args["max"]))
        rsm.addChild("before", payload=[args["before"]] if args["before"] else [])

        def answered(_client: Client, answer: Iq) -> None:
            if answer.isError():
                lines.refuse(number, answer.getError())
                return
            fin = answer.getTag("fin", namespace=Namespace.MAM_2)
            page = fin.getTag("set", namespace=Namespace.RSM)
            done(page.getTagData("first"), page.getTagData("last"), page.getTagData("count"),
                 fin.getAttr("complete") == "true")

        self.client.send_stanza(iq, callback=answered)


_kept: list[Callable] = []


def keep(callback: Callable) -> None:
    """The library holds callbacks weakly; the driver must not lose them."""
    _kept.append(callback)


def ignore(_task) -> None:
    """The end of a request nobody waits for."""


def outcome(number: int, task):
    """The value of a finished task, or None after its error was passed on."""
    try:
        return task.finish()
    except StanzaError as error:
        lines.refuse(number, error.condition)
    except Exception as error:  # whatever the library raised is the answer
        lines.refuse(number, error)
    return None


class Driver:
    """Carries requests out in GLib's main loop."""

    session: Session | None = None

    def __init__(self) -> None:
        self.loop = GLib.MainLoop()
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        for line in sys.stdin:
            GLib.idle_add(self._serve, lines.read(line))
        GLib.idle_add(self.loop.quit)

    def _serve(self, request: dict) -> bool:
        number, op = request.pop("n"), request.pop("op")
        try:
            self.do(number, op, request)
        except Exception as error:  # whatever the library raised is the answer
            lines.refuse(number, error)
        return GLib.SOURCE_REMOVE

    def do(self, number: int, op: str, args: dict) -> None:
        """Starts one operation; its answer follows from a callback, or at once where none is to be waited for."""
        match op:
            case "connect":
                self.session = Session(args, lambda value, error: self._online(number, value, error))
            case "register":
                register(number, args)
            case "quit":
                if self.session:
                    self.session.client.disconnect()
                lines.answer(number)
                GLib.timeout_add(300, self.loop.quit)
            case "disconnect":
                self.session.client.disconnect()
                lines.answer(number)
            case _:
                self._session_op(number, op, args)

    def _online(self, number: int, value: object, error: str | None) -> None:
        if error:
            lines.refuse(number, error)
            return
        client = self.session.client
        client.get_module("Roster").request_roster(callback=ignore)
        client.send_stanza(Presence())
        iq = Iq("set")
        iq.addChild("enable", namespace=Namespace.CARBONS)
        # Refused or not: a server without carbons fails the checks on carbons, not every login.
        client.send_stanza(iq, callback=lambda _client, _answer: lines.answer(number, value))

    def _session_op(self, number: int, op: str, args: dict) -> None:
        client, jid = self.session.client, args.get("jid") or args.get("to")
        match op:
            case "message":
                client.send_stanza(Message(to=jid, body=args["body"], typ="chat"))
                lines.answer(number)
            case "presence":
                client.send_stanza(Presence(to=jid, typ=None if args["type"] == "available" else args["type"]))
                lines.answer(number)
            case "archive":
                self.session.archive(number, args)
            case "cut":
                client.disconnect(immediate=True)
                lines.answer(number)
            case "reconnect":
                client.set_password(args.get("password", client.password))
                client.connect()
                lines.answer(number)
            case _:
                self._task(number, op, jid, args)

    def _task(self, number: int, op: str, jid: str, args: dict) -> None:
        module = self.session.client.get_module
        calls = {
            "roster": lambda **k: module("Roster").request_roster(**k),
            "remove": lambda **k: module("Roster").delete_item(JID.from_string(jid), **k),
            "ping": lambda **k: module("Ping").ping(JID.from_string(jid), **k),
            "version": lambda **k: module("SoftwareVersion").request_software_version(JID.from_string(jid), **k),
            "disco_info": lambda **k: module("Discovery").disco_info(JID.from_string(jid), **k),
            "disco_items": lambda **k: module("Discovery").disco_items(JID.from_string(jid), **k),
            "block": lambda **k: module("Blocking").block([JID.from_string(jid)], **k),
            "unblock": lambda **k: module("Blocking").unblock([JID.from_string(jid)], **k),
            "blocklist": lambda **k: module("Blocking").request_blocking_list(**k),
            "change_password": lambda **k: module("Register").change_password(args["password"], **k),
            "unregister": lambda **k: module("Register").unregister(**k),
        }

        def finished(task) -> None:
            try:
                lines.answer(number, SHAPES.get(op, lambda _: None)(task.finish()))
            except StanzaError as error:
                lines.refuse(number, error.condition)
            except Exception as error:  # whatever the library raised is the answer
                lines.refuse(number, error)

        keep(finished)
        calls[op](callback=finished)


SHAPES: dict[str, Callable] = {
    "roster": lambda data: [
        {"jid": str(i.jid), "subscription": i.subscription, "ask": i.ask or ""} for i in data.items or []],
    "version": lambda info: {"name": info.name, "version": info.version},
    "disco_info": lambda info: {"identities": [f"{i.category}/{i.type}" for i in info.identities],
                                "features": sorted(info.features)},
    "disco_items": lambda items: [str(i.jid) for i in items.items],
    "blocklist": lambda blocked: sorted(str(jid) for jid in blocked),
}


def register(number: int, args: dict) -> None:
    """Creates an account on a connection of its own."""
    holder: list[Session] = []

    def connected(_value: object, error: str | None) -> None:
        if error:
            lines.refuse(number, error)
            return
        module = holder[0].client.get_module("Register")

        def submitted(task) -> None:
            if outcome(number, task) is not None:
                lines.answer(number)
            holder[0].client.disconnect()

        def offered(task) -> None:
            data = outcome(number, task)
            if data is None:
                return
            form = data.form or data.fields_form
            form["username"].value = args["user"]
            form["password"].value = args["password"]
            if data.form is not None:
                form.type_ = "submit"
            module.submit_register_form(form, callback=submitted)

        keep(submitted)
        keep(offered)
        module.request_register_form(callback=offered)

    holder.append(Session(args, connected, Mode.REGISTER))


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    Driver().loop.run()
