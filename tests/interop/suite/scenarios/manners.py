"""What clients take for granted around a login: goodbyes are answered, a failed try leaves room for another."""

import contextlib
from base64 import b64encode

from .. import ns, scram
from ..raw import Raw, StreamClosed, condition
from ..report import expect, expect_equal
from ..websocket import CLOSE, FRAMING, PING, PONG, TEXT, Bare
from ..world import World

ABORT_SECS = 1.0  # silence is an answer too; this is how long it takes to be sure of it

def run(world: World) -> None:
    """Raw streams only."""
    user = world.account("manners")
    check = world.report.check
    check("manners raw: a stream closed before login is closed in return", lambda: _closed(world, None))
    check("manners raw: a stream closed after login is closed in return", lambda: _closed(world, user))
    check("manners raw: after a failed try another may follow on the stream", lambda: _again(world, user))
    check("manners raw: <abort/> after a failure starts nothing", lambda: _abort(world, user))
    check("manners raw: the condition comes first in a failure", lambda: _condition_first(world, user))
    check("manners ws: the subprotocol is xmpp", lambda: _bare(world, _subprotocol))
    check("manners ws: <close/> before login is answered, then a close frame", lambda: _bare(world, _ws_closed))
    check("manners ws: <close/> after a failed login is answered, then a close frame", lambda: _bare(world, _ws_failed, user))
    check("manners ws: a ping frame gets its pong", lambda: _bare(world, _pong))


def _closed(world: World, user: str | None) -> None:
    stream = Raw(world.target)
    if user:
        stream.login(user, world.password)
    stream.send("</stream:stream>")
    try:
        stream.wait(lambda e: e.tag == "closed", "</stream:stream>")
    except StreamClosed as end:
        raise AssertionError(f"ended with {end}") from end
    finally:
        stream.cut()


def _again(world: World, user: str) -> None:
    with Raw(world.target) as stream:
        _fail(stream, user, world.password + "!")
        _succeed(stream, user, world.password)


def _abort(world: World, user: str) -> None:
    """nbxmpp sends <abort/> after every failure. The server may say nothing or, as to any abort, <aborted/>."""
    with Raw(world.target) as stream:
        _fail(stream, user, world.password + "!")
        before = len(stream.seen)
        stream.send(f"<abort xmlns='{ns.SASL}'/>")
        with contextlib.suppress(TimeoutError):
            stream.wait(lambda e: e.tag.startswith(f"{{{ns.SASL}}}"), "word on the abort", ABORT_SECS)
        answers = [condition(e) if e.tag.endswith("failure") else e.tag for e in stream.seen[before:]]
        expect(answers in ([], ["aborted"]), f"answered with {answers}")
        _succeed(stream, user, world.password)


def _fail(stream: Raw, user: str, password: str) -> None:
    try:
        scram.authenticate(stream, user, password)
    except scram.AuthFailed as failed:
        expect_equal(str(failed), "not-authorized", "condition")
        return
    raise AssertionError("logged in with a wrong password")


def _succeed(stream: Raw, user: str, password: str) -> None:
    scram.authenticate(stream, user, password)
    stream.open()
    stream.bind(user, None)


def _condition_first(world: World, user: str) -> None:
    with Raw(world.target) as stream:
        stream.send(f"<auth xmlns='{ns.SASL}' mechanism='PLAIN'>{b64encode(f'{chr(0)}{user}{chr(0)}wrong'.encode()).decode()}</auth>")
        failure = stream.expect(f"{{{ns.SASL}}}failure")
        expect(len(failure) and not failure[0].tag.endswith("}text"), f"children: {[c.tag for c in failure]}")


def _bare(world: World, case, *args: str) -> None:
    stream = Bare(world.target)
    try:
        case(world, stream, *args)
    finally:
        stream.close()


def _subprotocol(_world: World, stream: Bare) -> None:
    expect("101" in stream.head.split("\r\n")[0], stream.head)
    expect("sec-websocket-protocol: xmpp" in stream.head, stream.head)


def _goodbye(stream: Bare) -> None:
    stream.send(f"<close xmlns='{FRAMING}'/>")
    stream.expect(TEXT, "<close")
    stream.expect(CLOSE)


def _ws_closed(world: World, stream: Bare) -> None:
    stream.open(world.target.domain)
    _goodbye(stream)


def _ws_failed(world: World, stream: Bare, user: str) -> None:
    stream.open(world.target.domain)
    first = b64encode(f"n,,n={user},r=0123456789abcdef".encode()).decode()
    stream.send(f"<auth xmlns='{ns.SASL}' mechanism='SCRAM-SHA-1'>{first}</auth>")
    stream.expect(TEXT, "challenge")
    stream.send(f"<response xmlns='{ns.SASL}'>{b64encode(b'c=biws,r=x,p=eA==').decode()}</response>")
    stream.expect(TEXT, "failure")
    _goodbye(stream)


def _pong(world: World, stream: Bare) -> None:
    stream.open(world.target.domain)
    stream.send(b"Echo?", PING)
    expect_equal(stream.expect(PONG), "Echo?", "payload")

