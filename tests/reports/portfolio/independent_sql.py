"""What each figure has to come to, counted by hand-written SQL that knows nothing of the portal's own code.

`e` are the engagements of the period. Each statement gives the count first; a second column is what is summed up.
"""

ENGAGEMENTS = (
    "e AS (SELECT * FROM engagements_engagement"
    " WHERE created_at >= %(first)s::timestamptz AND created_at < %(end)s::timestamptz)"
)
# Per request: when it was answered, or now; how much the clock counted; what its quotes say.
REQUESTS = (
    ENGAGEMENTS + ", p AS (SELECT request_id, min(paused_at) AS since, max(resumed_at) AS until FROM pricing_pause"
    " GROUP BY request_id), r AS (SELECT e.phase, q.complete_at, q.answered_at,"
    " coalesce(q.answered_at, now()) - q.complete_at - coalesce(greatest(interval '0',"
    " least(p.until, coalesce(q.answered_at, now())) - p.since), interval '0') AS took,"
    " EXISTS (SELECT FROM pricing_quote x WHERE x.engagement_id = e.id AND x.sent_at IS NOT NULL) AS quoted,"
    " EXISTS (SELECT FROM pricing_quote x WHERE x.engagement_id = e.id AND x.state = 'accepted') AS accepted,"
    " coalesce((SELECT x.state = 'expired' OR (x.state = 'sent' AND x.valid_until < now()) FROM pricing_quote x"
    " WHERE x.engagement_id = e.id ORDER BY x.id DESC LIMIT 1), false) AS ran_out"
    " FROM e JOIN pricing_request q ON q.engagement_id = e.id LEFT JOIN p ON p.request_id = q.id),"
    " o AS (SELECT r.*, CASE WHEN phase IN ('stayed', 'declined') THEN phase WHEN accepted THEN 'won'"
    " WHEN phase = 'cancelled' THEN 'cancelled' WHEN ran_out THEN 'expired' ELSE 'open' END AS outcome FROM r)"
)
# Per gate that was opened: how long each side was waited for, without the time on hold.
WAITS = (
    ENGAGEMENTS + ", held AS (SELECT t.engagement_id, t.step, t.at AS since,"
    " coalesce(lead(t.at) OVER (PARTITION BY t.engagement_id ORDER BY t.id), 'infinity') AS until"
    " FROM engagements_transition t WHERE t.gate_id IS NULL),"
    " ended AS (SELECT engagement_id, max(at) AS at FROM engagements_transition"
    " WHERE after IN ('completed', 'stayed', 'cancelled', 'declined') AND gate_id IS NULL GROUP BY engagement_id),"
    " s AS (SELECT t.gate_id, t.engagement_id, t.after, t.at AS since, coalesce(lead(t.at) OVER"
    " (PARTITION BY t.gate_id ORDER BY t.id), d.at, now()) AS until FROM engagements_transition t"
    " JOIN e ON e.id = t.engagement_id LEFT JOIN ended d ON d.engagement_id = t.engagement_id"
    " WHERE t.gate_id IS NOT NULL),"
    " w AS (SELECT s.gate_id, coalesce(sum(s.until - s.since - (SELECT coalesce(sum(greatest(interval '0',"
    " least(s.until, h.until) - greatest(s.since, h.since))), interval '0') FROM held h"
    " WHERE h.engagement_id = s.engagement_id AND h.step = 'hold'))"
    " FILTER (WHERE s.after = ANY(%(states)s)), interval '0') AS took FROM s GROUP BY s.gate_id)"
)
MEDIAN = "count(*), extract(epoch FROM percentile_cont(0.5) WITHIN GROUP (ORDER BY took))"
ON_CONSULTANCY, ON_CUSTOMER = ["open", "changes_requested"], ["submitted"]
MOVED = "EXISTS (SELECT FROM engagements_transition t WHERE t.engagement_id = e.id AND {})"
EXECUTED = MOVED.format("t.step = 'finish_discovery'")
SPLIT = (
    "EXISTS (SELECT FROM delivery_sharechange c JOIN delivery_ramp a ON a.id = c.ramp_id"
    " WHERE a.engagement_id = e.id AND c.state = 'done' AND {})"
)
BACK = "EXISTS (SELECT FROM delivery_rollback b WHERE b.engagement_id = e.id AND NOT b.is_drill)"
NEWEST_RUN = (
    " FROM e JOIN delivery_reconciliationrun n ON n.engagement_id = e.id AND NOT EXISTS (SELECT FROM"
    " delivery_reconciliationrun m WHERE m.engagement_id = e.id AND m.number > n.number)"
)
MAP = (
    " FROM e JOIN discovery_translationset n ON n.engagement_id = e.id AND n.target = e.target AND n.counted_count > 0"
    " AND NOT EXISTS (SELECT FROM discovery_translationset m WHERE m.engagement_id = e.id AND m.target = e.target"
    " AND m.number > n.number)"
)
GATES = " FROM engagements_gate g JOIN e ON e.id = g.engagement_id WHERE "
AT_WORK = "e.phase NOT IN ('completed', 'stayed', 'declined', 'cancelled') AND g.state "
PHASES = " FROM engagements_schedulephase s JOIN e ON e.id = s.engagement_id WHERE s.actual_end IS NOT NULL"


