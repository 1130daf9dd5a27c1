"""Messages to somebody who is away wait, in order and with the time they were sent (XEP-0160, XEP-0203)."""

from ..kinds import Kind
from ..raw import Raw
from ..report import expect, expect_equal
from ..world import World


def run(world: World) -> None:
    """Each client in turn is away while three messages are sent to it."""
    with world.raw(world.account("osender")).online() as sender:
        # Not xmppjs: it logs in by Bind 2, where what waited is not sent but read from the archive (XEP-0386).
        for kind in (k for k in world.kinds if k.name != "xmppjs"):
            world.report.check(f"offline {kind.name} gets what it missed", lambda k=kind: _missed(world, k, sender))


def _missed(world: World, kind: Kind, sender: Raw) -> None:
    user = world.account("o" + kind.name)
    bodies = [f"{n} 你不在的时候 🌙" for n in ("一", "二", "三")]
    for body in bodies:
        sender.message(f"{user}@{world.target.domain}", body)
    sender.ping()
    with world.start(kind) as session:
        session.connect(user, world.password)
        for body in bodies:
            message = session.wait_message(body)
            expect(message["delay"], f"no delay on {message}")
            expect_equal(message["from"], sender.jid, "sender")
        seen = [e["body"] for e in session.events if e["event"] == "message" and e["body"] in bodies]
        expect_equal(seen, bodies, "order and number")
        session.call("ping", jid=world.target.domain)  # leaves time to acknowledge: what was not may come again
    with world.start(kind) as session:
        session.connect(user, world.password)
        session.say(sender.jid, f"{kind.name} 回来了")
        sender.receive(f"{kind.name} 回来了")
        expect_equal(session.count_messages(bodies[0]), 0, "copies at the second login")
