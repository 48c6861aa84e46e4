"""One more try for a browser that waited in vain, told at the end of the run (docs/adr/0014).

A full machine now and then keeps a real browser from hearing of what happened. Only a time-out of the browser is
tried again, once, and only in so many tests of a run: any other failure, and the second time-out, stays a failure.
"""

import pytest
from _pytest.runner import runtestprotocol
from playwright.sync_api import TimeoutError as BrowserWaited

AT_MOST = 2  # in each process that runs tests: more than that is no accident
MARK = "waited in vain at first"
_tried = pytest.StashKey[int]()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    report.is_waiting = call.when != "teardown" and call.excinfo is not None and call.excinfo.type is BrowserWaited
    return report


def waited_in_vain(reports):
    """Whether all that failed was the browser's waiting; what a test made of it, an assertion say, is a failure."""
    failed = [report for report in reports if report.failed]
    return bool(failed) and all(report.is_waiting for report in failed)


def pytest_runtest_protocol(item, nextitem):
    if item.get_closest_marker("browser") is None:
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    tried = item.config.stash.get(_tried, 0)
    if waited_in_vain(reports) and tried < AT_MOST:
        item.config.stash[_tried] = tried + 1
        first = next(report.longreprtext for report in reports if report.failed)
        reports = runtestprotocol(item, nextitem=nextitem, log=False)
        for report in reports:
            report.user_properties.append((MARK, first))
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def pytest_terminal_summary(terminalreporter):
    told = {}
    for report in [each for group in terminalreporter.stats.values() for each in group]:
        for name, text in getattr(report, "user_properties", ()):
            if name == MARK:
                told[report.nodeid] = text
    for nodeid, text in told.items():
        terminalreporter.section(f"{nodeid} {MARK}")
        terminalreporter.write_line(text)
