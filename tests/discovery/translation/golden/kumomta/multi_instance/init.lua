-- no line of Postfix says this: written for KumoMTA 2025.12.02 and later, which let a policy see a message before it is parted by recipient
-- This folder belongs into /opt/kumomta/etc/policy.

-- no line of Postfix says this: the modules of KumoMTA that read the data files
local kumo = require 'kumo'
local dkim_sign = require 'policy-extras.dkim_sign'
local listener_domains = require 'policy-extras.listener_domains'
local queue_module = require 'policy-extras.queue'
local sources = require 'policy-extras.sources'

-- no line of Postfix says this: what Postfix decides by tables
local content = require 'content_checks'
local routing = require 'mail_routing'
local ways = require 'routes'

local checks = {}  -- no line of Postfix says this: the rules of header_checks, by instance
local INSTANCE = "postfix"  -- no line of Postfix says this: mail that no entrance of an instance brought takes the ways of the first one
local POLICY = "/opt/kumomta/etc/policy"  -- no line of Postfix says this: where this folder lies on the new host

kumo.on('init', function()  -- no line of Postfix says this: what is set up once, at the start
  kumo.define_spool { name = 'data', path = '/var/spool/kumomta/data', flush = true }  -- etc/postfix-a/main.cf:6, etc/postfix-b/main.cf:6
  kumo.define_spool { name = 'meta', path = '/var/spool/kumomta/meta', flush = true }  -- etc/postfix-a/main.cf:6, etc/postfix-b/main.cf:6
  -- no line of Postfix says this: bounces are told apart by the enhanced status codes of RFC 3463
  kumo.configure_bounce_classifier {
    files = { '/opt/kumomta/share/bounce_classifier/iana.toml' },
  }

  -- no line of Postfix says this: every record names the Message-ID by which both sides are compared
  kumo.configure_local_logs {
    log_dir = '/var/log/kumomta',
    headers = { 'Message-ID', 'Subject' },
    meta = { 'tenant', 'routing_domain', 'received_from', 'received_via' },
    max_segment_duration = '1 minute',
  }

  -- no line of Postfix says this: commands and figures are asked for on this host only
  kumo.start_http_listener {
    listen = '127.0.0.1:8000',
    trusted_hosts = { '127.0.0.1', '::1' },
  }

  kumo.start_esmtp_listener {  -- etc/postfix-a/master.cf:1
    listen = "192.0.2.61:25",  -- etc/postfix-a/master.cf:1, etc/postfix-a/main.cf:11
    hostname = "out.alpha.example",  -- etc/postfix-a/main.cf:3
    relay_hosts = {  -- no line of Postfix says this: who may send to any recipient
      "127.0.0.0/8",  -- etc/postfix-a/main.cf:15
      "203.0.113.0/24",  -- etc/postfix-a/main.cf:15
    },
    peer = {  -- no line of Postfix says this: whose aliases and copies may lead to any domain
      ["127.0.0.0/8"] = { meta = { may_relay = true } },  -- etc/postfix-a/main.cf:15
      ["203.0.113.0/24"] = { meta = { may_relay = true } },  -- etc/postfix-a/main.cf:15
    },
    max_message_size = 10240000,  -- no line of Postfix says this: Postfix's default
    max_recipients_per_message = 1000,  -- no line of Postfix says this: Postfix's default
    invalid_line_endings = "Fix",  -- no line of Postfix says this: Postfix's default
    client_timeout = "5 minutes",  -- no line of Postfix says this: Postfix's default
    meta = { instance = "postfix-a" },  -- etc/postfix-a/main.cf:18
  }
  kumo.start_esmtp_listener {  -- etc/postfix-a/master.cf:2
    listen = "192.0.2.61:587",  -- etc/postfix-a/master.cf:2, etc/postfix-a/main.cf:11
    hostname = "out.alpha.example",  -- etc/postfix-a/main.cf:3
    relay_hosts = {  -- no line of Postfix says this: who may send to any recipient
      "127.0.0.0/8",  -- etc/postfix-a/main.cf:15
      "203.0.113.0/24",  -- etc/postfix-a/main.cf:15
    },
    peer = {  -- no line of Postfix says this: whose aliases and copies may lead to any domain
      ["127.0.0.0/8"] = { meta = { may_relay = true } },  -- etc/postfix-a/main.cf:15
      ["203.0.113.0/24"] = { meta = { may_relay = true } },  -- etc/postfix-a/main.cf:15
    },
    max_message_size = 10240000,  -- no line of Postfix says this: Postfix's default
    max_recipients_per_message = 1000,  -- no line of Postfix says this: Postfix's default
    invalid_line_endings = "Fix",  -- no line of Postfix says this: Postfix's default
    client_timeout = "5 minutes",  -- no line of Postfix says this: Postfix's default
    meta = { instance = "postfix-a", is_tls_required = true },  -- etc/postfix-a/master.cf:3
  }
  kumo.start_esmtp_listener {  -- etc/postfix-b/master.cf:1
    listen = "192.0.2.62:25",  -- etc/postfix-b/master.cf:1, etc/postfix-b/main.cf:11
    hostname = "out.beta.example",  -- etc/postfix-b/main.cf:3
    relay_hosts = {  -- no line of Postfix says this: who may send to any recipient
      "127.0.0.0/8",  -- etc/postfix-b/main.cf:15
      "203.0.113.0/24",  -- etc/postfix-b/main.cf:15
    },
    peer = {  -- no line of Postfix says this: whose aliases and copies may lead to any domain
      ["127.0.0.0/8"] = { meta = { may_relay = true } },  -- etc/postfix-b/main.cf:15
      ["203.0.113.0/24"] = { meta = { may_relay = true } },  -- etc/postfix-b/main.cf:15
    },
    max_message_size = 10240000,  -- no line of Postfix says this: Postfix's default
    max_recipients_per_message = 1000,  -- no line of Postfix says this: Postfix's default
    invalid_line_endings = "Fix",  -- no line of Postfix says this: Postfix's default
    client_timeout = "5 minutes",  -- no line of Postfix says this: Postfix's default
    meta = { instance = "postfix-b" },  -- etc/postfix-b/master.cf:1
  }
  kumo.start_esmtp_listener {  -- etc/postfix-b/master.cf:2
    listen = "127.0.0.1:10025",  -- etc/postfix-b/master.cf:2
    hostname = "out.beta.example",  -- etc/postfix-b/main.cf:3
    relay_hosts = {  -- no line of Postfix says this: who may send to any recipient
      "127.0.0.0/8",  -- etc/postfix-b/master.cf:5
    },
    peer = {  -- no line of Postfix says this: whose aliases and copies may lead to any domain
      ["127.0.0.0/8"] = { meta = { may_relay = true } },  -- etc/postfix-b/master.cf:5
    },
    max_message_size = 10240000,  -- no line of Postfix says this: Postfix's default
    max_recipients_per_message = 1000,  -- no line of Postfix says this: Postfix's default
    invalid_line_endings = "Fix",  -- no line of Postfix says this: Postfix's default
    client_timeout = "5 minutes",  -- no line of Postfix says this: Postfix's default
    meta = { instance = "postfix-b" },  -- etc/postfix-b/master.cf:2
  }
end)

