from django.db import migrations, models

# A phase that has begun and has nothing frozen yet goes on in the language of its plan.
TAKE_THAT_OF_THE_PLAN = """
UPDATE engagements_gate AS later SET language = plan.language
FROM engagements_gate AS plan
WHERE plan.engagement_id = later.engagement_id AND plan.number = 1 AND later.number > 1
AND later.state = 'open' AND later.current_document_id IS NULL
"""
BACK_TO_THE_FIRST = "UPDATE engagements_gate SET language = 'en' WHERE number > 1"


class Migration(migrations.Migration):
    dependencies = [("engagements", "0011_conditions_fall")]

    operations = [
        migrations.RemoveConstraint("gate", "gate_language_is_chosen_for_the_plan_alone"),
        migrations.AddConstraint(
            "gate",
            models.CheckConstraint(
                condition=models.Q(("language__in", ["en", "es"])), name="gate_language_is_known"
            ),
        ),
        migrations.RunSQL(TAKE_THAT_OF_THE_PLAN, BACK_TO_THE_FIRST),
    ]
