"""Runs the interop suite against one server. One line per check; the last line is `N passed, N failed`."""

import sys

from suite import target
from suite.kinds import KINDS
from suite.report import Report
from suite.scenarios import ALL
from suite.world import World


def main() -> int:
    """Parses the options, runs the scenarios in order, returns the exit code."""
    parser = target.arguments()
    parser.add_argument("--clients", default=",".join(KINDS), help="comma-separated; default: all")
    parser.add_argument("--scenarios", default=",".join(ALL), help="comma-separated; default: all")
    parser.add_argument("--only", default="", help="run only checks whose name has this text in it")
    parser.add_argument("--account-command", default="", help="makes account {user}, password on its standard input; "
                        "default: in-band registration")
    options = parser.parse_args()
    report = Report(options.only)
    world = World(target.target(options), report, options.clients.split(","), options.account_command)
    for name in options.scenarios.split(","):
        report.setup(f"scenario {name}", lambda n=name: ALL[n](world))
    return report.finish()


if __name__ == "__main__":
    sys.exit(main())