-- no line of Postfix says this: addresses and pools stand in sources.toml
sources:setup { POLICY .. '/sources.toml' }

-- no line of Postfix says this: schedules and next hops stand in queues.toml; a next hop is asked for by its routing domain
local queues = queue_module:setup_with_options {
  file_names = { POLICY .. '/queues.toml' },
  skip_queue_config_hook = true,
}
kumo.on('get_queue_config', function(domain, tenant, campaign, routing_domain)
  return kumo.make_queue_config(queues:resolve_config(routing_domain or domain, tenant, campaign) or {})
end)

-- no line of Postfix says this: the pace of a way out, and over it what a destination says; both stand in shaping.toml
local load_shaping = kumo.memoize(kumo.shaping.load, {
  name = 'shaping',
  ttl = '1 minute',
  capacity = 4,
  invalidate_with_epoch = true,
})
kumo.on('get_egress_path_config', function(domain, source, site)
  local shaping = load_shaping { POLICY .. '/shaping.toml' }
  local path = shaping:get_egress_path_config(source .. '.pace', source, site)
  for name, value in pairs(shaping:get_egress_path_config(domain, source, site)) do
    path[name] = value
  end
  return kumo.make_egress_path(path)
end)

-- no line of Postfix says this: domains whose mail is taken, and where bounces (OOB) and complaints (FBL) come back, stand in listener_domains.toml
kumo.on('get_listener_domain', listener_domains:setup { POLICY .. '/listener_domains.toml' })

