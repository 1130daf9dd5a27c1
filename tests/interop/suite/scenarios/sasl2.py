"""Where the server offers SASL2 (XEP-0388), the clients that know it use it: with Bind 2 (XEP-0386) and FAST (XEP-0484)."""

from .. import ns
from ..kinds import KINDS, Kind
from ..raw import Raw
from ..report import expect, expect_equal
from ..world import World

BIND2, FAST = "urn:xmpp:bind:0", "urn:xmpp:fast:0"

#: What goes over a WebSocket until a client that comes back has its session: its header, then one question and one answer.
ONE_ROUND_TRIP = [">open", "<open", "<stream:features", ">authenticate", "<success"]


def run(world: World) -> None:
    """nbxmpp authenticates by SASL2 and binds as ever; @xmpp/client does all in one go."""
    with Raw(world.target) as stream:
        offer = stream.features.find(f"{{{ns.SASL2}}}authentication")
    if offer is None:
        return
    inline = {child.tag for child in offer.iterfind(f"{{{ns.SASL2}}}inline/")}
    user = world.account("sasl2")
    for name in ("nbxmpp", "xmppjs"):
        for mode in KINDS[name].modes:
            world.report.check(f"sasl2 {name} by {mode}", lambda k=KINDS[name], m=mode: _profile(world, k, m, user, inline))
    if f"{{{FAST}}}fast" in inline:
        for mode in KINDS["xmppjs"].modes:
            world.report.check(f"sasl2 xmppjs by {mode}: FAST", lambda m=mode: _fast(world, KINDS["xmppjs"], m, user))


def _profile(world: World, kind: Kind, mode: str, user: str, inline: set[str]) -> None:
    with world.start(kind, mode) as session:
        session.connect(user, world.password)
        expect_equal(session.bound.get("profile"), "sasl2", "profile")
        if kind.name == "xmppjs" and f"{{{BIND2}}}bind" in inline:
            expect_equal(session.bound["binds"], 0, "bind requests beside Bind 2")
            expect(session.jid.count("/") == 1, f"no resource in {session.jid}")


def _fast(world: World, kind: Kind, mode: str, user: str) -> str:
    with world.start(kind, mode) as session:
        session.connect(user, world.password)
        session.call("disconnect")
        again = session.call("reconnect", 20, password="not the password: the token must do")
        expect_equal(again["mechanism"], "HT-SHA-256-NONE", "mechanism of the second login")
        if mode == "ws":
            # The features that follow a success may or may not be there before the library says that it is online.
            frames = again["frames"]
            expect_equal(frames[: frames.index("<success") + 1], ONE_ROUND_TRIP, "frames up to the session")
        return again["mechanism"]
