"""Each library loses its TCP connection and takes its session up again (XEP-0198)."""

from ..kinds import Kind
from ..raw import Raw
from ..report import expect_equal
from ..world import World


def run(world: World) -> None:
    """Each client is cut off while a message is on its way to it."""
    with world.raw(world.account("rpeer")).online() as peer:
        for kind in world.kinds:
            world.report.check(f"resume {kind.name} after a cut", lambda k=kind: _cut(world, k, peer))


def _cut(world: World, kind: Kind, peer: Raw) -> None:
    user = world.account("r" + kind.name)
    with world.start(kind) as session:
        session.connect(user, world.password)
        peer.message(session.jid, "断线之前")
        session.wait_message("断线之前")
        mark = session.mark()
        session.call("cut")
        peer.message(session.jid, "断线之中")
        peer.ping()
        session.call("reconnect", 20)
        session.wait_event(lambda e: e["event"] == "resumed", "resumption", mark)
        session.wait_message("断线之中", mark)
        peer.message(session.jid, "断线之后")
        session.wait_message("断线之后", mark)
        if not kind.undercounts:
            for body in ("断线之前", "断线之中", "断线之后"):
                expect_equal(session.count_messages(body), 1, f"copies of {body}")
        session.say(peer.jid, f"{kind.name} 回来了")
        peer.receive(f"{kind.name} 回来了")
