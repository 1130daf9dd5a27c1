"""Block and unblock (XEP-0191): silence for the one, an error for the other, and every device is told."""

from .. import ns
from ..kinds import Kind
from ..raw import Raw, body_of, condition
from ..report import expect, expect_equal
from ..session import Session
from ..world import World


def run(world: World) -> None:
    """Each client blocks a talkative peer."""
    with world.raw(world.account("bpeer")).online() as peer:
        for kind in world.kinds:
            world.report.check(f"blocking {kind.name} blocks and unblocks", lambda k=kind: _block(world, k, peer))
    world.report.check("blocking raw: a message to a blocked address is refused", lambda: _outgoing(world))


def _block(world: World, kind: Kind, peer: Raw) -> None:
    user = world.account("b" + kind.name)
    address = peer.jid.split("/")[0]
    with world.start(kind) as session, world.raw(user, "second") as second:
        session.connect(user, world.password)
        second.iq("get", f"<blocklist xmlns='{ns.BLOCKING}'/>")
        second.online()
        session.call("block", jid=address)
        _pushed(second, "block", address)
        if "blocklist" not in kind.lacks:
            expect_equal(session.call("blocklist"), [address], "block list")
        id_ = peer.message(session.bare, "被屏蔽的话")
        error = peer.wait(lambda e: e.get("id") == id_ and e.get("type") == "error", "refusal")
        expect_equal(condition(error), "service-unavailable", "condition")
        session.call("unblock", jid=address)
        _pushed(second, "unblock", address)
        _heard(session, peer)


def _heard(session: Session, peer: Raw) -> None:
    peer.message(session.jid, "解除屏蔽之后")
    session.wait_message("解除屏蔽之后")
    expect_equal(session.count_messages("被屏蔽的话"), 0, "blocked messages that came through")


def _pushed(second: Raw, name: str, address: str) -> None:
    push = second.wait(lambda e: e.find(f"{{{ns.BLOCKING}}}{name}") is not None, f"{name} push")
    expect_equal(push.get("type"), "set", "type of the push")
    expect_equal([item.get("jid") for item in push[0]], [address], "pushed items")
    second.send(f"<iq type='result' id='{push.get('id')}'/>")


def _outgoing(world: World) -> None:
    user, other = world.account("bout"), world.account("bother")
    address = f"{other}@{world.target.domain}"
    with world.raw(user).online() as blocker, world.raw(other).online() as blocked:
        blocker.iq("set", f"<block xmlns='{ns.BLOCKING}'><item jid='{address}'/></block>")
        id_ = blocker.message(address, "说给屏蔽的人")
        error = blocker.wait(lambda e: e.get("id") == id_ and e.get("type") == "error", "refusal")
        expect_equal(condition(error), "not-acceptable", "condition")
        expect(error.find(f".//{{{ns.BLOCKING_ERRORS}}}blocked") is not None, "no <blocked/> in the error")
        blocked.message(blocked.jid, "mark")
        blocked.silent(lambda e: body_of(e) == "说给屏蔽的人", lambda e: body_of(e) == "mark")
