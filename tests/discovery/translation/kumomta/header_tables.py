"""A hundred tables of invented rules and the headers of twenty invented messages."""

PCRE = r"""
/^Subject:\s*(.*)$/ WARN subject is $1
/^Subject: .*\boffer\b/ REJECT 5.7.1 no offers
/^Received: from ([^ ]*)/ REPLACE Received: from ${1} hidden
/^X-(Mailer|Agent): *(.*)$/ PREPEND X-Seen: $(1)=$2 for $$5
/^x-case: a$/i INFO exact case
/^X-Case: [[:lower:]]$/i WARN lower letter
/^X-Case: [[:upper:]]$/ WARN any letter
!/^(Subject|To|From|Date):/ INFO not one of four
/folded.*twice/ WARN folded
/folded.*twice/s WARN dot stops at line ends
/^\s+twice/m WARN a line of its own
/folded$/m WARN a line ends here
/folded$/ WARN nothing follows
/twice\Z/ WARN at the very end
/\AMessage-ID: <(?<left>[^@>]+)@([^>]+)>/ INFO $1 at $2
/^Message-ID:\s+<([^>]*)>\s*$/ INFO id $1
/^To: (?:"[^"]*" )?<?([^<>@ ]+)@([\w.-]+)>?/ INFO $1 of $2
/(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})/ WARN address $1-$2-$3-$4
/^Received:.*\[(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01]))\./ IGNORE
/^X-Priority: ([1-5])(?!\d)/ REPLACE X-Priority: 3
/^X-Priority: [^1-5]/ REJECT odd priority
/(?<=X-Stream: )news/ WARN news
/(?<!X-)Stream/ WARN bare stream
/(?<=Mailer: |Agent: )(\w+)/ INFO program $1
/^X-Mark: (\w)\1/i WARN doubled
/^X-Mark: (?-i)(\w)(\w)\2\1/ WARN mirrored
/^X-Mark: (?>a+)b/ WARN atomic
/^X-Mark: a++a/ WARN never
/^X-Mark: (a+?)(a*)$/ INFO $1|$2
/^X-Mark: (a*)(a+)$/ INFO $1|$2
/^X-Mark: (a*?)(a+)$/U INFO $1|$2
/^ X - S p a c e : \s* (.*) $ # a comment/x INFO spaced $1
/^X-Space:\ \ two/x INFO two blanks
/\QX-Quote: a.b*c\E/ INFO quoted
/^X-Quote: [.]{1}[*]/ INFO brackets
/caf\xC3\xA9/ WARN coffee by bytes
/café/ WARN coffee
/caf[é]$/ WARN half a letter
/caf..$/ WARN two bytes
/[^\x00-\x7F]/ WARN not ASCII
/[\x80-\xff]{2,}/ WARN several bytes
/=\?utf-8\?[bq]\?/ INFO encoded
/^Subject:.*=\?([^?]+)\?([BQ])\?/ INFO charset $1 by $2
/^(?i:x-stream): news/i INFO stream in small letters
/^X-Stream: (news|account|alert)(-\d+)?$/ INFO stream $1 number $2
/^X-(?:Stream|Campaign): (.*?)(?: \(test\))?$/ INFO $1
/^List-Unsubscribe: (?=.*mailto:)(?=.*https:)/ INFO both ways
/^List-Unsubscribe: (?!.*https:)/ WARN only by mail
/^Content-Type: .*name="?[^"]*\.(exe|scr|js)"?/ REJECT attachment $1
/^Content-Type:\s*multipart\/(\w+);\s*boundary=("?)([^";]+)\2$/i INFO $1 $3
/^Date: (\w{3}), (\d\d?) (\w{3}) (\d{4})/ INFO $4 $3 $2
/^Date: (?!Mon|Tue|Wed|Thu|Fri)/ WARN weekend
/^Cc: ([^,]+)(?:,\s*([^,]+))*$/ INFO first $1
/^Cc:(?:[^,]*,){2,}/ WARN many
/^From: .*<([^>]*)>/ INFO sender $1
/^From: ((?:[^<"]|"[^"]*")*)</ INFO name $1
/^Return-Path:\h*<>$/ INFO a bounce
/^Auto-Submitted:\h+(?!no\b)\S/ DUNNO
/^Precedence:\h*(bulk|junk|list)/ INFO $1
/^X-Tab:\t+(\H+)/ INFO after tabs $1
/^X-Empty:\s*$/ IGNORE
/^X-Long: (?:ab){3,}c/ INFO long
/^X-Long: ((?:ab)+)(.)/ INFO $1 then $2
/^.{60,}$/s WARN a long line
/^[^:]{12,}:/ WARN a long name
/^([A-Z])[a-z]+-\1/i WARN starts alike
/\$\d+(?:\.\d\d)?/ WARN money
/(?m)^\tby (\S+)/ INFO by $1
/\bid\b\W+(\w+)/ INFO id is $1
/a|b|^$/ DUNNO
""".strip().splitlines()
REGEXP = r"""
/^Subject: (.*)$/ WARN subject is $1
/^(Subject|X-Stream): (.*)$/ INFO $1 is $2
/^Received: from ([^ ]+) .*$/ REPLACE Received: from $1 hidden
/^x-case: a$/i INFO exact case
/^X-Case: [[:lower:]]$/i WARN lower letter
!/^[A-M]/ INFO late in the alphabet
/^X-Priority: [1-2]$/!/ 1$/ INFO second
/folded.*twice/ WARN folded
/folded$/m WARN a line ends here
/folded.*twice/m WARN dot stops at line ends
/^To: .*@([a-z.-]+)>?$/ INFO domain $1
/[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}/ WARN an address
/^X-Mark: a{2,3}b/ WARN counted
/^X-Mark: a{,2}b/ WARN few
/^X-Mark: (a*)(a|b)$/ INFO $1|$2
/^X-Quote: [].*-]+/ INFO brackets
/^X-Quote: [a\]\.b/ INFO a backslash in brackets
/^X-(Stream|Campaign): / DUNNO
/\<offer\>/ REJECT no offers
/caf[^a-z]+$/ WARN coffee
/^Message-ID: *<([^@>]+)@([^>]+)>/ INFO $1 at $2
/^[^:]+:[[:space:]]*$/ IGNORE
/^X-Mailer: (Mass|Bulk)/ REJECT
/^Content-Type: .*\.(exe|scr|js)/ REJECT attachment $1
/^Date: (Sat|Sun),/ WARN weekend
/(a|b)?c$/ WARN an end
""".strip().splitlines()
NESTED = (
    "if /^Subject:/\n/test/ WARN a test\n!/offer/ INFO plain\nendif\n/^X-/ INFO extra",
    "if /^X-/\nif /Stream/\n/news/ WARN news\nendif\n/Token/ INFO token\nendif\n/./ DUNNO",
    "if !/^(Subject|To):/\n/^(\\w+):/ INFO other $1\nendif\n/^To:/ INFO to",
    "# spread\n/^Subject:/\n  WARN spread over lines\n/^Date:/ INFO date",
)
TABLES = [("pcre", rule) for rule in PCRE] + [("regexp", rule) for rule in REGEXP] + [("pcre", each) for each in NESTED]

