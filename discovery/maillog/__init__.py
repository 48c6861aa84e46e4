"""Reads Postfix's mail log and measures what passed: by time, provider and stream.

Pure: no Django, no network, nothing written. Memory is bounded, and nothing in a log makes it raise.

    from discovery.maillog.figures import figures_of
    from discovery.maillog.reading import put_together, read_paths

    files = read_paths([Path("mail.log"), Path("mail.log.1.gz")], key=key)   # or [[read_stream(name, stream, key=key)]]
    figures = figures_of(put_together(files, key=key, zone=ZoneInfo("Europe/Paris")))
    figures.as_json()

Addresses of recipients are not kept: only their domains, and hashes while a message is under way.
"""
