"""Ask for and approve a subscription; both rosters tell the same story and presence flows."""

import time
from collections.abc import Callable

from ..session import DEADLINE_SECS, Session


def befriend(asker: Session, other: Session) -> None:
    """`asker` subscribes to `other`, who approves."""
    at_other, at_asker = other.mark(), asker.mark()
    asker.call("presence", to=other.bare, type="subscribe")
    other.wait_presence(asker.bare, "subscribe", at_other)
    other.call("presence", to=asker.bare, type="subscribed")
    asker.wait_presence(other.bare, "subscribed", at_asker)
    asker.wait_presence(other.bare, "available", at_asker)
    until(asker, other.bare, lambda item: item["subscription"] in ("to", "both") and not item["ask"])
    until(other, asker.bare, lambda item: item["subscription"] in ("from", "both"))


def until(session: Session, peer: str, wanted: Callable[[dict], bool]) -> None:
    """Asks for the roster until the peer's item is as wanted; each round is an answer of the server, not a nap."""
    end = time.monotonic() + DEADLINE_SECS
    while True:
        items = [item for item in session.call("roster") if item["jid"] == peer]
        if items and wanted(items[0]):
            return
        if time.monotonic() > end:
            raise TimeoutError(f"{session.kind}: roster item of {peer} stays {items}")
        time.sleep(0.02)
