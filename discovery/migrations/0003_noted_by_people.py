from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discovery', '0002_external_keys'),
    ]

    operations = [
        migrations.AlterField(
            model_name='finding',
            name='source',
            field=models.CharField(choices=[('configuration', 'Configuration'), ('logs', 'Mail logs'), ('answers', 'Answers against facts'), ('drift', 'Drift from the signed plan'), ('person', 'Noted by a person')], default='configuration', max_length=13),
        ),
    ]
