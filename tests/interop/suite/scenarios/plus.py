"""Channel binding (RFC 5802 §6, XEP-0440): the libraries at hand cannot do it on TLS 1.3, so the raw client does."""

from .. import ns, scram
from ..raw import Raw
from ..report import expect
from ..world import World

BINDINGS = "{urn:xmpp:sasl-cb:0}channel-binding"


def run(world: World) -> None:
    """Only where the server offers a -PLUS mechanism."""
    with Raw(world.target) as stream:
        plus = [m for m in stream.mechanisms() if m.endswith("-PLUS")]
        bindings = [b.get("type") for b in stream.features.iter(BINDINGS)]
    if not plus:
        return
    user = world.account("plus")
    world.report.check("plus raw: binding types are announced (XEP-0440)", lambda: expect(bindings, "none"))
    for mechanism in plus:
        for binding in bindings:
            world.report.check(f"plus raw: {mechanism} with {binding}", lambda m=mechanism, b=binding: _login(world, user, m, b))
    world.report.check("plus raw: another channel's data is refused", lambda: _refused(world, user, plus[0], bindings[0]))
    world.report.check("plus raw: flag y while -PLUS is offered is refused", lambda: _downgraded(world, user, plus[0]))


def _login(world: World, user: str, mechanism: str, binding: str) -> None:
    with Raw(world.target) as stream:
        data = stream.channel_binding(binding)
        scram.exchange(stream, mechanism, user, world.password, f"p={binding},,", data)
        stream.open()
        expect(stream.features.find(f"{{{ns.BIND}}}bind") is not None, "no bind after success")


def _refused(world: World, user: str, mechanism: str, binding: str) -> None:
    with Raw(world.target) as stream:
        _must_fail(stream, mechanism, user, world.password, f"p={binding},,", b"\0" * 32)


def _downgraded(world: World, user: str, mechanism: str) -> None:
    with Raw(world.target) as stream:
        _must_fail(stream, mechanism.removesuffix("-PLUS"), user, world.password, "y,,", b"")


def _must_fail(stream: Raw, mechanism: str, user: str, password: str, header: str, data: bytes) -> None:
    try:
        scram.exchange(stream, mechanism, user, password, header, data)
    except scram.AuthFailed:
        return
    raise AssertionError("authenticated")
