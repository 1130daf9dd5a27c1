"""One file per scenario; ALL is the order in which they run."""

from . import archive, blocking, carbons, chat, login, manners, offline, plus, register, resume, roster, sasl2, server, sm

#: Scenarios that bring their own sessions.
ALL = {
    "login": login.run,
    "manners": manners.run,
    "plus": plus.run,
    "sasl2": sasl2.run,
    "together": chat.together,
    "offline": offline.run,
    "archive": archive.run,
    "carbons": carbons.run,
    "sm": sm.run,
    "resume": resume.run,
    "blocking": blocking.run,
    "register": register.run,
    "server": server.run,
}

__all__ = ["ALL", "roster"]
