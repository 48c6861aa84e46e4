from django.db import migrations, models

# Those that stand keep the number that people know, of the row: mails, the ledger and programs name them by it.
NUMBER_THEM = "UPDATE engagements_question SET number = id"


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