def of_engagements(where):
    return f"WITH {ENGAGEMENTS} SELECT count(*) FROM e WHERE {where}"


def of_requests(where):
    return f"WITH {REQUESTS} SELECT count(*) FROM o WHERE {where}"


def of_gates(where):
    return f"WITH {ENGAGEMENTS} SELECT count(*){GATES}{where}"


def of_maps(where):
    return f"WITH {ENGAGEMENTS} SELECT count(*){MAP} WHERE {where}"


WORKED = "(SELECT sum(d.days) FROM reports_daysspent d WHERE d.engagement_id = e.id AND d.phase = 2)"
CARRIED_OUT = f"{WORKED} > 0 AND " + MOVED.format("t.step = 'finish_install'")
CUSTOM = "100 * (n.counted_count - n.covered_count)"
STATEMENTS = {
    "answered": of_requests("answered_at IS NOT NULL"),
    "stayed": of_requests("answered_at IS NOT NULL AND phase = 'stayed'"),
    "agreed": of_engagements(
        "EXISTS (SELECT FROM pricing_quote q WHERE q.engagement_id = e.id AND q.state = 'accepted')"
    ),
    "refunded": (
        f"WITH {ENGAGEMENTS} SELECT count(*), sum(q.total - 2400) FROM e JOIN pricing_quote q ON q.engagement_id = e.id"
        " WHERE q.state = 'accepted' AND e.phase = 'stayed' AND q.total > 2400"
    ),
    "targeted": of_engagements("target <> ''"),
    "powermta": of_engagements("target = 'powermta'"),
    "kumomta": of_engagements("target = 'kumomta'"),
    "discovered": of_engagements(
        MOVED.format(
            "(t.step IN ('finish_discovery', 'finish_plan') OR (t.step = 'advise_to_stay' AND t.before = 'discovery'))"
        )
    ),
    "self_run": of_engagements(MOVED.format("t.step = 'finish_plan'")),
    "executed": of_engagements(EXECUTED),
    "streams_known": of_engagements(EXECUTED + " AND e.id IN (SELECT engagement_id FROM discovery_stream)"),
    "streams_gone": of_engagements(
        EXECUTED + " AND NOT EXISTS (SELECT FROM discovery_stream s WHERE s.engagement_id = e.id)"
    ),
    "hybrid": of_engagements(
        EXECUTED + " AND (SELECT count(DISTINCT s.route) FROM discovery_stream s WHERE s.engagement_id = e.id"
        " AND s.route IN ('migrate', 'stay')) = 2"
    ),
    "split": of_engagements(SPLIT.format("c.share > 0")),
    "fell_partly": of_engagements(
        f"{SPLIT.format('c.share > 0')} AND {SPLIT.format('c.share < c.previous')} AND NOT {BACK}"
    ),
    "fell_fully": of_engagements(f"{SPLIT.format('c.share > 0')} AND {BACK}"),
    "reconciled": f"WITH {ENGAGEMENTS} SELECT count(*), sum((n.report->>'recipients')::bigint){NEWEST_RUN}",
    "unaccounted": (
        f"WITH {ENGAGEMENTS} SELECT count(*) FILTER (WHERE (n.report->'states'->>'missing')::bigint > 0),"
        f" sum((n.report->'states'->>'missing')::bigint){NEWEST_RUN}"
    ),
    "requests": of_requests("true"),
    "complete": of_requests("complete_at IS NOT NULL"),
    "quoted": of_requests("quoted"),
    "won": of_requests("outcome = 'won'"),
    "declined": of_requests("outcome = 'declined'"),
    "expired": of_requests("outcome = 'expired'"),
    "cancelled": of_requests("outcome = 'cancelled'"),
    "pending": of_requests("outcome = 'open'"),
    "decided": of_requests("quoted AND outcome NOT IN ('stayed', 'open')"),
    "win_rate": of_requests("quoted AND outcome = 'won'"),
    "judged": of_requests("answered_at IS NOT NULL OR (phase = 'intake' AND took >= interval '48 hours')"),
    "hit": of_requests("answered_at IS NOT NULL AND took <= interval '48 hours'"),
    "timed": f"WITH {REQUESTS} SELECT {MEDIAN} FROM o WHERE quoted AND answered_at IS NOT NULL",
    "signing": (
        f"WITH {ENGAGEMENTS}, w AS (SELECT max(t.at) FILTER (WHERE t.step = 'sign_gate')"
        " - max(t.at) FILTER (WHERE t.step = 'submit_gate') AS took FROM engagements_transition t"
        " JOIN engagements_gate g ON g.id = t.gate_id JOIN e ON e.id = g.engagement_id"
        f" WHERE g.state = 'signed' GROUP BY g.id) SELECT {MEDIAN} FROM w"
    ),
    "waited_consultancy": f"WITH {WAITS} SELECT {MEDIAN} FROM w",
    "waited_customer": f"WITH {WAITS} SELECT {MEDIAN} FROM w",
    "open_gates": of_gates(AT_WORK + "IN ('open', 'changes_requested', 'submitted')"),
    "open_consultancy": of_gates(AT_WORK + "IN ('open', 'changes_requested')"),
    "open_customer": of_gates(AT_WORK + "= 'submitted'"),
    "phases": f"WITH {ENGAGEMENTS} SELECT count(*){PHASES}",
    "overran": (
        f"WITH {ENGAGEMENTS} SELECT count(*){PHASES}"
        " AND s.actual_end - s.actual_start > s.planned_end - s.planned_start"
    ),
    "spent": (
        f"WITH {ENGAGEMENTS}, d AS (SELECT engagement_id, sum(days) AS days FROM reports_daysspent GROUP BY 1)"
        " SELECT count(*), sum(d.days) FROM e JOIN d ON d.engagement_id = e.id WHERE e.phase = 'completed'"
    ),
    "estimated": f"WITH {ENGAGEMENTS} SELECT count(*), sum({WORKED} - n.person_days){MAP} WHERE {CARRIED_OUT}",
    "over_estimate": (
        f"WITH {ENGAGEMENTS} SELECT count(*), sum({WORKED} - n.person_days){MAP}"
        f" WHERE {CARRIED_OUT} AND {WORKED} > n.person_days"
    ),
    "translated": of_maps("true"),
    "below_band": of_maps(f"{CUSTOM} < 5 * n.counted_count"),
    "in_band": of_maps(f"{CUSTOM} BETWEEN 5 * n.counted_count AND 15 * n.counted_count"),
    "above_band": of_maps(f"{CUSTOM} > 15 * n.counted_count"),
    "month_requests": of_engagements("true"),
    "month_started": of_engagements(MOVED.format("t.step = 'start_discovery'")),
    "month_signed": of_gates("g.state = 'signed'"),
    "month_completed": of_engagements(MOVED.format("t.step IN ('finish_monitoring', 'finish_plan')")),
    "month_stayed": of_engagements(MOVED.format("t.step = 'advise_to_stay'")),
}
STATES = {"waited_consultancy": ON_CONSULTANCY, "waited_customer": ON_CUSTOMER}

