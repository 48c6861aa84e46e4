from django.db import migrations, models

import core.models.audit


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0002_sealed_mail'),
    ]

    operations = [
        # In two steps: a column that comes with its default would put all that was written before into one act.
        migrations.AddField(
            model_name='auditevent',
            name='act',
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.AlterField(
            model_name='auditevent',
            name='act',
            field=models.BigIntegerField(db_default=core.models.audit.CurrentTransaction(), editable=False, null=True),
        ),
    ]
