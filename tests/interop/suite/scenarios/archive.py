"""Page through the own archive both ways; the ids are those of live delivery and do not change (XEP-0313, XEP-0059)."""

from ..kinds import Kind
from ..raw import Raw
from ..report import expect, expect_equal
from ..session import Session
from ..world import World

TOTAL, PAGE = 12, 5


def run(world: World) -> None:
    """Each client gets twelve messages from a peer and reads them again."""
    with world.raw(world.account("apeer")).online() as peer:
        for kind in world.kinds:
            if "archive" in kind.lacks:
                world.report.check(f"archive {kind.name} shows history when a chat is opened", lambda k=kind: _shown(world, k, peer))
            else:
                _read(world, kind, peer)


def _read(world: World, kind: Kind, peer: Raw) -> None:
    user = world.account("a" + kind.name)
    with world.start(kind) as session:
        if not world.report.setup(f"archive {kind.name} logs in", lambda: session.connect(user, world.password)):
            return
        bodies = [f"{n} 存档 {kind.name}" for n in range(TOTAL)]
        live = world.report.check(f"archive {kind.name}: live messages carry their stanza-id", lambda: _live(session, peer, bodies))
        if not live:
            return
        check = world.report.check
        name = f"{peer.target.domain}"
        own = peer.jid.split("/")[0]
        check(f"archive {kind.name}: pages forward", lambda: _forward(session, own, live.split(), bodies))
        check(f"archive {kind.name}: pages backward", lambda: _backward(session, own, live.split(), bodies))
        check(f"archive {kind.name}: a peer never met has an empty archive", lambda: _empty(session, f"nobody@{name}"))
        check(f"archive {kind.name}: its own message is there too", lambda: _sent(session, peer))


def _live(session: Session, peer: Raw, bodies: list[str]) -> str:
    ids = []
    for body in bodies:
        peer.message(session.bare, body)
        ids.append(session.wait_message(body)["stanza_id"])
    expect(all(ids), f"no stanza-id by {session.bare} on some of {ids}")
    expect_equal(len(set(ids)), TOTAL, "different ids")
    return " ".join(ids)


def _forward(session: Session, peer: str, ids: list[str], bodies: list[str]) -> None:
    seen: list[dict] = []
    after = None
    for _ in range(TOTAL):
        page = session.call("archive", **{"with": peer}, max=PAGE, after=after)
        expect(len(page["items"]) <= PAGE, f"more than {PAGE} items: {len(page['items'])}")
        seen += page["items"]
        if page["complete"]:
            break
        expect_equal((page["first"], page["last"]), (page["items"][0]["id"], page["items"][-1]["id"]), "first and last")
        after = page["last"]
    expect_equal([i["id"] for i in seen], ids, "ids")
    expect_equal([i["body"] for i in seen], bodies, "bodies")


def _backward(session: Session, peer: str, ids: list[str], bodies: list[str]) -> None:
    seen: list[dict] = []
    before = ""
    for _ in range(TOTAL):
        page = session.call("archive", **{"with": peer}, max=PAGE, before=before)
        seen = page["items"] + seen
        if page["complete"] or not page["items"]:
            break
        before = page["first"]
    expect_equal([i["id"] for i in seen], ids, "ids")
    expect_equal([i["body"] for i in seen], bodies, "bodies")


def _empty(session: Session, peer: str) -> None:
    page = session.call("archive", **{"with": peer}, max=PAGE)
    expect_equal((page["items"], page["complete"]), ([], True), "page")


def _sent(session: Session, peer: Raw) -> None:
    body = f"我也说一句 {session.kind}"
    session.say(peer.jid, body)
    peer.receive(body)
    page = session.call("archive", max=1, before="")
    expect_equal([(i["body"], i["from"]) for i in page["items"]], [(body, session.jid)], "last message")


def _shown(world: World, kind: Kind, peer: Raw) -> None:
    user = world.account("a" + kind.name)
    with world.raw(user).online() as reader:  # somewhere else the messages have been read already
        for n in range(3):
            peer.message(reader.jid.split("/")[0], f"{n} 存档已读")
            reader.receive(f"{n} 存档已读")
    with world.start(kind) as session:
        session.connect(user, world.password)
        session.call("open", jid=peer.jid.split("/")[0])
        for n in range(3):
            session.call("see", text=f"{n} 存档已读")