MESSAGES = (
    'Subject: an offer for you\nFrom: "Anna A." <anna@north.example>\nTo: berta@south.example\nX-Stream: news-7',
    "Subject: test\nX-Case: a\nX-Case: B\nDate: Sun, 1 Nov 2026 10:00:00 +0000\nX-Mark: abba",
    "Received: from client.inner.example (unknown [192.168.7.9])\n\tby relay.south.example id ABC123\nX-Priority: 1",
    "X-Mailer: Mass 2.1\nX-Agent: curl/8\nMessage-ID: <123.abc@mail.north.example>\nX-Mark: aaab",
    "Subject: folded\n twice\nX-Folded: this is folded\n and then twice",
    "Subject: café\nX-Coffee: grüße café\nX-Mark: aab\nX-Priority: 12",
    "Subject: =?UTF-8?B?Y2Fmw6k=?=\nX-Stream: account\nX-Mark: aaaa",
    'Content-Type: multipart/mixed; boundary="part one"\nMIME-Version: 1.0\nX-Priority: 9',
    'Content-Type: application/octet-stream; name="run.exe"\nX-Quote: a.b*c\nX-Quote: .*',
    "List-Unsubscribe: <mailto:off@north.example>, <https://north.example/off>\nCc: a@x.example, b@x.example,c@x.test",
    "List-Unsubscribe: <mailto:off@north.example>\nPrecedence: bulk\nAuto-Submitted: auto-generated",
    "Return-Path: <>\nAuto-Submitted: no\nX-Empty:\nX-Empty:   ",
    "X-Tab:\t\tvalue here\nX-Long: abababc\nX-Long: ababd\nX-Mark: a",
    "Date: Mon, 02 Nov 2026 10:00:00 +0000\nDate: Sat, 7 Nov 2026 10:00:00 +0000\nX-Space:  two",
    'To: "Carl, the second" <carl@West.Example>\nTo: dora@east.example\nFrom: bare@north.example',
    "X-Campaign: spring (test)\nX-Campaign: autumn\nX-Stream: alert-12\nX-Stream: other",
    "Subject: it costs $12.50 or $3\nX-A-Very-Long-Name-Of-A-Header: x\nX-Ab-Xb: alike",
    "Received: from mx.east.example ([10.4.5.6]) by in.south.example; id zz9\nReceived: from [172.20.1.1] by x",
    "X-Quote: \\.b\nX-Quote: ]-.\nX-Mark: b\nX-Mark: zz",
    "Subject: " + "ab" * 60 + "c\nX-Stream: NEWS\nx-stream: news\nMessage-ID: <>",
)
