"""The page of a ramp while its share changes."""

import pytest
from django.urls import reverse

from delivery.domain.change_share import change_share, confirm_change
from delivery.views import ramp as page

pytestmark = pytest.mark.django_db


def test_a_change_that_ends_while_the_page_is_read_is_not_shown_as_if_nothing_had_changed(
    client, ready, ada, monkeypatch
):
    change = change_share(ready, share=25, why="Both checks passed.", actor=ada)
    found = page.find_ramp

    def find_and_then_it_ends(*words):
        ramp = found(*words)
        confirm_change(change, is_done=True, actor=ada)
        return ramp

    monkeypatch.setattr(page, "find_ramp", find_and_then_it_ends)
    client.force_login(ada)
    url = reverse("parallel:ramp", args=[ready.engagement.code, ready.number])

    shown = client.get(url).content.decode()
    monkeypatch.undo()
    later = client.get(url).content.decode()

    assert "A change is under way" in shown
    assert "All mail: 25 %" in later
    assert "A change is under way" not in later


def test_the_newest_check_is_open_and_earlier_ones_are_folded(client, ready, ada):
    client.force_login(ada)

    shown = client.get(reverse("parallel:ramp", args=[ready.engagement.code, ready.number])).text

    newest, folded = shown.index(" Run 2</h3>"), shown.index("<summary>Passed: Run 1</summary>")
    assert newest < folded
    assert shown.count("<summary>") == shown.count("</details>") == 1
