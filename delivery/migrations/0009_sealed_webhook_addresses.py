from urllib.parse import urlsplit

from django.db import migrations, models

from core import sealing


def seal_addresses(apps, schema_editor):
    """Path and query may hold a token, so the whole lies sealed and only scheme and host stay readable."""
    for webhook in apps.get_model("delivery", "Webhook").objects.all():
        webhook.origin = f"https://{urlsplit(webhook.url).netloc}"
        webhook.sealed_url = sealing.seal(webhook.url.encode(), purpose="addresses of webhooks")
        webhook.save(update_fields=["origin", "sealed_url"])


class Migration(migrations.Migration):

    dependencies = [
        ('delivery', '0008_webhooks'),
    ]

    operations = [
        migrations.AddField(
            model_name='webhook',
            name='origin',
            field=models.CharField(default='', max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='webhook',
            name='sealed_url',
            field=models.BinaryField(default=b''),
            preserve_default=False,
        ),
        migrations.RunPython(seal_addresses, migrations.RunPython.noop),
        migrations.RemoveField(
            model_name='webhook',
            name='url',
        ),
    ]
