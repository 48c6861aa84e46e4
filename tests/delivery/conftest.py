import pytest

from delivery.preflight.sources import ZoneFile
from engagements.domain.choose_target import choose_target
from tests.delivery.flights import KEYS, ZONE, ask
from tests.factories.discovery import SMALL_ESTATE, stored_translations
from tests.kept import kept


@pytest.fixture
def zone(tmp_path, settings):
    path = tmp_path / "zone"
    path.write_text(ZONE)
    settings.DNS_RESOLVER = str(path)
    return path


@kept
def kumomta(engagement, ada):
    choose_target(engagement, target="kumomta", reason="Lua in house.", actor=ada)
    engagement.refresh_from_db()
    sets = stored_translations(engagement, actor=ada, files=SMALL_ESTATE | KEYS)
    return next(one for one in sets if one.target == "kumomta")


@pytest.fixture
def asked(kumomta, zone, ada):
    return ask(kumomta, ada, ZoneFile(zone))
