local M = {}  -- no line of Postfix says this: the ways are handed over as one table, by instance

M["postfix"] = {  -- etc/postfix/master.cf:8
  delimiter = "",  -- no line of Postfix says this: Postfix's default
  default = { action = "send", transport = "postfix.smtp" },  -- no line of Postfix says this: Postfix's default
  relay = { action = "hold", text = "4.3.5 this way has not been carried over" },  -- no line of Postfix says this: Postfix's default
  relay_hop = "192.0.2.60-2525.next-hop",  -- etc/postfix/main.cf:15
}

M["postfix-a"] = {  -- etc/postfix-a/master.cf:13
  delimiter = "",  -- no line of Postfix says this: Postfix's default
  default = { action = "send", transport = "postfix-a.smtp" },  -- no line of Postfix says this: Postfix's default
  relay = { action = "hold", text = "4.3.5 this way has not been carried over" },  -- no line of Postfix says this: Postfix's default
  -- etc/postfix-a/main.cf:23 transport_maps = mysql:/etc/postfix-a/mysql-transport.cf: the rows of this table are not known here. Mail of its rows takes the default way until this is settled.
}

M["postfix-b"] = {  -- etc/postfix-b/master.cf:23
  delimiter = "",  -- no line of Postfix says this: Postfix's default
  default = { action = "send", transport = "postfix-b.smtp" },  -- no line of Postfix says this: Postfix's default
  relay = { action = "hold", text = "4.3.5 this way has not been carried over" },  -- no line of Postfix says this: Postfix's default
}

return M  -- no line of Postfix says this: Lua asks for it
