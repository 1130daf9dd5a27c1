"""Drives slixmpp (asyncio) for the interop suite."""

import asyncio
import contextlib
import logging
import sys

import lines
import slixmpp
from slixmpp.exceptions import IqError, IqTimeout
from slixmpp.xmlstream.handler import Callback
from slixmpp.xmlstream.matcher import StanzaPath

PLUGINS = (30, 59, 77, 92, 191, 198, 199, 203, 280, 313, 359)
PRESENCES = ("available", "unavailable", "subscribe", "subscribed", "unsubscribe", "unsubscribed")


class Session(slixmpp.ClientXMPP):
    """One account's connection; reports what comes in."""

    def __init__(self, args: dict) -> None:
        jid = f"{args['user']}@{args['domain']}" + (f"/{args['resource']}" if args.get("resource") else "")
        super().__init__(jid, args["password"])
        self.args = args
        self.enable_plaintext = False
        self.enable_direct_tls = args["mode"] == "tls"
        self.enable_starttls = args["mode"] == "starttls"
        self.ca_certs = args["cert"]
        for number in PLUGINS:
            self.register_plugin(f"xep_{number:04}")
        self.plugin["xep_0199"].enable_keepalive = False
        self.plugin["xep_0077"].create_account = bool(args.get("create"))
        self.plugin["xep_0198"].window = 1
        self.add_event_handler("message", lambda m: report(m))
        self.add_event_handler("carbon_received", lambda m: report(m["carbon_received"], "received"))
        self.add_event_handler("carbon_sent", lambda m: report(m["carbon_sent"], "sent"))
        self.add_event_handler("session_resumed", lambda _: lines.event("resumed"))
        self.add_event_handler("disconnected", lambda _: lines.event("disconnected"))
        self.register_handler(Callback("any presence", StanzaPath("presence"), presence))
        self.auto_authorize = self.auto_subscribe = None

    async def start(self) -> dict:
        """Connects, logs in, goes online; returns the bound address and the mechanism."""
        await self.settle("session_start")
        await self.get_roster()
        self.send_presence()
        with contextlib.suppress(IqError):  # a server without carbons fails the checks on carbons, not every login
            await self.plugin["xep_0280"].enable()
        return {"jid": str(self.boundjid), "mechanism": self.plugin["feature_mechanisms"].mech.name}

    async def settle(self, wanted: str) -> None:
        """Connects and waits for the event, or for what stands in its way."""
        done = asyncio.get_running_loop().create_future()

        def finish(error: str | None) -> None:
            if not done.done():
                done.set_exception(RuntimeError(error)) if error else done.set_result(None)

        refused = []
        self.add_event_handler("failed_auth", lambda s: refused.append(s["condition"]))
        self.add_event_handler(wanted, lambda _: finish(None))
        self.add_event_handler("failed_all_auth", lambda _: finish(refused[0] if refused else "no mechanism"))
        self.add_event_handler("disconnected", lambda reason: finish(refused[0] if refused else f"disconnected {reason}"))
        self.connect(self.args["host"], self.args["port"])
        await asyncio.wait_for(done, 20)


def report(message, carbon: str | None = None) -> None:
    """Tells the suite of a message."""
    if message["mam_result"]["id"]:
        return
    delay = message.get_plugin("delay", check=True)
    sid = message.get_plugin("stanza_id", check=True)
    error = message["error"]["condition"] if message["type"] == "error" else None
    lines.event(
        "message", **{"from": str(message["from"])}, to=str(message["to"]), body=message["body"], id=message["id"],
        type=message["type"], carbon=carbon, delay=str(delay["stamp"]) if delay is not None else None,
        stanza_id=sid["id"] if sid is not None else None, error=error,
    )


def presence(stanza) -> None:
    """Tells the suite of presence."""
    kind = stanza.xml.get("type", "available")
    lines.event("presence", **{"from": str(stanza["from"])}, type=kind)


async def register(args: dict) -> None:
    """Creates an account on a connection of its own and logs in with it."""
    session = Session({**args, "resource": "", "create": True})

    async def create(_form) -> None:
        iq = session.Iq()
        iq["type"] = "set"
        iq["register"]["username"] = args["user"]
        iq["register"]["password"] = args["password"]
        await iq.send()

    session.add_event_handler("register", create)
    await session.settle("session_start")
    await session.disconnect()


