local M = {}  -- no line of Postfix says this: the ways are handed over as one table, by instance

M["postfix"] = {  -- etc/postfix/master.cf:15
  delimiter = "",  -- no line of Postfix says this: Postfix's default
  default = { action = "send", transport = "smtp" },  -- no line of Postfix says this: Postfix's default
  relay = { action = "send", transport = "relay" },  -- no line of Postfix says this: Postfix's default
}

return M  -- no line of Postfix says this: Lua asks for it
