from delivery.proxy.choice.mx_groups import main
from delivery.proxy.choice.providers import read_providers

ZONE = """$TTL 300
corp.example. IN MX 20 mail.corp.example.
corp.example. IN MX 10 corp-example.mail.protection.outlook.com.
shop.example. IN MX 10 aspmx.l.google.com.
own.example. IN MX 10 mail.own.example.
none.example. IN A 192.0.2.1
"""


def test_domains_are_grouped_by_who_takes_their_mail(tmp_path, capsys):
    (tmp_path / "zone").write_text(ZONE)
    (tmp_path / "domains").write_text(
        "Corp.example.\nshop.example # a customer\n\nown.example\nnone.example\ncorp.example\n"
    )

    assert main([str(tmp_path / "domains"), "--resolver", str(tmp_path / "zone")]) == 0

    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "corp.example Microsoft 365",
        "shop.example Google",
        "# own.example: mail.own.example",
        "# none.example: Nothing of this kind.",
    ]
    assert err == "2 of 4 domains belong to a known provider\n"
    (tmp_path / "groups").write_text(out)
    assert read_providers(tmp_path / "groups").of("corp.example") == "microsoft 365"


def test_a_file_or_resolver_that_cannot_be_used_is_named(tmp_path, capsys):
    assert main([str(tmp_path / "absent")]) == 1
    assert "absent" in capsys.readouterr().err
    (tmp_path / "domains").write_text("corp.example\n")

    assert main([str(tmp_path / "domains"), "--resolver", "nobody"]) == 1

    assert "nobody" in capsys.readouterr().err
