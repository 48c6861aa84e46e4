"""The contacts of a quote over the API, as in `routes.py`."""

#                                           nobody otto vera carl ada  ugo  sam  olga
CONTACT_ROUTES = {
    ("api:quotes:contacts", "get"): (401, 404, 403, 403, 403, 404, 200, 200),
    ("api:quotes:contacts", "post"): (401, 404, 403, 403, 403, 404, 409, 409),
    ("api:quotes:contact_bounced", "post"): (401, 404, 403, 403, 403, 404, 200, 200),
    ("api:quotes:contact_mail", "post"): (401, 404, 403, 403, 403, 404, 409, 409),
    ("api:quotes:contact_resume", "post"): (401, 404, 403, 403, 403, 404, 409, 409),
}

CONTACT_SENT = {
    "api:quotes:contacts": {"full_name": "Ines Roth", "email": "ines@northlake.example"},
    "api:quotes:contact_bounced": {"note": "550 no such user"},
    "api:quotes:contact_resume": {"reason": "They told us on the telephone."},
}
