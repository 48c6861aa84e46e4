"""Who gets what where: one row a page, one column a person.

A page answers 200 or leads on (302); 302 for nobody is the way to the sign-in page; 404 is for whoever is not to know
that the thing exists; 403 for members without the permission; 405 where only the other method is understood.
Otto belongs to another customer, Vera is a viewer and Carl the signatory of this one; Ada is the consultant on the
engagement, Ugo a consultant who is on none, Sam sells, Olga owns the practice.
"""

PEOPLE = ("nobody", "otto", "vera", "carl", "ada", "ugo", "sam", "olga")

ANY_MEMBER = (302, 404, 200, 200, 200, 404, 200, 200)
EVERYBODY_SIGNED_IN = (302, 200, 200, 200, 200, 200, 200, 200)
EVIDENCE = (302, 404, 200, 200, 200, 404, 403, 200)
FREEZER = (302, 404, 403, 403, 200, 404, 403, 200)
MANAGER = (302, 404, 403, 200, 403, 404, 200, 200)
QUOTE_READER = (302, 404, 403, 200, 200, 404, 200, 200)
QUOTE_SENDER = (302, 404, 403, 403, 403, 404, 200, 200)
SALES = (302, 403, 403, 403, 403, 403, 200, 200)
SIGNER = (302, 404, 403, 200, 403, 404, 403, 403)
OPEN_TO_ALL = (200,) * 8
ONLY_POSTED = (405,) * 8

# What a GET answers.             nobody otto vera carl ada  ugo  sam  olga
PAGES = {
    "healthz": OPEN_TO_ALL,
    "readyz": OPEN_TO_ALL,
    "home": (302, 200, 200, 200, 302, 302, 302, 302),
    "ui_gallery": (404, 404, 404, 404, 200, 200, 200, 200),
    "choose_theme": ONLY_POSTED,
    "accounts:profile": EVERYBODY_SIGNED_IN,
    "accounts:invitation": OPEN_TO_ALL,
    "accounts:people": ANY_MEMBER,
    "accounts:membership": MANAGER,
    "accounts:membership_end": MANAGER,
    "accounts:invitation_withdraw": ONLY_POSTED,
    "engagements:list": EVERYBODY_SIGNED_IN,
    "engagements:detail": ANY_MEMBER,
    "engagements:gate": ANY_MEMBER,
    "engagements:submit": FREEZER,
    "engagements:sign": SIGNER,
    "engagements:request_changes": SIGNER,
    "engagements:receipt": ANY_MEMBER,
    "engagements:override": (302, 404, 403, 403, 403, 404, 403, 200),
    "engagements:task": ANY_MEMBER,
    "engagements:task_reopen": ONLY_POSTED,
    "engagements:move": (302, 404, 403, 403, 403, 404, 403, 200),
    "engagements:team": (302, 404, 403, 403, 403, 404, 200, 200),
    "engagements:target": FREEZER,
    "engagements:documents": ANY_MEMBER,
    "engagements:document_pdf": ANY_MEMBER,
    "engagements:questions": ANY_MEMBER,
    "engagements:question": ANY_MEMBER,
    "engagements:question_resolve": ONLY_POSTED,
    "engagements:history": ANY_MEMBER,
    "discovery:inventory": EVIDENCE,
    "discovery:component_add": (302, 404, 403, 200, 200, 404, 403, 200),
    "discovery:upload": EVIDENCE,
    "discovery:progress": EVIDENCE,
    "discovery:file": EVIDENCE,
    "discovery:queue": EVIDENCE,
    "discovery:accept_chosen": ONLY_POSTED,
    "discovery:undo_chosen": ONLY_POSTED,
    "discovery:finding": EVIDENCE,
    "discovery:finding_accept": ONLY_POSTED,
    "discovery:finding_dismiss": ONLY_POSTED,
    "discovery:finding_undo": ONLY_POSTED,
    "discovery:finding_answer": ONLY_POSTED,
    "pricing:pipeline": SALES,
    "pricing:request_new": SALES,
    "pricing:preview": ONLY_POSTED,
    "pricing:request": (302, 404, 404, 404, 200, 404, 200, 200),
    "pricing:request_edit": (302, 404, 404, 404, 403, 404, 200, 200),
    "pricing:draft": ONLY_POSTED,
    "pricing:stay": (302, 404, 404, 404, 200, 404, 200, 200),
    "pricing:engagement_quote": (302, 404, 403, 302, 302, 404, 302, 302),
    "pricing:quote": QUOTE_READER,
    "pricing:quote_pdf": QUOTE_READER,
    "pricing:send": (302, 404, 403, 403, 403, 404, 409, 409),
    "pricing:revise": QUOTE_SENDER,
    "pricing:withdraw": QUOTE_SENDER,
    "pricing:accept": ONLY_POSTED,
    "pricing:decline": SIGNER,
    "pricing:changed": QUOTE_READER,
    "pricing:renew": ONLY_POSTED,
    "pricing:receipt": QUOTE_READER,
    "reports:document": ANY_MEMBER,
    "reports:build": FREEZER,
    "reports:freeze": ONLY_POSTED,
    "reports:preview": FREEZER,
}

