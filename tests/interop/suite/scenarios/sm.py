"""Stream management to the letter (XEP-0198), by a client that counts every stanza itself."""

from .. import ns
from ..raw import Raw, StreamClosed, body_of
from ..report import expect, expect_equal
from ..world import World

ENABLE = f"<enable xmlns='{ns.SM}' resume='true'/>"


def run(world: World) -> None:
    """Each case has an account of its own."""
    cases = [
        ("the feature is offered after authentication, not before", _offered),
        ("enable before bind fails", _before_bind),
        ("enable twice fails", _twice),
        ("stanzas are counted from enable on", _counted),
        ("a cut stream resumes and gets what came meanwhile", _resumes),
        ("what was not acknowledged comes again, once each", _replayed),
        ("what the client sent is not sent twice", _not_twice),
        ("a stream can be resumed twice", _again),
        ("an unknown previd is item-not-found, and bind still works", _unknown),
        ("nobody resumes another's stream", _stolen),
        ("resuming ends the connection that still hangs", _hanging),
        ("a count beyond what was sent ends the stream", _too_high),
        ("a closed stream cannot be resumed", _closed),
    ]
    with world.raw(world.account("smpeer")).online() as peer:
        for number, (name, case) in enumerate(cases):
            world.report.check(f"sm raw: {name}", lambda c=case, n=number: c(world, world.account(f"sm{n}"), peer))


def _enabled(world: World, user: str) -> tuple[Raw, str]:
    stream = world.raw(user)
    stream.send(ENABLE)
    enabled = stream.expect(f"{{{ns.SM}}}enabled")
    expect(enabled.get("resume") in ("true", "1") and enabled.get("id"), f"not resumable: {enabled.attrib}")
    stream.send("<presence/>")
    stream.wait(lambda e: e.tag.endswith("}presence"), "own presence")
    return stream, enabled.get("id") or ""


def _resume(world: World, user: str, previd: str, h: int) -> Raw:
    stream = world.raw(user, "")
    stream.send(f"<resume xmlns='{ns.SM}' h='{h}' previd='{previd}'/>")
    return stream


def _stanzas(stream: Raw, since: int = 0) -> int:
    names = [f"{{{ns.CLIENT}}}{name}" for name in ("message", "presence", "iq")]
    return sum(1 for e in stream.seen[since:] if e.tag in names)


def _counted_since_enable(stream: Raw) -> int:
    enabled = next(i for i, e in enumerate(stream.seen) if e.tag == f"{{{ns.SM}}}enabled")
    return _stanzas(stream, enabled)


def _offered(world: World, user: str, _peer: Raw) -> None:
    with Raw(world.target) as stream:
        expect(stream.features.find(f"{{{ns.SM}}}sm") is None, "offered before authentication")
        stream.login(user, world.password, "")
        expect(stream.features.find(f"{{{ns.SM}}}sm") is not None, "not offered after authentication")


def _before_bind(world: World, user: str, _peer: Raw) -> None:
    with world.raw(user, "") as stream:
        stream.send(ENABLE)
        failed = stream.expect(f"{{{ns.SM}}}failed")
        expect_equal([c.tag for c in failed if c.tag.startswith(f"{{{ns.STANZAS}}}") and not c.tag.endswith("}text")],
                     [f"{{{ns.STANZAS}}}unexpected-request"], "condition")


def _twice(world: World, user: str, _peer: Raw) -> None:
    stream, _ = _enabled(world, user)
    with stream:
        stream.send(ENABLE)
        stream.expect(f"{{{ns.SM}}}failed")


def _counted(world: World, user: str, peer: Raw) -> None:
    with world.raw(user) as stream:
        stream.ping()
        messages = "".join(f"<message to='{peer.jid}' type='chat'><body>数 {n}</body></message>" for n in range(3))
        stream.send(f"{ENABLE}{messages}<r xmlns='{ns.SM}'/>")  # all at once: the count starts at enable, not at its answer
        expect_equal(stream.expect(f"{{{ns.SM}}}a").get("h"), "3", "h")
        peer.receive("数 2")


