"""Configurations with their constructs classified."""

from dataclasses import dataclass

from discovery.postfix import Bundle, audit_bundle, mask_bundle, read_folder
from discovery.translation.book import load_book
from discovery.translation.constructs import classify_all, detect
from tests.discovery.postfix.estates import KEY, MASTER, SAMPLES


@dataclass(frozen=True)
class Chart:
    """A bundle, what was read in it, and what the dictionary says."""

    bundle: Bundle
    report: object
    classified: tuple

    def of(self, kind, name=None):
        return [
            each
            for each in self.classified
            if each.construct.kind == kind and (name is None or each.construct.name == name)
        ]

    def one(self, kind, name):
        (found,) = self.of(kind, name)
        return found

    def letters(self, kind, name):
        found = self.one(kind, name)
        return found.treatments["powermta"].letter, found.treatments["kumomta"].letter


def chart_of(bundle):
    masked, _ = mask_bundle(bundle, key=KEY)
    report = audit_bundle(masked, secret_key=KEY)
    return Chart(masked, report, classify_all(detect(masked, report), load_book()))


def chart(main="", master=MASTER, **files):
    contents = {"etc/postfix/main.cf": main, "etc/postfix/master.cf": master}
    contents |= {path.replace("__", "/"): text for path, text in files.items()}
    return chart_of(Bundle.of({path: text.encode() for path, text in contents.items()}))


def sample_chart(name):
    return chart_of(read_folder(SAMPLES / name))
