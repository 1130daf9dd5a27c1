"""All clients at once, each as somebody of its own: befriend, chat, ping, see each other leave."""

from ..report import expect, expect_equal
from ..session import Session
from ..world import World, pairs
from .roster import befriend

WORDS = "你好，鹊桥 😀🪿👩‍👩‍👧 «<b>&amp;» \"'"


def together(world: World) -> None:
    """Every ordered pair of clients."""
    with world.everyone("m") as sessions:
        for asker, other in pairs(sessions):
            world.report.check(f"roster {asker.kind} subscribes to {other.kind}", lambda a=asker, o=other: befriend(a, o))
        for sender, receiver in pairs(sessions):
            world.report.check(f"chat {sender.kind} to {receiver.kind}", lambda s=sender, r=receiver: _chat(world, s, r))
        for pinger, pinged in pairs(sessions):
            if "ping_client" not in _lacks(world, pinger):
                world.report.check(f"ping {pinger.kind} to {pinged.kind}", lambda p=pinger, q=pinged: p.call("ping", jid=q.jid) or "")
        for leaver in list(sessions.values())[:2]:
            world.report.check(f"presence {leaver.kind} leaves, all others see it", lambda x=leaver: _leave(sessions, x))


def _lacks(world: World, session: Session) -> frozenset[str]:
    return next(kind.lacks for kind in world.kinds if kind.name == session.kind)


def _chat(world: World, sender: Session, receiver: Session) -> None:
    body = f"{WORDS} {sender.kind}→{receiver.kind}"
    mark = receiver.mark()
    sender.say(receiver.bare, body)
    message = receiver.wait_message(body, mark)
    expect_equal(message["from"], sender.jid, "sender")
    expect_equal(message["type"], "chat", "type")
    expect(not message["delay"], f"a live message is stamped as delayed: {message}")
    expect_equal(receiver.count_messages(body, mark), 1, "copies")
    if receiver.kind == "profanity":
        receiver.call("open", jid=sender.bare)
        receiver.call("see", text="你好，鹊桥")


def _leave(sessions: dict[str, Session], leaver: Session) -> None:
    if not all(kind in sessions for kind in ("slixmpp", "nbxmpp")):
        return
    others = [s for s in sessions.values() if s is not leaver and s.jid]
    marks = [other.mark() for other in others]
    leaver.call("disconnect")
    for other, mark in zip(others, marks, strict=True):
        other.wait_presence(leaver.bare, "unavailable", mark)
    del sessions[leaver.kind]
