"""Programs that people send with, each told to hand one file to a server. All are Debian's, or Python's own."""

import os
import shutil
import sys
from pathlib import Path

SENDER, RECIPIENT = "app@client.example", "reader@mail.example"
SMTPLIB = """
import smtplib, sys
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=120) as line:
    line.sendmail(sys.argv[2], [sys.argv[3]], open(sys.argv[4], "rb").read(), mail_options=["BODY=8BITMIME"])
"""
NET_SMTP = """
use Net::SMTP;
my ($port, $from, $to, $path) = @ARGV;
open(my $file, "<:raw", $path) or die; local $/; my $text = <$file>; $text =~ s/\\r\\n/\\n/g;
my $line = Net::SMTP->new("127.0.0.1", Port => $port, Timeout => 120) or die "no connection";
$line->mail($from, Bits => 8) or die; $line->to($to) or die; $line->data() or die;
$line->datasend($text) or die; $line->dataend() or die $line->message; $line->quit();
"""
NODEMAILER = """
const mailer = require('/usr/share/nodejs/nodemailer');
const [port, from, to, path] = process.argv.slice(1);
const way = mailer.createTransport({host: '127.0.0.1', port: Number(port), secure: false, ignoreTLS: true});
way.sendMail({envelope: {from, to: [to]}, raw: require('fs').readFileSync(path)})
  .then(() => way.close(), (error) => { console.error(error); process.exit(1); });
"""


def found(program: str) -> str:
    return shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or program


def swaks(port: int, path: Path) -> list[str]:
    words = ["swaks", "--server", f"127.0.0.1:{port}", "--from", SENDER, "--to", RECIPIENT, "--helo", "client.example"]
    return [*words, "--data", f"@{path}", "--hide-all", "--timeout", "120"]


def smtp_source(port: int, path: Path) -> list[str]:
    return [found("smtp-source"), "-f", SENDER, "-t", RECIPIENT, "-F", str(path), f"inet:127.0.0.1:{port}"]


def msmtp(port: int, path: Path) -> list[str]:
    words = ["msmtp", "--host=127.0.0.1", f"--port={port}", f"--from={SENDER}", "--domain=client.example"]
    told = " ".join([*words, "--auth=off", "--tls=off", "--timeout=120", "--set-date-header=off", RECIPIENT])
    return ["sh", "-c", f"exec {told} < '{path}'"]


def curl(port: int, path: Path) -> list[str]:
    words = ["curl", "--silent", "--show-error", f"smtp://127.0.0.1:{port}/client.example", "--mail-from", SENDER]
    return [*words, "--mail-rcpt", RECIPIENT, "--upload-file", str(path), "--max-time", "120"]


def smtplib(port: int, path: Path) -> list[str]:
    return [sys.executable, "-c", SMTPLIB, str(port), SENDER, RECIPIENT, str(path)]


def net_smtp(port: int, path: Path) -> list[str]:
    return ["perl", "-e", NET_SMTP, str(port), SENDER, RECIPIENT, str(path)]


def nodemailer(port: int, path: Path) -> list[str]:
    return ["node", "-e", NODEMAILER, str(port), SENDER, RECIPIENT, str(path)]


CLIENTS = (swaks, smtp_source, msmtp, curl, smtplib, net_smtp, nodemailer)
# Those that read a file of lines as a Unix program writes it.
READS_UNIX_LINES = {"smtp_source", "msmtp"}
