"""An estate as pages know it, straight from files: what the parser says, without uploads and rows."""

from discovery.estate import Estate, HostReading, Row
from discovery.fact_fields import INSTANCE_FIELDS, TABLES
from discovery.fact_rows import TABLES as MAKERS
from discovery.postfix import Bundle, audit_bundle

EMPTY = dict.fromkeys(Estate.__dataclass_fields__, ())


def estate_from(files, host="mta1"):
    """Rows of every table in the order in which the files say them."""
    bundle = Bundle.of({path: text.encode() for path, text in files.items()})
    report = audit_bundle(bundle, secret_key=b"of tests only")
    tables = dict(EMPTY)
    for make in MAKERS:
        name = make.__name__
        fields = TABLES[name][1]
        tables[name] = tuple(
            Row(host, 1, said.name, row.file, getattr(row, "line", 0), {field: getattr(row, field) for field in fields})
            for said in report.instances
            for row in make(said, {})
        )
    tables["missing_files"] = tuple(
        Row(host, 1, host, lost.file, lost.line, {"path": lost.path, "parameter": lost.parameter, "note": lost.note})
        for lost in report.missing_files
    )
    tables["instances"] = tuple(
        Row(host, 1, said.name, said.config_directory, 0, {field: getattr(said, field) for field in INSTANCE_FIELDS})
        for said in report.instances
    )
    tables["hosts"] = (HostReading(host, 1, "bundle.tar.gz", "0" * 64, len(files), 0, 0, 0),)
    return Estate(**tables)
