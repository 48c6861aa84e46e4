local M = {}  -- no line of Postfix says this: the ways are handed over as one table, by instance

M["postfix"] = {  -- etc/postfix/master.cf:21
  delimiter = "",  -- no line of Postfix says this: Postfix's default
  default = { action = "send", transport = "smtp" },  -- etc/postfix/main.cf:19
  relay = { action = "send", transport = "relay" },  -- no line of Postfix says this: Postfix's default
  fallback_hop = "fallback.relay.example-587.next-hop",  -- etc/postfix/main.cf:49
  without_fallback = {  -- no line of Postfix says this: these ways out have no fallback
    ["lmtp"] = true,  -- etc/postfix/main.cf:49
  },
  recipients = {  -- etc/postfix/transport:5
    whole = {  -- etc/postfix/transport:5
      { on = "keys", rows = {  -- etc/postfix/transport:5
        ["vip@partner.example"] = { action = "send", transport = "trans1" },  -- etc/postfix/transport:5
        ["fbl@sender.example"] = { action = "hold", text = "4.3.5 this way has not been carried over" },  -- etc/postfix/transport:7
      } },
      { on = "pattern", tests = { { "(?i)@([^\\x00]*\\.)?crm\\.sender\\.example$", false } }, value = { action = "hold", text = "4.3.5 this way has not been carried over" } },  -- etc/postfix/transport.regexp:1
      { on = "pattern", tests = { { "(?i)@slow-", false }, { "(?i)@slow-[A-Za-z]+\\.example$", false } }, value = { action = "send", transport = "slow" } },  -- etc/postfix/transport.regexp:3
    },
    rest = {  -- etc/postfix/transport:2
      { on = "domain", rows = {  -- etc/postfix/transport:2
        ["mailbox.example"] = { action = "send", transport = "slow" },  -- etc/postfix/transport:2
        ["big-provider.example"] = { action = "send", transport = "trans2", hop = "mx.big-provider.example-25.next-hop" },  -- etc/postfix/transport:4
        ["invalid.example"] = { action = "discard", text = "never existed" },  -- etc/postfix/transport:8
        ["closed.example"] = { action = "reject", text = "5.1.2 this domain does not take mail" },  -- etc/postfix/transport:9
      } },
      { on = "subdomains", rows = {  -- etc/postfix/transport:3
        ["mailbox.example"] = { action = "send", transport = "slow" },  -- etc/postfix/transport:3
      } },
    },
  },
  sender_transports = {  -- etc/postfix/main.cf:21
    whole = {  -- etc/postfix/main.cf:21
      { on = "everything", value = { action = "send", transport = "news" } },  -- etc/postfix/main.cf:21
    },
    rest = {  -- etc/postfix/sender_transport:1
      { on = "domain", rows = {  -- etc/postfix/sender_transport:1
        ["news.sender.example"] = { action = "send", transport = "news1" },  -- etc/postfix/sender_transport:1
        ["shop.sender.example"] = { action = "send", transport = "trans1" },  -- etc/postfix/sender_transport:2
        ["account.sender.example"] = { action = "send", transport = "trans3" },  -- etc/postfix/sender_transport:3
      } },
    },
  },
  aliases = {  -- etc/postfix/virtual:1
    whole = {  -- etc/postfix/virtual:1
      { on = "keys", rows = {  -- etc/postfix/virtual:1
        ["return@bounce.sender.example"] = { "bounces@sender.example" },  -- etc/postfix/virtual:1
      } },
    },
  },
  copies = { "archive@archive.sender.example" },  -- etc/postfix/main.cf:70
}

return M  -- no line of Postfix says this: Lua asks for it
