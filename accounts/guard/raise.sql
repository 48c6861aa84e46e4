-- One statement a request, run as whoever owns the tables: what the person sees, asked of the tables themselves and not
-- of the code whose filters this stands behind. The role comes last: from then on the policies hold.
-- Who has an assignment by being on the team sees by it; everybody else sees by the organizations they belong to.
WITH membership AS (
    SELECT m.organization_id, m.organization_kind FROM accounts_membership m WHERE m.user_id = %(person)s
), seen AS (
    SELECT e.id, e.organization_id FROM engagements_engagement e
    WHERE e.lead_id = %(person)s AND EXISTS (SELECT FROM membership WHERE organization_kind = 'consultancy')
    UNION SELECT e.id, e.organization_id FROM engagements_engagement_consultants c
    JOIN engagements_engagement e ON e.id = c.engagement_id
    WHERE c.user_id = %(person)s AND EXISTS (SELECT FROM membership WHERE organization_kind = 'consultancy')
    UNION SELECT e.id, e.organization_id FROM engagements_engagement e
    JOIN membership m ON m.organization_id = e.organization_id
    WHERE NOT EXISTS (SELECT FROM membership WHERE organization_kind = 'consultancy')
)
SELECT
    set_config('gatepost.reader', %(person)s::text, false),
    set_config('gatepost.engagements', (SELECT coalesce(array_agg(id), '{}')::text FROM seen), false),
    set_config('gatepost.organizations', (
        SELECT coalesce(array_agg(id), '{}')::text FROM (
            SELECT organization_id AS id FROM membership
            UNION SELECT organization_id FROM seen
            UNION SELECT o.id FROM accounts_organization o WHERE o.kind = 'consultancy'
        ) AS organizations
    ), false),
    set_config('role', coalesce((
        SELECT r.rolname::text FROM pg_roles r WHERE r.rolname = %(role)s AND pg_has_role(r.oid, 'MEMBER')
    ), 'none'), false)
