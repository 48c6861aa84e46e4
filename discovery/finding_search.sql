-- The first findings of all engagements that hold every word in their title and rule, or have the number.
-- What rules say has as many names as there are rules: finding_by_name is stepped through from name to name, and of each
-- that fits the first are taken in the order of the page. What people noted is read whole.
WITH RECURSIVE asked (words) AS (
    SELECT array_agg(UPPER(word)) FROM unnest(%s::text[]) word
), name (rule, title) AS (
    (SELECT f.rule, f.title FROM discovery_finding f WHERE f.source <> 'person' ORDER BY f.rule, f.title LIMIT 1)
    UNION ALL
    SELECT next.rule, next.title FROM name CROSS JOIN LATERAL (
        SELECT f.rule, f.title FROM discovery_finding f
        WHERE f.source <> 'person' AND (f.rule, f.title) > (name.rule, name.title)
        ORDER BY f.rule, f.title LIMIT 1
    ) next
), fitting AS MATERIALIZED (
    -- No word has a line break in it, so none stands half in the title and half in the rule.
    SELECT name.rule, name.title FROM name
    WHERE UPPER(name.title || E'\n' || name.rule) LIKE ALL ((SELECT words FROM asked)::text[])
)
SELECT found.id FROM (
    SELECT f.id, f.engagement_id, f.number FROM fitting CROSS JOIN LATERAL (
        SELECT f.id, f.engagement_id, f.number FROM discovery_finding f
        WHERE f.source <> 'person' AND f.rule = fitting.rule AND f.title = fitting.title
        ORDER BY f.engagement_id, f.number LIMIT %s
    ) f
    UNION (
        SELECT f.id, f.engagement_id, f.number FROM discovery_finding f
        WHERE f.source = 'person' AND UPPER(f.title || E'\n' || f.rule) LIKE ALL ((SELECT words FROM asked)::text[])
        ORDER BY f.engagement_id, f.number LIMIT %s
    )
    UNION (
        SELECT f.id, f.engagement_id, f.number
        FROM engagements_engagement e JOIN discovery_finding f ON f.engagement_id = e.id
        WHERE f.number = %s::integer ORDER BY f.engagement_id LIMIT %s
    )
) found ORDER BY found.engagement_id, found.number LIMIT %s
