"""All clients as devices of one account: each sees what any other sends and receives (XEP-0280)."""

from ..raw import Raw
from ..report import expect_equal
from ..session import Session
from ..world import World, pairs


def run(world: World) -> None:
    """Every ordered pair of devices, both directions."""
    with world.raw(world.account("cpeer")).online() as peer, world.everyone("c", shared=True) as devices:
        for device, other in pairs(devices):
            check = world.report.check
            check(f"carbons {other.kind} sees what {device.kind} sends", lambda d=device, o=other: _sent(d, o, peer))
            check(f"carbons {other.kind} sees what {device.kind} receives", lambda d=device, o=other: _received(d, o, peer))
        if len(devices) > 1:
            world.report.check("carbons: none of a private message", lambda: _private(list(devices.values()), peer))


def _sent(device: Session, other: Session, peer: Raw) -> None:
    body = f"抄送：{device.kind} 说给 {other.kind} 听 📎"
    mark = other.mark()
    device.say(peer.jid, body)
    peer.receive(body)
    copy = other.wait_message(body, mark, carbon="sent")
    expect_equal((copy["from"], copy["to"]), (device.jid, peer.jid), "addresses")


def _received(device: Session, other: Session, peer: Raw) -> None:
    body = f"抄送：{device.kind} 收到，{other.kind} 也看见 📎"
    mark, own = other.mark(), device.mark()
    peer.message(device.jid, body)
    device.wait_message(body, own)
    copy = other.wait_message(body, mark, carbon="received")
    expect_equal((copy["from"], copy["to"]), (peer.jid, device.jid), "addresses")
    expect_equal(device.count_messages(body, own), 1, "copies at the receiver itself")


def _private(devices: list[Session], peer: Raw) -> None:
    device, other = devices[:2]
    mark, own = other.mark(), device.mark()
    private = "<private xmlns='urn:xmpp:carbons:2'/><no-copy xmlns='urn:xmpp:hints'/>"
    peer.message(device.jid, "悄悄话", private)
    device.wait_message("悄悄话", own)
    peer.message(device.jid, "悄悄话之后")
    other.wait_message("悄悄话之后", mark, carbon="received")
    expect_equal(other.count_messages("悄悄话", mark), 0, "copies of the private message")
