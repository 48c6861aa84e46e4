local M = {}  -- no line of Postfix says this: the ways are handed over as one table, by instance

M["postfix"] = {  -- etc/postfix/master.cf:15
  delimiter = "",  -- no line of Postfix says this: Postfix's default
  default = { action = "send", transport = "smtp" },  -- no line of Postfix says this: Postfix's default
  relay = { action = "send", transport = "relay" },  -- no line of Postfix says this: Postfix's default
  recipients = {  -- etc/postfix/main.cf:6
    rest = {  -- etc/postfix/main.cf:6
      { on = "domain", rows = {  -- etc/postfix/main.cf:6
        ["mail1.shop.example"] = { action = "hold", text = "4.3.5 this way has not been carried over" },  -- etc/postfix/main.cf:6
        ["localhost.shop.example"] = { action = "hold", text = "4.3.5 this way has not been carried over" },  -- etc/postfix/main.cf:6
        ["localhost"] = { action = "hold", text = "4.3.5 this way has not been carried over" },  -- etc/postfix/main.cf:6
      } },
    },
  },
}

return M  -- no line of Postfix says this: Lua asks for it
