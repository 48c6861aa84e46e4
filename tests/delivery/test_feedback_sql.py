from django.urls import reverse

from tests.factories.feedback import hard_bounce


def test_the_queue_leaves_as_sql_for_a_table_and_a_name_that_is_none_is_refused(client, engagement, ada):
    hard_bounce(engagement, actor=ada)
    client.force_login(ada)
    url = reverse("feedback:export", args=[engagement.code, "postgresql"])

    sent = client.get(url, {"table": "mail.bounces", "columns": "email=recipient, code=status"})
    refused = client.get(url, {"table": "bounces; DROP TABLE x"})

    assert sent["Content-Disposition"] == 'attachment; filename="bounces.sql"'
    assert (
        'INSERT INTO "mail"."bounces" ("email", "code") VALUES (\'anna@example.org\', '
        in b"".join(sent.streaming_content).decode()
    )
    page = client.get(reverse("feedback:queue", args=[engagement.code])).content.decode()
    assert 'name="table"' in page
    assert refused.status_code == 422
    assert "cannot be the name of a table" in refused.content.decode()
