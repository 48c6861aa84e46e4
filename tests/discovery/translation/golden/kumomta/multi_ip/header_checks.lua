local M = {}  -- no line of Postfix says this: the rules are handed over as one table, by instance

M["postfix"] = {  -- etc/postfix/header_checks:2
  primary = {  -- etc/postfix/header_checks:2
    {  -- etc/postfix/header_checks:2
      -- /^X-Stream:\s*news/i FILTER news2:
      { op = "match", depth = 0, tests = { { "^X-Stream:[\\x09-\\x0D ]*news", false } }, action = "FILTER", at = "etc/postfix/header_checks:2", text = { "news2:" }, route = { action = "send", transport = "news2" } },  -- etc/postfix/header_checks:2
      -- /^X-Stream:\s*account/i FILTER trans3:
      { op = "match", depth = 0, tests = { { "^X-Stream:[\\x09-\\x0D ]*account", false } }, action = "FILTER", at = "etc/postfix/header_checks:3", text = { "trans3:" }, route = { action = "send", transport = "trans3" } },  -- etc/postfix/header_checks:3
      -- /^X-Internal-Ticket:/ IGNORE
      { op = "match", depth = 0, tests = { { "(?i)^x-internal-ticket:", false } }, action = "IGNORE", at = "etc/postfix/header_checks:4", text = {} },  -- etc/postfix/header_checks:4
      -- /^Received: from app[0-9]+\.internal/ REPLACE Received: from application
      { op = "match", depth = 0, tests = { { "(?i)^received: from app[0-9]+\\.internal", false } }, action = "REPLACE", at = "etc/postfix/header_checks:5", text = { "Received: from application" } },  -- etc/postfix/header_checks:5
      -- /^Subject:.*\[TEST\]/ HOLD
      { op = "match", depth = 0, tests = { { "(?i)^subject:[^\\x00]*\\[test\\]", false } }, action = "HOLD", at = "etc/postfix/header_checks:6", text = {} },  -- etc/postfix/header_checks:6
    },
  },
  delivery = {  -- etc/postfix/header_checks:2
    [""] = {  -- etc/postfix/header_checks:2
      primary = {  -- etc/postfix/smtp_header_checks:1
        {  -- etc/postfix/smtp_header_checks:1
          -- /^Reply-To: (.*)@internal\.example/ REPLACE Reply-To: $1@sender.example
          { op = "match", depth = 0, tests = { { "(?i)^reply-to: ([\\s\\S]*)@internal\\.example", false } }, action = "REPLACE", at = "etc/postfix/smtp_header_checks:1", text = { "Reply-To: ", 1, "@sender.example" } },  -- etc/postfix/smtp_header_checks:1
        },
      },
    },
  },
}
M["postfix"].mime = M["postfix"].primary  -- no line of Postfix says this: no line sets tables for these headers, so they use those of header_checks (postconf(5))
M["postfix"].nested = M["postfix"].primary  -- no line of Postfix says this: no line sets tables for these headers, so they use those of header_checks (postconf(5))

return M  -- no line of Postfix says this: Lua asks for it
