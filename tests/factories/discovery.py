"""Small bundles, packed in memory, and short ways to an upload that has been read."""

import io
import tarfile

from django.utils import timezone

from core.jobs import run_job
from discovery.domain.propose_override import OverrideText, propose_override
from discovery.domain.read_log import read_log
from discovery.domain.receive_log import receive_log
from discovery.domain.receive_upload import receive_upload
from discovery.domain.store_log_reading import store_log_reading
from discovery.domain.store_upload import read_upload, store_upload
from discovery.domain.translate_uploads import store_translations, translate_uploads
from discovery.models import Finding, Severity, Upload

MAIN_CF = """\
# what Northlake sends with
myhostname = mta1.northlake.example
mydestination =
relayhost =
smtp_bind_address = 192.0.2.10
smtpd_milters = unix:/run/tagger/tagger.sock
transport_maps = hash:/etc/postfix/transport
message_size_limt = 20480000
header_checks = regexp:/etc/postfix/header_checks
"""
MASTER_CF = """\
smtp      inet  n       -       y       -       -       smtpd
smtp      unix  -       -       y       -       -       smtp
bulk      unix  -       -       y       -       20      smtp
    -o smtp_bind_address=192.0.2.11
tag       unix  -       n       n       -       4       pipe
    flags=Rq user=tag argv=/opt/mail/tagger.py ${sender}
"""
HEADER_CHECKS = "/^List-Unsubscribe:(.*)/ REPLACE List-Unsubscribe:$1\n"
SMALL_ESTATE = {
    "etc/postfix/main.cf": MAIN_CF,
    "etc/postfix/master.cf": MASTER_CF,
    "etc/postfix/header_checks": HEADER_CHECKS,
}


GMAIL = "relay=gmail-smtp-in.l.google.com[142.250.1.27]:25"
MAIL_LOG = f"""\
2026-11-02T09:00:01+00:00 mta1 postfix/smtpd[11]: 4104E3D0AB: client=app.northlake.example[203.0.113.9]
2026-11-02T09:00:01+00:00 mta1 postfix/cleanup[12]: 4104E3D0AB: message-id=<1@northlake.example>
2026-11-02T09:00:02+00:00 mta1 postfix/qmgr[13]: 4104E3D0AB: from=<news@northlake.example>, size=900, nrcpt=2 \
(queue active)
2026-11-02T09:00:03+00:00 mta1 postfix/smtp[14]: 4104E3D0AB: to=<a@gmail.com>, {GMAIL}, delay=1.5, \
delays=0.1/0/0.4/1, dsn=2.0.0, status=sent (250 2.0.0 OK)
2026-11-02T23:30:03+00:00 mta1 postfix/smtp[14]: 4104E3D0AB: to=<b@gmail.com>, {GMAIL}, delay=2, \
delays=0.1/0/0.9/1, dsn=5.1.1, status=bounced (host gmail-smtp-in.l.google.com[142.250.1.27] said: 550 5.1.1 no user)
2026-11-02T23:30:04+00:00 mta1 postfix/qmgr[13]: 4104E3D0AB: removed
"""


def receive_mail_log(engagement, *, actor, content=None, host="mta1", zone="UTC", filename="mail.log"):
    """A mail log that waits to be read, whatever it does to a plan that is out."""
    file = io.BytesIO(MAIL_LOG.encode() if content is None else content)
    told = {"host_label": host, "zone": zone, "is_reopening": True}
    return receive_log(engagement, filename=filename, content_file=file, actor=actor, **told)


def read_mail_log(engagement, *, actor, **log):
    """A mail log that was read, or refused, without a worker."""
    log = receive_mail_log(engagement, actor=actor, **log)
    return store_log_reading(log, read_log(log, tell=lambda *told: None))


def pack(files):
    """A .tar.gz of {path: text or bytes}."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for path, content in files.items():
            body = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(path)
            member.size = len(body)
            archive.addfile(member, io.BytesIO(body))
    return packed.getvalue()


def pack_short(files):
    """A .tar that ends in the middle of its last file: more was announced than came."""
    *whole, (path, content) = files.items()
    member = tarfile.TarInfo(path)
    member.size = len(content) + tarfile.RECORDSIZE
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:") as archive:
        for each, text in whole:
            complete = tarfile.TarInfo(each)
            complete.size = len(text.encode())
            archive.addfile(complete, io.BytesIO(text.encode()))
        offset = archive.offset
    return packed.getvalue()[:offset] + member.tobuf() + content.encode()


def receive(engagement, *, actor, files=None, content=None, host="mta1", filename="postfix-mta1.tar.gz"):
    """An upload that waits to be read."""
    body = pack(files or SMALL_ESTATE) if content is None else content
    return receive_upload(engagement, filename=filename, content_file=io.BytesIO(body), host_label=host, actor=actor)


def read(engagement, *, actor, **bundle):
    """An upload that was read, or refused, without a worker."""
    upload = receive(engagement, actor=actor, **bundle)
    return store_upload(upload, read_upload(upload, tell=lambda done, total, sentence: None))


def read_by_job(engagement, *, actor, **bundle):
    """The same through its job."""
    upload = receive(engagement, actor=actor, **bundle)
    run_job(upload.job_id)
    return Upload.objects.select_related("job").get(pk=upload.pk)


def made_up(upload, number, **changes):
    """A finding as the parser could have made it, not saved."""
    facts = {
        "engagement": upload.engagement,
        "number": number,
        "host_label": upload.host_label,
        "rule": "made-up",
        "title": f"Made up {number}",
        "severity": Severity.HIGH,
        "confidence": "certain",
        "file": "etc/postfix/main.cf",
        "line": number,
        "evidence": f"made_up_{number} = yes",
        "message": "It was made up for a test.",
        "fingerprint": f"made-up-{number}",
        "first_seen": upload,
        "last_seen": upload,
        "found_at": timezone.now(),
        "changed_at": timezone.now(),
    }
    if changes.get("gone_since"):
        changes.setdefault("gone_at", timezone.now())
    return Finding(**(facts | changes))


def add_finding(upload, number, **changes):
    """The same, saved: for tests that need a certain one."""
    finding = made_up(upload, number, **changes)
    finding.save(force_insert=True)
    return finding


def bare_upload(engagement, *, actor, number=1, host="mta1"):
    """A read upload without contents: what findings refer to."""
    return Upload.objects.create(
        engagement=engagement,
        number=number,
        filename="postfix.tar.gz",
        host_label=host,
        sha256="0" * 64,
        byte_count=1,
        uploaded_by=actor,
        uploaded_at=timezone.now(),
        state=Upload.State.READ,
        read_at=timezone.now(),
    )


def stored_translations(engagement, *, actor, **bundle):
    """The sets of every target, made without a worker; from a small estate when nothing was uploaded yet."""
    if not engagement.uploads.exists() or bundle:
        read(engagement, actor=actor, **bundle)
    return store_translations(engagement, translate_uploads(engagement, tell=lambda *told: None), actor=actor)


def propose(*, actor, engagement=None, powermta=None, kumomta=None, **said):
    """An override that waits for its review: of a name of the small estate that no dictionary knows."""
    text = {
        "kind": "parameter",
        "name": "message_size_limt",
        "source": "Their own documentation, page 4.",
        "reason": "Their own patch reads it.",
        "treatments": {
            "powermta": powermta or {"class": "X", "loss": "Large messages are no longer refused."},
            "kumomta": kumomta or {"class": "C", "relation": "intersect", "loss": "A hook does it.", "units": 12},
        },
    }
    return propose_override(OverrideText(**(text | said)), actor=actor, engagement=engagement)