# What a POST answers, on every page that takes one.
#                                 nobody otto vera carl ada  ugo  sam  olga
ACTS = {
    "choose_theme": (302,) * 8,
    "accounts:profile": (302, 422, 422, 422, 422, 422, 422, 422),
    "accounts:invitation": (422,) * 8,
    "accounts:people": (302, 404, 403, 302, 403, 404, 302, 302),
    "accounts:membership": (302, 404, 403, 302, 403, 404, 302, 302),
    "accounts:membership_end": (302, 404, 403, 302, 403, 404, 302, 302),
    "accounts:invitation_withdraw": (302, 404, 403, 302, 403, 404, 302, 302),
    "engagements:submit": (302, 404, 403, 403, 409, 404, 403, 409),
    "engagements:sign": (302, 404, 403, 422, 403, 404, 403, 403),
    "engagements:request_changes": (302, 404, 403, 422, 403, 404, 403, 403),
    "engagements:override": (302, 404, 403, 403, 403, 404, 403, 422),
    "engagements:task": (302, 404, 403, 422, 403, 404, 403, 403),
    "engagements:task_reopen": (302, 404, 403, 302, 302, 404, 403, 302),
    "engagements:move": (302, 404, 403, 403, 403, 404, 403, 422),
    "engagements:team": (302, 404, 403, 403, 403, 404, 422, 422),
    "engagements:target": (302, 404, 403, 403, 422, 404, 403, 422),
    "engagements:questions": (302, 404, 422, 422, 422, 404, 422, 422),
    "engagements:question": (302, 404, 422, 422, 422, 404, 422, 422),
    "engagements:question_resolve": (302, 404, 302, 302, 302, 404, 302, 302),
    "discovery:inventory": (302, 404, 403, 422, 422, 404, 403, 422),
    "discovery:component_add": (302, 404, 403, 422, 422, 404, 403, 422),
    "discovery:accept_chosen": (302, 404, 403, 403, 422, 404, 403, 422),
    "discovery:undo_chosen": (302, 404, 403, 403, 409, 404, 403, 409),
    "discovery:finding_accept": (302, 404, 403, 403, 302, 404, 403, 302),
    "discovery:finding_dismiss": (302, 404, 403, 403, 302, 404, 403, 302),
    "discovery:finding_undo": (302, 404, 403, 403, 409, 404, 403, 409),
    "discovery:finding_answer": (302, 404, 403, 403, 302, 404, 403, 302),
    "pricing:request_new": (302, 403, 403, 403, 403, 403, 422, 422),
    "pricing:preview": (302, 403, 403, 403, 403, 403, 200, 200),
    "pricing:request_edit": (302, 404, 404, 404, 403, 404, 422, 422),
    "pricing:draft": (302, 404, 404, 404, 403, 404, 409, 409),
    "pricing:stay": (302, 404, 404, 404, 422, 404, 422, 422),
    "pricing:send": (302, 404, 403, 403, 403, 404, 409, 409),
    "pricing:revise": (302, 404, 403, 403, 403, 404, 409, 409),
    "pricing:withdraw": (302, 404, 403, 403, 403, 404, 422, 422),
    "pricing:accept": (302, 404, 403, 422, 403, 404, 403, 403),
    "pricing:decline": (302, 404, 403, 422, 403, 404, 403, 403),
    "pricing:changed": (302, 404, 403, 422, 422, 404, 422, 422),
    "pricing:renew": (302, 404, 403, 302, 302, 404, 302, 302),
    "reports:freeze": (302, 404, 403, 403, 409, 404, 403, 409),
}

# What is typed into a form so that the act itself is tried; everywhere else a field nobody knows is sent.
TYPED = {
    "choose_theme": {"theme": "dark"},
    "accounts:people": {"email": "new@northlake.example", "role": "viewer"},
    "accounts:membership": {"role": "finance"},
    "engagements:task": {"evidence": "Seen in a test."},
    "discovery:undo_chosen": {"batch": "00000000-0000-4000-8000-000000000000"},
    "discovery:finding_accept": {"version": "1"},
    "discovery:finding_dismiss": {"version": "1", "reason": "no_effect", "note": "Nothing reads it."},
    "discovery:finding_undo": {"version": "1"},
    "discovery:finding_answer": {"version": "1", "translation_class": "", "impact": "", "proposal": "As it is."},
}

# The pages of allauth, for nobody and for somebody: their own account, never anybody else's.
ACCOUNT_PAGES = {
    "account_login": (200, 302),
    "account_logout": (302, 200),
    "account_inactive": (200, 200),
    "account_signup": (200, 302),
    "account_reauthenticate": (302, 200),
    "account_email": (302, 200),
    "account_email_verification_sent": (200, 200),
    "account_change_password": (302, 200),
    "account_set_password": (302, 302),
    "account_reset_password": (200, 200),
    "account_confirm_login_code": (302, 302),
    "account_confirm_email": (200, 200),
    "account_reset_password_from_key_done": (200, 200),
    "account_reset_password_from_key": (200, 200),
    "account_reset_password_done": (200, 200),
    "account_request_login_code": (200, 302),
    "mfa_index": (302, 200),
    "mfa_authenticate": (302, 302),
    "mfa_reauthenticate": (302, 302),
    "mfa_activate_totp": (302, 302),
    "mfa_deactivate_totp": (302, 404),
    "mfa_view_recovery_codes": (302, 404),
    "mfa_generate_recovery_codes": (302, 302),
    "mfa_download_recovery_codes": (302, 404),
    "mfa_list_webauthn": (302, 200),
    "mfa_add_webauthn": (302, 302),
    "mfa_reauthenticate_webauthn": (302, 302),
    "mfa_remove_webauthn": (302, 302),
    "mfa_edit_webauthn": (302, 302),
    "mfa_login_webauthn": (302, 302),
    "socialaccount_login_cancelled": (200, 200),
    "socialaccount_login_error": (401, 401),
    "socialaccount_signup": (302, 302),
    "socialaccount_connections": (302, 200),
    "openid_connect_login": (404, 404),
    "openid_connect_callback": (404, 404),
    "usersessions_list": (302, 200),
}
