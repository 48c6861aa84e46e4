"""Renders the plan, beside the naive rendering of the same content in the same run: `python -m benchmarks.plan_pdf`.

Every case runs in a process of its own, so that its first rendering is cold and its peak memory its own. The naive way
reads style sheets and fonts anew, leaves the garbage collector on and does not count pages. Then the 25 pages alone are
compared, page by page, with the same plan and 400 findings in its annex.
"""

import multiprocessing
import os
import resource
import sys
import time
from collections.abc import Callable
from importlib import import_module
from typing import Any

TURNS = 3
KILOBYTES_IN_MEGABYTE = 1024
Case = tuple[float, float, int, int]  # cold and best warm seconds, pages, peak in MB
CASES = {
    "ours, 400 findings": ("ours", 400),
    "naive, 400 findings": ("naive", 400),
    "ours, 25 pages alone": ("alone", 0),
}


def snapshot_with(findings: int) -> dict[str, Any]:
    snapshots = import_module("tests.reports.snapshots")  # the tests' own, which are not typed
    snapshot: dict[str, Any] = snapshots.plan_snapshot(is_measured=True, medium=0)
    rows = [snapshots.finding(number) for number in range(findings)]
    snapshot["content"]["findings"][2] |= {"rows": rows, "count": findings}
    return snapshot


def renderer(way: str, findings: int) -> Callable[[], int]:
    """Renders once and tells how many pages there are."""
    from reports.outline import outline_of, plan_pages
    from reports.plan_layout import render_plan

    snapshot = snapshot_with(findings)
    if way == "naive":
        return lambda: naive(snapshot)
    outline = plan_pages() if way == "alone" else outline_of("plan")
    return lambda: render_plan(snapshot, outline).page_count


def naive(snapshot: dict[str, Any]) -> int:
    from weasyprint import CSS, HTML

    from reports.pdf import PDF_OPTIONS, SCHEME, STYLE_SHEETS, StaticFilesOnly
    from reports.plan_paper import plan_context, plan_html

    fetcher = StaticFilesOnly()
    source = HTML(string=plan_html(snapshot, plan_context(snapshot)), base_url=SCHEME, url_fetcher=fetcher)
    links = "".join(f'@import url("{url}");' for url in STYLE_SHEETS)
    document = source.render(stylesheets=[CSS(string=links, base_url=SCHEME, url_fetcher=fetcher)], **PDF_OPTIONS)
    document.write_pdf(**PDF_OPTIONS)
    return len(document.pages)


def run(way: str, findings: int, answers: "multiprocessing.Queue[Case]") -> None:
    began = time.perf_counter()
    import django

    django.setup()
    render = renderer(way, findings)
    pages = render()
    cold = time.perf_counter() - began
    warm = []
    for _ in range(TURNS):
        began = time.perf_counter()
        render()
        warm.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // KILOBYTES_IN_MEGABYTE
    answers.put((cold, min(warm), pages, peak))


def measured(way: str, findings: int) -> Case:
    context = multiprocessing.get_context("spawn")
    answers: multiprocessing.Queue[Case] = context.Queue()
    process = context.Process(target=run, args=(way, findings, answers))
    process.start()
    case = answers.get(timeout=600)
    process.join()
    return case


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.test")
    found = {name: measured(*case) for name, case in CASES.items()}
    for name, (cold, warm, pages, peak) in found.items():
        sys.stdout.write(f"{name}: cold {cold:.2f} s, warm {warm:.2f} s, {pages} pages, peak {peak} MB\n")
    ours, peer, alone = found.values()
    sys.stdout.write(f"ours / naive, warm: {ours[1] / peer[1]:.2f}\n")
    sys.stdout.write(f"per page, with 400 findings / alone: {(ours[1] / ours[2]) / (alone[1] / alone[2]):.2f}\n")


if __name__ == "__main__":
    main()
