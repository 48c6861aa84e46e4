"""The sample estates, audited once, and small ones of a few lines."""

from pathlib import Path

from discovery.postfix import Bundle, audit_bundle, read_folder

KEY = b"k" * 32
SAMPLES = Path(__file__).parent.parent.parent / "postfix_samples"
MASTER = """\
smtp      inet  n       -       n       -       -       smtpd
smtp      unix  -       -       n       -       -       smtp
"""


def audited(name):
    return {each.name: each for each in audit_bundle(read_folder(SAMPLES / name), secret_key=KEY).instances}


def instance_of(main, master=MASTER, **files):
    contents = {"etc/postfix/main.cf": main, "etc/postfix/master.cf": master, **files}
    bundle = Bundle.of({path.replace("__", "/"): text.encode() for path, text in contents.items() if text is not None})
    return audit_bundle(bundle, secret_key=KEY).instances[0]
