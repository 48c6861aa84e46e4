"""The whole way from a bundle to the files of one target, with the map and everything that is not translated."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from discovery.postfix import Bundle, Report, mask_bundle
from discovery.postfix.audit import audit_masked
from discovery.translation.book import load_book
from discovery.translation.constructs import classify_all, detect
from discovery.translation.coverage import Coverage, load_estimate, measure
from discovery.translation.emission import Emission
from discovery.translation.kumomta import emit_kumomta
from discovery.translation.not_translated import not_translated
from discovery.translation.outcomes import Outcome, counted, outcomes_of
from discovery.translation.overrides import NONE, Overrides
from discovery.translation.powermta import emit_powermta
from discovery.translation.sending import SendingEstate, sending_estate
from discovery.translation.traffic import NO_MAIL, Mail, traffic_of

EMITTERS: Mapping[str, Callable[[Sequence[SendingEstate]], Emission]] = MappingProxyType(
    {"kumomta": emit_kumomta, "powermta": emit_powermta}
)
MAP, REST = "map.json", "NOT-TRANSLATED.md"


@dataclass(frozen=True, slots=True)
class Translation:
    """What becomes of one upload on one target."""

    report: Report
    emission: Emission
    outcomes: tuple[Outcome, ...]
    coverage: Coverage

    @property
    def files(self) -> dict[str, str]:
        """Every file of the set by its path: the target's own, what is not translated, and the map."""
        own = {file.path: file.text for file in self.emission.files}
        rows = [outcome.as_json() for outcome in self.outcomes]
        rest = not_translated(self.emission, self.outcomes, self.coverage)
        return {**own, REST: rest, MAP: json.dumps(rows, indent=2, ensure_ascii=False) + "\n"}

    def as_json(self) -> dict[str, Any]:
        return {
            "target": self.emission.target,
            "constructs": len(self.outcomes),
            "fates": dict(counted(self.outcomes)),
            "coverage": self.coverage.as_json(),
            "files": [file.path for file in self.emission.files],
            "map": [outcome.as_json() for outcome in self.outcomes],
        }


def translate(
    bundle: Bundle, target: str, *, secret_key: bytes, overrides: Overrides = NONE, mail: Mail = NO_MAIL
) -> Translation:
    """A raw or masked bundle for one target of EMITTERS; nothing is raised for what a customer wrote."""
    return translate_to(bundle, [target], secret_key=secret_key, overrides=overrides, mail=mail)[target]


def translate_to(
    bundle: Bundle, targets: Iterable[str], *, secret_key: bytes, overrides: Overrides = NONE, mail: Mail = NO_MAIL
) -> dict[str, Translation]:
    """The same for several targets: the bundle is masked, read and classified once."""
    masked, secrets = mask_bundle(bundle, key=secret_key)
    report = audit_masked(masked, secrets)
    constructs = detect(masked, report)
    classified = classify_all(constructs, load_book(), overrides)
    traffic = traffic_of(masked, report, constructs, mail)
    estates = [sending_estate(masked, instance) for instance in report.instances]
    made: dict[str, Translation] = {}
    for target in targets:
        emission = EMITTERS[target](estates)
        outcomes = outcomes_of(masked, report, classified, emission, traffic)
        made[target] = Translation(report, emission, outcomes, measure(classified, target, load_estimate()))
    return made
