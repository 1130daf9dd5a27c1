"""What the server says of itself to each client: disco, ping, version; and of the account."""

from .. import ns
from ..report import expect, expect_equal
from ..session import Session
from ..world import World

SERVER_FEATURES = {ns.DISCO_INFO, ns.DISCO_ITEMS, ns.PING, ns.VERSION, ns.REGISTER, ns.BLOCKING, ns.CARBONS}


def run(world: World) -> None:
    """Each client asks."""
    domain = world.target.domain
    with world.everyone("s") as sessions:
        for session in sessions.values():
            check, kind = world.report.check, session.kind
            check(f"disco {kind}: info of the server", lambda s=session: _info(s, domain))
            check(f"disco {kind}: items of the server", lambda s=session: expect(isinstance(s.call("disco_items", jid=domain), list), "no list"))
            check(f"ping {kind}: the server", lambda s=session: s.call("ping", jid=domain))
            check(f"version {kind}: the server's", lambda s=session: _version(s, domain))
    world.report.check("disco raw: the account has identity, archive and pubsub", lambda: _account(world))
    world.report.check("raw: an unknown IQ to the server is service-unavailable", lambda: _unknown(world))


def _info(session: Session, domain: str) -> None:
    info = session.call("disco_info", jid=domain)
    expect("server/im" in info["identities"], f"no server/im among {info['identities']}")
    missing = SERVER_FEATURES - set(info["features"])
    expect(not missing, f"features missing: {sorted(missing)}")


def _version(session: Session, domain: str) -> str:
    version = session.call("version", jid=domain)
    expect(version["name"] and version["version"], f"empty: {version}")
    return f"{version['name']} {version['version']}"


def _account(world: World) -> None:
    with world.raw(world.account("disco")) as stream:
        answer = stream.iq("get", f"<query xmlns='{ns.DISCO_INFO}'/>", stream.jid.split("/")[0])
        identities = {f"{i.get('category')}/{i.get('type')}" for i in answer.iter(f"{{{ns.DISCO_INFO}}}identity")}
        features = {f.get("var") for f in answer.iter(f"{{{ns.DISCO_INFO}}}feature")}
        expect("account/registered" in identities, f"no account/registered among {identities}")
        expect({ns.MAM, ns.SID} <= features, f"{ns.MAM} or {ns.SID} missing in {features}")


def _unknown(world: World) -> None:
    with world.raw(world.account("unknown")) as stream:
        try:
            stream.iq("get", "<query xmlns='urn:example:none'/>", world.target.domain)
        except Exception as error:
            expect_equal(getattr(error, "condition", None), "service-unavailable", "condition")
            return
        raise AssertionError("answered")
