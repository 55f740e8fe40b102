"""Prints a filter for `deno test` of the tests that failed by a JUnit report.

On a busy machine a deadline may pass that holds on a calm one. Few failed tests
are therefore run once more, each alone; many are a fault, and exit with 1.
"""

import re
import sys
import xml.etree.ElementTree as ElementTree

MOST_FAILED = 3
# An unhandled rejection cancels all tests of its file.
MOST_CANCELLED = 60

failed, cancelled = set(), set()
try:
    for case in ElementTree.parse(sys.argv[1]).getroot().iter("testcase"):
        # A step is run with its test.
        name = case.get("name").split(" > ")[0]
        if case.find("failure") is not None:
            failed.add(name)
        if case.find("error") is not None:
            cancelled.add(name)
except (OSError, ElementTree.ParseError) as error:
    sys.exit(f"no report: {error}")
names = failed | cancelled
if not names or len(failed) > MOST_FAILED or len(cancelled) > MOST_CANCELLED:
    sys.exit(1)
# JavaScript reads this: only what is special there is escaped.
escaped = (re.sub(r"[\\^$.*+?()[\]{}|/]", r"\\\g<0>", name) for name in sorted(names))
print("/^(" + "|".join(escaped) + ")$/")
