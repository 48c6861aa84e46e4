"""Who gets what over the API: one row an address and method, one column a person. The people are those of `pages.py`.

What a page answers with 302 is 401 here for nobody, and 200 or 201 for whoever acted.
"""

READERS = (401, 404, 200, 200, 200, 404, 403, 200)
ANY_MEMBER = (401, 404, 200, 200, 200, 404, 200, 200)
CONTRIBUTOR = (401, 404, 403, 200, 200, 404, 403, 200)
ADDER = (401, 404, 403, 201, 201, 404, 403, 201)
REVIEWER = (401, 404, 403, 403, 200, 404, 403, 200)
NOTHING_TO_UNDO = (401, 404, 403, 403, 409, 404, 403, 409)

#                                           nobody otto vera carl ada  ugo  sam  olga
ROUTES = {
    ("api:engagements:engagements", "get"): (401, 200, 200, 200, 200, 200, 200, 200),
    ("api:engagements:engagement", "get"): ANY_MEMBER,
    ("api:discovery:uploads", "get"): READERS,
    ("api:discovery:uploads", "post"): ADDER,
    ("api:discovery:upload", "get"): READERS,
    ("api:discovery:volumes", "get"): READERS,
    ("api:discovery:volumes", "post"): ADDER,
    ("api:discovery:log", "get"): READERS,
    ("api:discovery:files", "get"): READERS,
    ("api:discovery:file", "get"): READERS,
    ("api:discovery:skipped", "get"): READERS,
    ("api:discovery:secrets", "get"): READERS,
    ("api:discovery:compare", "get"): READERS,
    ("api:discovery:inventory", "get"): READERS,
    ("api:discovery:instances", "get"): READERS,
    ("api:discovery:missing_files", "get"): READERS,
    ("api:discovery:parameters", "get"): READERS,
    ("api:discovery:services", "get"): READERS,
    ("api:discovery:maps", "get"): READERS,
    ("api:discovery:milters", "get"): READERS,
    ("api:discovery:transports", "get"): READERS,
    ("api:discovery:scripts", "get"): READERS,
    ("api:discovery:cron_jobs", "get"): READERS,
    ("api:discovery:problems", "get"): READERS,
    ("api:discovery:addresses", "get"): READERS,
    ("api:discovery:pools", "get"): READERS,
    ("api:discovery:stream_proposals", "get"): READERS,
    ("api:discovery:domains", "get"): READERS,
    ("api:discovery:tenants", "get"): READERS,
    ("api:discovery:doors", "get"): READERS,
    ("api:discovery:filters", "get"): READERS,
    ("api:discovery:signing_keys", "get"): READERS,
    ("api:discovery:streams", "get"): READERS,
    ("api:discovery:streams", "post"): (401, 404, 403, 403, 201, 404, 403, 201),
    ("api:discovery:streams_route", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:stream", "get"): READERS,
    ("api:discovery:stream", "post"): REVIEWER,
    ("api:discovery:stream_remove", "post"): REVIEWER,
    ("api:discovery:stream_restore", "post"): NOTHING_TO_UNDO,
    ("api:discovery:component_imports", "get"): READERS,
    ("api:discovery:component_imports", "post"): (401, 404, 403, 422, 422, 404, 403, 422),
    ("api:discovery:dossiers", "get"): READERS,
    ("api:discovery:dossiers", "post"): ADDER,
    ("api:discovery:dossiers_open", "post"): CONTRIBUTOR,
    ("api:discovery:dossier", "get"): READERS,
    ("api:discovery:dossier", "post"): CONTRIBUTOR,
    ("api:discovery:dossier_confirm", "post"): CONTRIBUTOR,
    ("api:discovery:findings", "get"): READERS,
    ("api:discovery:finding", "get"): READERS,
    ("api:discovery:accept_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:dismiss_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:merge_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:classify_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:assign_chosen", "post"): (401, 404, 403, 403, 422, 404, 403, 422),
    ("api:discovery:undo_chosen", "post"): NOTHING_TO_UNDO,
    ("api:discovery:finding_accept", "post"): REVIEWER,
    ("api:discovery:finding_dismiss", "post"): REVIEWER,
    ("api:discovery:finding_undo", "post"): NOTHING_TO_UNDO,
    ("api:discovery:finding_answer", "post"): REVIEWER,
}

# What is sent so that the act itself is tried; everywhere else a field nobody knows. Bytes become a file.
SENT = {
    "api:discovery:uploads": {"host_label": "mta9", "bundle": b"myhostname = mta9.northlake.example\n"},
    "api:discovery:volumes": {"host_label": "mta9", "zone": "UTC", "log": b"Nov 2 09:00:00 mta9 postfix/smtpd[1]: x\n"},
    "api:discovery:dossier": {"version": 1, "kind": "milter", "name": "tagger", "source": "lost"},
    "api:discovery:dossier_confirm": {"version": 1, "keys": ["inputs"]},
    "api:discovery:dossiers": {"kind": "milter", "name": "tagger of mta9", "source": "lost"},
    "api:discovery:streams": {"name": "Invoices", "route": "migrate"},
    "api:discovery:stream": {"version": 1, "name": "Bulk mail", "route": "migrate"},
    "api:discovery:stream_remove": {"version": 1},
    "api:discovery:stream_restore": {"version": 1},
    "api:discovery:component_imports": {"sheet": b"no,such,columns"},
    "api:discovery:undo_chosen": {"batch": "00000000-0000-4000-8000-000000000000"},
    "api:discovery:finding_accept": {"version": 1},
    "api:discovery:finding_dismiss": {"version": 1, "reason": "no_effect", "note": "Nothing reads it."},
    "api:discovery:finding_undo": {"version": 1},
    "api:discovery:finding_answer": {"version": 1, "proposal": "As it is."},
}

# The route that does what a page of discovery does. Every page that acts has one.
DOES_THE_SAME = {
    "discovery:inventory": "api:discovery:uploads",
    "discovery:volumes": "api:discovery:volumes",
    "discovery:stream": "api:discovery:stream",
    "discovery:stream_add": "api:discovery:streams",
    "discovery:streams_route": "api:discovery:streams_route",
    "discovery:stream_remove": "api:discovery:stream_remove",
    "discovery:stream_restore": "api:discovery:stream_restore",
    "discovery:component_import": "api:discovery:component_imports",
    "discovery:dossier_add": "api:discovery:dossiers",
    "discovery:dossiers_open": "api:discovery:dossiers_open",
    "discovery:dossier_edit": "api:discovery:dossier",
    "discovery:dossier_confirm": "api:discovery:dossier_confirm",
    "discovery:accept_chosen": "api:discovery:accept_chosen",
    "discovery:dismiss_chosen": "api:discovery:dismiss_chosen",
    "discovery:merge_chosen": "api:discovery:merge_chosen",
    "discovery:classify_chosen": "api:discovery:classify_chosen",
    "discovery:assign_chosen": "api:discovery:assign_chosen",
    "discovery:undo_chosen": "api:discovery:undo_chosen",
    "discovery:finding_accept": "api:discovery:finding_accept",
    "discovery:finding_dismiss": "api:discovery:finding_dismiss",
    "discovery:finding_undo": "api:discovery:finding_undo",
    "discovery:finding_answer": "api:discovery:finding_answer",
}
