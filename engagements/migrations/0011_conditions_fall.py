from django.db import migrations, models

# What fell by being asked for, and what stayed though its signer revoked the signature that took its place.
_FELL = """
UPDATE engagements_gatetask task SET fell_at = ended.at
FROM (
    SELECT held.task_id, min(revocation.signed_at) AS at
    FROM engagements_condition held
    JOIN engagements_signoff given ON given.id = held.signoff_id
    JOIN engagements_signoff later
        ON later.gate_id = given.gate_id AND later.signed_by_id = given.signed_by_id AND later.id >= given.id
    JOIN engagements_revocation revocation ON revocation.signoff_id = later.id
    GROUP BY held.task_id
) ended
WHERE task.id = ended.task_id AND task.key LIKE 'condition-%'
"""


class Migration(migrations.Migration):
    dependencies = [("engagements", "0010_a_plan_has_a_language")]

    operations = [
        migrations.AddField(
            model_name="gatetask",
            name="fell_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name="gatetask",
            constraint=models.CheckConstraint(
                condition=models.Q(("fell_at", None), ("key__startswith", "condition-"), _connector="OR"),
                name="gate_task_falls_as_a_condition",
            ),
        ),
        migrations.RunSQL(_FELL, migrations.RunSQL.noop),
    ]
