"""Every client by every way in: with the best mechanism it shares with the server, and refused with a wrong password."""

from ..kinds import Kind, best
from ..raw import Raw
from ..report import expect_equal
from ..session import ClientError
from ..world import World


def run(world: World) -> None:
    """Registers one account and logs in with each client and transport."""
    offered = world.report.check("raw: mechanisms are offered after TLS", lambda: _offered(world))
    if not offered:
        return
    user = world.account("login")
    for kind in world.kinds:
        for mode in kind.modes:
            world.report.check(f"login {kind.name} by {mode}", lambda k=kind, m=mode: _login(world, k, m, user, offered.split()))
        world.report.check(f"login {kind.name}: wrong password is not-authorized", lambda k=kind: _refused(world, k, user))


def _offered(world: World) -> str:
    with Raw(world.target) as stream:
        return " ".join(stream.mechanisms())


def _login(world: World, kind: Kind, mode: str, user: str, offered: list[str]) -> str:
    if mode == "ws":  # there is no channel to bind to where TLS ends in another layer
        offered = [m for m in offered if not m.endswith("-PLUS")]
    with world.start(kind, mode) as session:
        session.connect(user, world.password)
        expect_equal(session.mechanism, best(kind, offered), "mechanism")
        expect_equal(session.bare, f"{user}@{world.target.domain}", "bound address")
        return session.mechanism


def _refused(world: World, kind: Kind, user: str) -> None:
    with world.start(kind) as session:
        try:
            session.connect(user, world.password + "!")
        except ClientError as error:
            expect_equal(str(error), "not-authorized", "condition")
            return
        raise AssertionError("logged in with a wrong password")
