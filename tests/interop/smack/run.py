"""Runs Smack's integration tests against a server on port 5222. The last line is `N passed, N failed`.

Smack gives up whole when a case throws what it did not expect. Then the class of that case counts as failed, and what
had not been started is run in a new process. Some cases depend on what ran before them, in an order that changes: the roster's
fail in every second run or so, on Prosody as on Magpie. So a class with a failed case gets a second try, alone; the lines
`again` and `at the second try` say so.
"""

import argparse
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
MAIN = "org.igniterealtime.smack.inttest.SmackIntegrationTestFramework"
CASE = re.compile(r"^(?:INFO|SEVERE): (\w+)\.(\w+) \(([^)]*)\) (Start|Success|Failed)")
PASSWORD = "changeit"  # of a store that holds nothing but a public certificate


@dataclass
class Outcome:
    """What one process of Smack did."""

    passed: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    started: set[str] = field(default_factory=set)  # classes
    aborted: str = ""


def groups(path: Path) -> list[list[str]]:
    """The classes that are not left out, by the process in which they run."""
    lines = [line.split() for line in path.read_text().splitlines() if line and not line.startswith("#")]
    alone = [[words[0]] for words in lines if words[1] == "alone"]
    return [[words[0] for words in lines if words[1] == "run"], *alone]


def trust_store(certificate: str, folder: Path) -> Path:
    """A Java trust store that holds the server's certificate alone."""
    store = folder / "trust.p12"
    subprocess.run(["keytool", "-importcert", "-noprompt", "-alias", "server", "-file", certificate, "-keystore", store,
                    "-storetype", "PKCS12", "-storepass", PASSWORD], check=True, capture_output=True)
    return store


def smack(options: argparse.Namespace, store: Path, wanted: list[str], log: Path, say: bool = True) -> Outcome:
    """Runs these classes in one process; `say`: a line for each case."""
    properties = {
        "javax.net.ssl.trustStore": store, "javax.net.ssl.trustStorePassword": PASSWORD,
        "sinttest.service": options.domain, "sinttest.host": options.host, "sinttest.securityMode": "required",
        "sinttest.accountRegistration": "inBandRegistration", "sinttest.replyTimeout": options.reply_timeout_ms,
        "sinttest.debugger": "none", "sinttest.enabledConnections": "tcp", "sinttest.enabledTests": ",".join(wanted),
    }
    command = ["java", *(f"-D{key}={value}" for key, value in properties.items()), "-cp", f"{options.lib}/*", MAIN]
    outcome = Outcome()
    current = ""
    with log.open("a") as written:
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=log.parent)
        for line in process.stdout or ():
            written.write(line)
            if found := CASE.match(line):
                current = _note(outcome, say, *found.groups())
            elif "runTests() threw" in line:
                outcome.aborted = current or "the start"
        process.wait()
    return outcome


def _note(outcome: Outcome, say: bool, name: str, method: str, kind: str, state: str) -> str:
    case = f"{name}.{method} ({kind})"
    outcome.started.add(name)
    if state == "Success":
        outcome.passed.append(case)
        if say:
            print(f"ok    smack {case}", flush=True)
    elif state == "Failed":
        outcome.failed.append(case)
        if say:
            print(f"again smack {case}", flush=True)
    return case


def try_again(options: argparse.Namespace, store: Path, failed: list[str]) -> tuple[int, int]:
    """Runs the classes of failed cases once more, each alone; returns how many of those cases pass now and how many not."""
    passed = 0
    for name in sorted({case.split(".")[0] for case in failed}):
        second = smack(options, store, [name], options.log, say=False)
        for case in [case for case in failed if case.startswith(f"{name}.")]:
            good = case in second.passed
            passed += good
            print(f"{'ok   ' if good else 'FAIL '} smack {case} at the second try", flush=True)
    return passed, len(failed) - passed


def run(options: argparse.Namespace, store: Path, left: list[str]) -> tuple[int, int]:
    """Runs until no class is left; returns how many cases passed and failed."""
    passed = failed = 0
    while left:
        outcome = smack(options, store, left, options.log)
        later, never = try_again(options, store, outcome.failed)
        passed += len(outcome.passed) + later
        failed += never
        rest = [name for name in left if name not in outcome.started]
        if outcome.aborted:
            failed += 1
            print(f"FAIL  smack gave up in {outcome.aborted}", flush=True)
        else:
            for name in rest:  # its own look at the server told it that there is nothing to test
                failed += 1
                print(f"FAIL  smack {name}: nothing of it could be run", flush=True)
            return passed, failed
        if len(rest) == len(left):
            failed += len(rest)
            print(f"FAIL  smack could not start: {', '.join(rest)}", flush=True)
            return passed, failed
        left = rest
    return passed, failed


def main() -> int:
    """Parses the options; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--domain", default="localhost")
    parser.add_argument("--cert", required=True, help="the server's certificate (PEM)")
    parser.add_argument("--lib", default=str(HERE.parents[2] / ".cache/interop/smack/lib"), help="folder with the jars")
    parser.add_argument("--tests", default="", help="comma-separated classes, run together, instead of cases.txt")
    parser.add_argument("--log", type=lambda p: Path(p).resolve(), help="keep what Smack writes")
    parser.add_argument("--reply-timeout-ms", type=int, default=10_000)
    options = parser.parse_args()
    options.cert = str(Path(options.cert).resolve())
    with tempfile.TemporaryDirectory(prefix="interop-smack-") as folder:
        options.log = options.log or Path(folder) / "smack.log"
        options.log.write_text("")
        store = trust_store(options.cert, Path(folder))
        wanted = [options.tests.split(",")] if options.tests else groups(HERE / "cases.txt")
        counts = [run(options, store, group) for group in wanted]
    passed, failed = (sum(column) for column in zip(*counts, strict=True))
    print(f"{passed} passed, {failed} failed", flush=True)
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
