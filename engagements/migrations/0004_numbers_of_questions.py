from django.db import migrations, models

# By age within each engagement: until now people read the number of the row, which counts the questions of everybody.
NUMBER_THEM = """
UPDATE engagements_question AS question SET number = aged.number
FROM (SELECT id, row_number() OVER (PARTITION BY engagement_id ORDER BY id) AS number FROM engagements_question) AS aged
WHERE question.id = aged.id
"""


class Migration(migrations.Migration):

    dependencies = [
        ('engagements', '0003_versions_of_endpoints'),
    ]

    operations = [
        migrations.AddField(
            model_name='question',
            name='number',
            field=models.PositiveIntegerField(null=True),
        ),
        migrations.RunSQL(NUMBER_THEM, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name='question',
            name='number',
            field=models.PositiveIntegerField(),
        ),
        migrations.AddConstraint(
            model_name='question',
            constraint=models.UniqueConstraint(fields=('engagement', 'number'), name='question_number_once'),
        ),
    ]