async def archive(session: Session, args: dict) -> dict:
    """One page of the own archive."""
    rsm = {key: args[key] for key in ("max", "before", "after") if args.get(key)}
    mam = session.plugin["xep_0313"]
    if args.get("before") == "":  # the last page: only the iterator can ask for it
        pages = mam.retrieve(with_jid=args.get("with"), rsm=rsm, iterator=True, reverse=True)
        iq = await anext(pages)
    else:
        iq = await mam.retrieve(with_jid=args.get("with"), rsm=rsm)
    items = []
    for entry in iq["mam"]["results"]:
        forwarded = entry["mam_result"]["forwarded"]
        items.append({"id": entry["mam_result"]["id"], "body": forwarded["stanza"]["body"],
                      "from": str(forwarded["stanza"]["from"]), "stamp": str(forwarded["delay"]["stamp"])})
    fin = iq["mam_fin"]
    return {"items": items, "complete": str(fin["complete"]).lower() == "true",
            "first": fin["rsm"]["first"], "last": fin["rsm"]["last"], "count": fin["rsm"]["count"]}


async def act(session: Session, op: str, args: dict):
    """Runs one operation of a session."""
    jid = args.get("jid") or args.get("to")
    match op:
        case "message":
            message = session.make_message(jid, args["body"], mtype="chat")
            message.send()
        case "presence":
            session.send_presence(pto=jid, ptype=None if args["type"] == "available" else args["type"])
        case "roster":
            await session.get_roster()  # an empty answer where the version is still current: the items are the library's
            known = session.client_roster
            return [{"jid": jid, "subscription": known[jid]["subscription"],
                     "ask": "subscribe" if known[jid]["pending_out"] else ""} for jid in known]
        case "remove":
            await session.del_roster_item(jid)
        case "ping":
            await session.plugin["xep_0199"].send_ping(jid, timeout=10)
        case "version":
            iq = await session.plugin["xep_0092"].get_version(jid)
            return {"name": iq["software_version"]["name"], "version": iq["software_version"]["version"]}
        case "disco_info":
            info = (await session.plugin["xep_0030"].get_info(jid))["disco_info"]
            return {"identities": [f"{i[0]}/{i[1]}" for i in info["identities"]], "features": sorted(info["features"])}
        case "disco_items":
            return [i[0] for i in (await session.plugin["xep_0030"].get_items(jid))["disco_items"]["items"]]
        case "block":
            await session.plugin["xep_0191"].block(jid)
        case "unblock":
            await session.plugin["xep_0191"].unblock(jid)
        case "blocklist":
            return sorted(str(j) for j in await session.plugin["xep_0191"].get_blocked_jids())
        case "archive":
            return await archive(session, args)
        case "change_password":
            await session.plugin["xep_0077"].change_password(args["password"], jid=session.boundjid.domain)
        case "unregister":
            await session.plugin["xep_0077"].cancel_registration()
        case "cut":
            session.transport.abort()
        case "reconnect":
            session.password = args.get("password", session.password)
            session.connect(session.args["host"], session.args["port"])
        case _:
            raise RuntimeError(f"unknown operation {op}")
    return None


class Driver:
    """Reads requests and runs them one after another, as they come."""

    session: Session | None = None

    async def run(self) -> None:
        reader = asyncio.StreamReader(limit=1 << 20)
        loop = asyncio.get_running_loop()
        await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
        while line := await reader.readline():
            request = lines.read(line)
            if not await self.serve(request.pop("n"), request.pop("op"), request):
                return

    async def serve(self, number: int, op: str, args: dict) -> bool:
        """Answers one request; false ends the driver."""
        try:
            lines.answer(number, await self.do(op, args))
        except IqError as error:
            lines.refuse(number, error.condition)
        except IqTimeout:
            lines.refuse(number, "timeout")
        except Exception as error:  # whatever the library raised is the answer
            lines.refuse(number, error)
        return op != "quit"

    async def do(self, op: str, args: dict):
        match op:
            case "connect":
                self.session = Session(args)
                return await self.session.start()
            case "register":
                return await register(args)
            case "quit" | "disconnect":
                if self.session and self.session.is_connected():
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(self.session.disconnect(), 3)
                return None
        return await act(self.session, op, args)


if __name__ == "__main__":
    logging.basicConfig(level=logging.ERROR)
    asyncio.run(Driver().run())
