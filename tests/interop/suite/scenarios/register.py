"""In-band registration (XEP-0077): create, change the password, cancel, with each client's own means."""

from .. import ns, raw
from ..kinds import Kind
from ..raw import IqError, Raw
from ..report import expect, expect_equal
from ..session import ClientError
from ..world import World


def run(world: World) -> None:
    """One account's life per client, and the refusals."""
    for kind in world.kinds:
        for mode in kind.modes[:1] if "register" in kind.lacks else [m for m in kind.modes if m not in kind.no_register]:
            world.report.check(f"register {kind.name} by {mode}", lambda k=kind, m=mode: _life(world, k, m))
    world.report.check("register raw: the form asks for username and password", lambda: _form(world))
    world.report.check("register raw: a name that is taken is conflict", lambda: _conflict(world))
    world.report.check("register raw: no password is refused", lambda: _no_password(world))


def _life(world: World, kind: Kind, mode: str) -> None:
    user = world.address(f"g{kind.name}{mode}").split("@")[0]
    changed = "新的密码 2"
    if "register" in kind.lacks:
        raw.register(world.target, user, world.password)
    else:
        with world.start(kind, mode) as session:
            session.register(user, world.password)
    with world.start(kind, mode) as session:
        session.connect(user, world.password)
        session.call("change_password", password=changed)
    with world.start(kind, mode) as session:
        _fails(lambda: session.connect(user, world.password), "the old password")
    if "unregister" in kind.lacks:
        with world.start(kind, mode) as session:
            session.connect(user, changed)
        return
    with world.start(kind, mode) as session:
        session.connect(user, changed)
        session.call("unregister")
    with world.start(kind, mode) as session:
        _fails(lambda: session.connect(user, changed), "a cancelled account")


def _fails(login, what: str) -> None:
    try:
        login()
    except ClientError as error:
        expect_equal(str(error), "not-authorized", f"condition for {what}")
        return
    raise AssertionError(f"logged in with {what}")


def _form(world: World) -> None:
    with Raw(world.target) as stream:
        expect(stream.features.find("{http://jabber.org/features/iq-register}register") is not None, "no stream feature")
        answer = stream.iq("get", f"<query xmlns='{ns.REGISTER}'/>")
        for field in ("username", "password"):
            expect(answer.find(f"{{{ns.REGISTER}}}query/{{{ns.REGISTER}}}{field}") is not None, f"no <{field}/>")


def _conflict(world: World) -> None:
    user = world.account("taken")
    _refused(world, f"<username>{user}</username><password>x</password>", "conflict")


def _no_password(world: World) -> None:
    user = world.address("nopassword").split("@")[0]
    _refused(world, f"<username>{user}</username>", "not-acceptable", "bad-request")


def _refused(world: World, fields: str, *conditions: str) -> None:
    with Raw(world.target) as stream:
        try:
            stream.iq("set", f"<query xmlns='{ns.REGISTER}'>{fields}</query>", world.target.domain)
        except IqError as error:
            expect(error.condition in conditions, f"condition {error.condition}, wanted one of {conditions}")
            return
        raise AssertionError("accepted")
