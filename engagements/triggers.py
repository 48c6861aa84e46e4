"""What the database refuses by itself about signatures, whatever the code above it believes."""

import pgtrigger

# A person has memberships on one side only, so belonging to the consultancy is the whole of "for both sides".
SIGNER_IS_THE_CUSTOMERS = pgtrigger.Trigger(
    name="required_signer_is_the_customers",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert | pgtrigger.UpdateOf("user_id"),
    func=(
        "IF EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = NEW.user_id"
        " AND m.organization_kind = 'consultancy') THEN"
        " RAISE EXCEPTION 'Nobody of the consultancy signs for a customer' USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NEW;"
    ),
)

SIGNED_BY_WHOSE_TURN_IT_IS = pgtrigger.Trigger(
    name="signoff_by_whose_turn_it_is",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=(
        "IF EXISTS (SELECT 1 FROM accounts_membership m WHERE m.user_id = NEW.signed_by_id"
        " AND m.organization_kind = 'consultancy') THEN"
        " RAISE EXCEPTION 'Nobody of the consultancy signs for a customer' USING ERRCODE = 'check_violation'; END IF;"
        " IF EXISTS (SELECT 1 FROM engagements_frozendocument d WHERE d.id = NEW.document_id"
        " AND d.frozen_by_id = NEW.signed_by_id) THEN"
        " RAISE EXCEPTION 'Whoever froze a document does not sign it' USING ERRCODE = 'check_violation'; END IF;"
        " IF NOT EXISTS (SELECT 1 FROM engagements_requiredsigner r WHERE r.document_id = NEW.document_id"
        " AND r.user_id = NEW.signed_by_id) THEN"
        " RAISE EXCEPTION 'Only somebody who was asked signs' USING ERRCODE = 'check_violation'; END IF;"
        " IF EXISTS (SELECT 1 FROM engagements_requiredsigner r JOIN engagements_requiredsigner e"
        " ON e.document_id = r.document_id AND e.turn < r.turn"
        " WHERE r.document_id = NEW.document_id AND r.user_id = NEW.signed_by_id AND NOT EXISTS"
        " (SELECT 1 FROM engagements_signoff s WHERE s.document_id = e.document_id"
        " AND s.signed_by_id = e.user_id)) THEN"
        " RAISE EXCEPTION 'Somebody else signs first' USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NEW;"
    ),
)

REVOKED_BY_WHO_SIGNED = pgtrigger.Trigger(
    name="revocation_by_who_signed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func=(
        "IF NOT EXISTS (SELECT 1 FROM engagements_signoff s WHERE s.id = NEW.signoff_id"
        " AND s.signed_by_id = NEW.signed_by_id) THEN"
        " RAISE EXCEPTION 'Only whoever signed revokes the signature' USING ERRCODE = 'check_violation'; END IF;"
        " RETURN NEW;"
    ),
)

GATE_SIGNED_BY_EVERYBODY = pgtrigger.Trigger(
    name="gate_signed_by_every_required_signer",
    when=pgtrigger.Before,
    operation=pgtrigger.UpdateOf("state"),
    condition=pgtrigger.Q(new__state="signed"),
    func=(
        "IF NOT EXISTS (SELECT 1 FROM engagements_signoff s WHERE s.document_id = NEW.current_document_id)"
        " OR EXISTS (SELECT 1 FROM engagements_requiredsigner r"
        " WHERE r.document_id = NEW.current_document_id AND NOT EXISTS"
        " (SELECT 1 FROM engagements_signoff s WHERE s.document_id = r.document_id"
        " AND s.signed_by_id = r.user_id AND NOT EXISTS"
        " (SELECT 1 FROM engagements_revocation v WHERE v.signoff_id = s.id)))"
        " THEN RAISE EXCEPTION 'A required signature is missing'; END IF; RETURN NEW;"
    ),
)