-- no line of Postfix says this: selectors and the paths of their keys stand in dkim_data.toml
local sign = dkim_sign:setup { POLICY .. '/dkim_data.toml' }

-- no line of Postfix says this: the sender decides about ways too; an entrance with smtpd_tls_security_level = encrypt takes no mail in clear text
kumo.on('smtp_server_mail_from', function(sender, conn_meta)
  if conn_meta:get_meta 'is_tls_required' and not conn_meta:get_meta 'tls_cipher' then
    kumo.reject(530, '5.7.0 Must issue a STARTTLS command first')
  end
  conn_meta:set_meta('envelope_sender', tostring(sender))
end)

-- no line of Postfix says this: a recipient is refused by itself when its way, or that of an address that it adds, refuses mail
kumo.on('smtp_server_rcpt_to', function(recipient, conn_meta)
  local own = ways[conn_meta:get_meta 'instance' or INSTANCE]
  local sender = conn_meta:get_meta 'envelope_sender' or ''
  for _, target in ipairs(routing.recipients(own, sender, { tostring(recipient) }, {})) do
    local code, text = routing.refusal(routing.way(own, sender, target))
    if code then
      kumo.reject(code, text)
    end
  end
end)

-- no line of Postfix says this: content checks concern the whole message, before it is parted by recipient; what they ask for is kept with it
local function check(msg, instance)
  local verdict = checks[instance] and content.examine(checks[instance], msg:get_data()) or { copies = {} }
  if verdict.data then
    msg:set_data(verdict.data)
  end
  msg:set_meta('instance', instance)
  msg:set_meta('is_discarded', verdict.is_discarded or false)
  msg:set_meta('is_held', verdict.is_held or false)
  msg:set_meta('filter', verdict.route or false)
  return verdict
end

-- no line of Postfix says this: redirections, copies and aliases; a message that none of them concerns keeps its recipients as they came
local function address(msg, instance, verdict, may_relay)
  local before = {}
  for _, recipient in ipairs(msg:recipient_list()) do
    before[#before + 1] = tostring(recipient)
  end
  local named = verdict.redirect and { verdict.redirect } or before
  local after = routing.recipients(ways[instance], tostring(msg:sender()), named, verdict.copies)
  if table.concat(after, '\n') == table.concat(before, '\n') then
    return
  end
  local code, text = routing.refusal_of_added(ways[instance], before, after, may_relay)
  if code then
    kumo.reject(code, text)
  end
  msg:set_recipient(after)
end

-- no line of Postfix says this: the way out is chosen for each recipient; rules of smtp_header_checks come before the signature, which is last
local function send(msg)
  local instance = msg:get_meta 'instance' or INSTANCE
  local own = ways[instance]
  local way = msg:get_meta 'filter' or routing.way(own, tostring(msg:sender()), tostring(msg:recipient()))
  if msg:get_meta 'is_discarded' or way.action == 'discard' then
    msg:set_meta('queue', 'null')
    return
  end
  local code, text = routing.refusal(way)
  if code then
    kumo.reject(code, text)
  end
  msg:set_meta('tenant', way.transport)
  if way.hop then
    msg:set_meta('routing_domain', way.hop)
  end
  local delivery = checks[instance] and checks[instance].delivery
  local rules = delivery and (delivery[way.transport] or delivery[''])
  local changed = rules and content.examine(rules, msg:get_data()).data
  if changed then
    msg:set_data(changed)
  end
  if msg:from_header() then
    sign(msg)
  end
  if msg:get_meta 'is_held' then
    msg:set_meta('queue', 'held')
  end
end

-- no line of Postfix says this: mail by SMTP, as a whole and then by recipient
kumo.on('smtp_server_data', function(msg, conn_meta)
  local instance = conn_meta:get_meta 'instance' or INSTANCE
  local may_relay = conn_meta:get_meta 'may_relay' or conn_meta:get_meta 'authz_id'
  address(msg, instance, check(msg, instance), may_relay)
end)
kumo.on('smtp_server_message_received', function(msg)
  send(msg)
end)

-- no line of Postfix says this: mail that an application hands over by HTTP comes by recipient already, so copies and aliases are not added to it
kumo.on('http_message_generated', function(msg)
  check(msg, INSTANCE)
  send(msg)
end)

