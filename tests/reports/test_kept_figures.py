"""A figure and what it counts stand on one line; nothing else of a document is touched."""

import pytest

from reports.kept_figures import keep_figures


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("<body><p>5 % of it, then 10 %</p>", "<body><p>5\u00a0% of it, then 10\u00a0%</p>"),
        ("<body><td>USD 439,000 to USD 509,500</td>", "<body><td>USD\u00a0439,000 to USD\u00a0509,500</td>"),
        (
            "<body><p class='a 5 %'>RFC 5321, a % and 12 hosts</p>",
            "<body><p class='a 5 %'>RFC\u00a05321, a % and 12 hosts</p>",
        ),
        ("<body><pre><code>rate 5 %</code></pre><p>5 %</p>", "<body><pre><code>rate 5 %</code></pre><p>5\u00a0%</p>"),
        ("<title>5 %</title><body><p>x</p>", "<title>5 %</title><body><p>x</p>"),
    ],
    ids=["percentages", "sums", "attributes", "files", "head"],
)
def test_only_the_space_inside_a_figure_never_breaks(written, kept):
    assert keep_figures(written) == kept
