"""Adds up JUnit reports, and fails where a test or a whole run has failed."""

import sys
import xml.etree.ElementTree as ElementTree

status = int(sys.argv[1])
passed = failed = skipped = 0
for path in sys.argv[2:]:
    try:
        suites = ElementTree.parse(path).getroot().iter("testsuite")
    except (OSError, ElementTree.ParseError) as error:
        # A run that did not even begin writes no report.
        print(f"no report {path}: {error}")
        failed += 1
        continue
    for suite in suites:
        bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        off = int(suite.get("disabled", 0)) + int(suite.get("skipped", 0))
        passed += int(suite.get("tests", 0)) - bad - off
        failed += bad
        skipped += off
        for case in suite.iter("testcase"):
            if case.find("skipped") is not None:
                print(f"skipped: {case.get('name')}")
if status and not failed:
    failed = 1
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed else 0)
