"""Adds up JUnit reports, and fails where a test or a whole run has failed.

Beside a report `x.xml` may be `x.again.xml` of its failed tests, run once more:
what passed there has passed, and is named.
"""

import os
import sys
import xml.etree.ElementTree as ElementTree


def cases_of(path):
    """The outcomes of all tests and steps of a report, and their names."""
    outcomes = []
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        if case.find("skipped") is not None:
            outcomes.append(("skipped", case.get("name")))
        elif case.find("failure") is not None or case.find("error") is not None:
            outcomes.append(("failed", case.get("name")))
        else:
            outcomes.append(("passed", case.get("name")))
    return outcomes


status = int(sys.argv[1])
counts = {"passed": 0, "failed": 0, "skipped": 0}
for path in sys.argv[2:]:
    try:
        outcomes = cases_of(path)
        again = path.replace(".xml", ".again.xml")
        second = cases_of(again) if os.path.exists(again) else []
    except (OSError, ElementTree.ParseError) as error:
        # A run that did not even begin writes no report.
        print(f"no report {path}: {error}")
        counts["failed"] += 1
        continue
    failed_again = {name for outcome, name in second if outcome != "passed"}
    passed_again = {name for outcome, name in second} - failed_again
    for outcome, name in outcomes:
        if outcome == "failed" and name in passed_again:
            print(f"passed only when run once more, alone: {name}")
            outcome = "passed"
        if outcome == "skipped":
            print(f"skipped: {name}")
        counts[outcome] += 1
if status and not counts["failed"]:
    counts["failed"] = 1
print(", ".join(f"{count} {outcome}" for outcome, count in counts.items()))
sys.exit(1 if counts["failed"] else 0)
