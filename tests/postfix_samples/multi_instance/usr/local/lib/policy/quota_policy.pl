#!/usr/bin/perl
# Policy service: no more than 500 messages an hour for one login.
use strict;
use DBI;
$| = 1;
my $counts = DBI->connect('dbi:SQLite:/var/lib/policy/counts.db');
my %asked;
while (my $line = <STDIN>) {
    chomp $line;
    if ($line =~ /^([^=]+)=(.*)$/) { $asked{$1} = $2; next; }
    my ($sent) = $counts->selectrow_array('SELECT sent FROM hour WHERE login = ?', undef, $asked{sasl_username});
    print $sent > 500 ? "action=DEFER quota of this hour is used up\n\n" : "action=DUNNO\n\n";
    %asked = ();
}
