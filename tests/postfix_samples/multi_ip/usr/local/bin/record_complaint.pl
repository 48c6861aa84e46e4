#!/usr/bin/perl
# Complaints (ARF) from the feedback loops: take the address off every list.
use strict;
my $recipient;
while (<STDIN>) {
    $recipient = $1 if /^Original-Rcpt-To:\s*<?([^>\s]+)/i;
}
open(my $list, '>>', '/etc/postfix/suppressed') or die;
print $list "$recipient REJECT complaint through feedback-report\n" if $recipient;
close $list;
system('postmap', '/etc/postfix/suppressed');