def _resumes(world: World, user: str, peer: Raw) -> None:
    stream, previd = _enabled(world, user)
    handled, address = _counted_since_enable(stream), stream.jid
    stream.cut()
    for n in range(3):
        peer.message(address, f"离线 {n}")
    peer.ping()
    with _resume(world, user, previd, handled) as again:
        resumed = again.expect(f"{{{ns.SM}}}resumed")
        expect_equal((resumed.get("previd"), resumed.get("h")), (previd, "1"), "previd and h")
        _exactly(again, [f"离线 {n}" for n in range(3)])
        peer.message(address, "还在")
        again.receive("还在")


def _exactly(stream: Raw, bodies: list[str]) -> None:
    """These messages come, in this order, and before the answer to a ping nothing else with a body does."""
    for body in bodies:
        stream.receive(body)
    stream.ping()
    expect_equal([body_of(e) for e in stream.seen if body_of(e)], bodies, "messages")


def _replayed(world: World, user: str, peer: Raw) -> None:
    stream, previd = _enabled(world, user)
    handled, address = _counted_since_enable(stream), stream.jid
    for n in range(3):
        peer.message(address, f"重发 {n}")
        stream.receive(f"重发 {n}")
    stream.cut()
    with _resume(world, user, previd, handled + 1) as again:  # only the first of the three was handled
        again.expect(f"{{{ns.SM}}}resumed")
        _exactly(again, ["重发 1", "重发 2"])


def _not_twice(world: World, user: str, peer: Raw) -> None:
    stream, previd = _enabled(world, user)
    handled = _counted_since_enable(stream)
    stream.message(peer.jid, "只说一次")
    peer.receive("只说一次")
    stream.cut()
    with _resume(world, user, previd, handled) as again:
        expect_equal(again.expect(f"{{{ns.SM}}}resumed").get("h"), "2", "h")  # presence and message
        again.message(peer.jid, "之后")
        peer.silent(lambda e: body_of(e) == "只说一次", lambda e: body_of(e) == "之后")
        again.send(f"<r xmlns='{ns.SM}'/>")
        expect_equal(again.expect(f"{{{ns.SM}}}a").get("h"), "3", "h goes on")


def _again(world: World, user: str, peer: Raw) -> None:
    stream, previd = _enabled(world, user)
    handled, address = _counted_since_enable(stream), stream.jid
    stream.cut()
    for n in range(3):
        peer.message(address, f"第 {n} 次")
        peer.ping()
        again = _resume(world, user, previd, handled)
        previd = again.expect(f"{{{ns.SM}}}resumed").get("previd") or previd
        again.receive(f"第 {n} 次")
        handled += 1
        again.cut()


def _unknown(world: World, user: str, _peer: Raw) -> None:
    with _resume(world, user, "no-such-stream", 0) as stream:
        failed = stream.expect(f"{{{ns.SM}}}failed")
        expect(failed.find(f"{{{ns.STANZAS}}}item-not-found") is not None, f"condition: {[c.tag for c in failed]}")
        stream.bind(user, "fresh")
        stream.online()


def _stolen(world: World, user: str, _peer: Raw) -> None:
    stream, previd = _enabled(world, user)
    with stream, _resume(world, world.account("thief"), previd, 0) as thief:
        thief.expect(f"{{{ns.SM}}}failed")
        stream.ping()


def _hanging(world: World, user: str, peer: Raw) -> None:
    stream, previd = _enabled(world, user)
    handled, address = _counted_since_enable(stream), stream.jid
    with _resume(world, user, previd, handled) as again:
        again.expect(f"{{{ns.SM}}}resumed")
        try:
            stream.wait(lambda _: False, "end of the old connection")
        except StreamClosed:
            pass
        peer.message(address, "新的连接")
        again.receive("新的连接")


def _too_high(world: World, user: str, _peer: Raw) -> None:
    stream, _ = _enabled(world, user)
    stream.send(f"<a xmlns='{ns.SM}' h='4711'/>")
    try:
        stream.wait(lambda _: False, "end of the stream")
    except StreamClosed as closed:
        expect("undefined-condition" in str(closed) or "policy-violation" in str(closed), f"ended with {closed}")


def _closed(world: World, user: str, _peer: Raw) -> None:
    stream, previd = _enabled(world, user)
    stream.send("</stream:stream>")
    try:
        stream.wait(lambda _: False, "end of the stream")
    except StreamClosed:
        stream.cut()
    with _resume(world, user, previd, 0) as again:
        again.expect(f"{{{ns.SM}}}failed")