MONTHS = (
    f"WITH {ENGAGEMENTS} SELECT to_char(x.at AT TIME ZONE 'Etc/GMT+5', 'YYYY-MM'), count(*)"
    " FROM (SELECT max(t.at) AS at"
    " FROM engagements_transition t JOIN engagements_gate g ON g.id = t.gate_id JOIN e ON e.id = g.engagement_id"
    " WHERE g.state = 'signed' GROUP BY g.id) x GROUP BY 1"
)
TIERS = (
    f"WITH {ENGAGEMENTS} SELECT e.tier_label, count(*),"
    " percentile_cont(0.5) WITHIN GROUP (ORDER BY s.planned_end - s.planned_start + 1),"
    f" percentile_cont(0.5) WITHIN GROUP (ORDER BY s.actual_end - s.actual_start + 1){PHASES} GROUP BY 1 ORDER BY 1"
)
WORK = (
    f"WITH {ENGAGEMENTS}, d AS (SELECT engagement_id, sum(days) AS days FROM reports_daysspent GROUP BY 1)"
    " SELECT e.tier_label, count(*), percentile_cont(0.5) WITHIN GROUP (ORDER BY d.days),"
    " percentile_cont(0.5) WITHIN GROUP (ORDER BY q.total) FROM e JOIN d ON d.engagement_id = e.id"
    " JOIN pricing_quote q ON q.engagement_id = e.id AND q.state = 'accepted'"
    " WHERE e.phase = 'completed' GROUP BY 1 ORDER BY 1"
)
CONSTRUCTS = (
    f"WITH {ENGAGEMENTS} SELECT c.kind, c.name, count(DISTINCT e.id), count(*){MAP}"
    " JOIN discovery_translatedconstruct c ON c.translation_id = n.id"
    " WHERE c.letter IN ('C', 'X', 'not classified') GROUP BY 1, 2 ORDER BY 3 DESC, 4 DESC, 1, 2 LIMIT 20"
)
