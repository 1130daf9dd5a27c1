"""One line per check, and the sum that ends the run."""

import time
import traceback


class Skip(Exception):
    """The client has no such function; the check does not exist for it."""


class Report:
    """Counts checks and prints each as it ends."""

    def __init__(self, only: str = "") -> None:
        self.passed = 0
        self.failed: list[str] = []
        self._only = only

    def check(self, name: str, run) -> object | None:
        """Runs one check; returns what it returned, or None when it failed or was not wanted."""
        if self._only and self._only not in name:
            return None
        begun = time.monotonic()
        try:
            value = run()
        except Skip:
            return None
        except Exception as error:  # a check may fail in any way its client fails
            self.failed.append(name)
            print(f"FAIL  {name}: {_reason(error)}", flush=True)
            return None
        self.passed += 1
        shown = f" [{value}]" if isinstance(value, str) else ""
        print(f"ok    {name}{shown} ({time.monotonic() - begun:.2f} s)", flush=True)
        return value

    def setup(self, name: str, run) -> object | None:
        """Runs what several checks need; a line only when it fails."""
        try:
            return run()
        except Exception as error:  # as in check
            self.failed.append(name)
            print(f"FAIL  {name}: {_reason(error)}", flush=True)
            return None

    def finish(self) -> int:
        """Prints the failures again and the last line; returns the exit code."""
        for name in self.failed:
            print(f"failed: {name}")
        print(f"{self.passed} passed, {len(self.failed)} failed", flush=True)
        return 1 if self.failed or not self.passed else 0


def _reason(error: Exception) -> str:
    where = traceback.extract_tb(error.__traceback__)[-1]
    text = " ".join(str(error).split()) or where.line
    return f"{type(error).__name__}: {text[:600]} (at {where.filename.rsplit('/', 1)[-1]}:{where.lineno})"


def expect(condition: object, otherwise: str) -> None:
    """Fails the running check unless the condition holds."""
    if not condition:
        raise AssertionError(otherwise)


def expect_equal(seen: object, wanted: object, what: str) -> None:
    """Fails the running check unless both are equal, and says both."""
    if seen != wanted:
        raise AssertionError(f"{what}: wanted {wanted!r}, saw {seen!r}")
