-- Just enough of KumoMTA to run a generated init.lua and hand messages to it.
local python = ...

local handlers, started = {}, {}
local kumo = package.loaded.kumo

local function keep(name)
  kumo[name] = function(options)
    started[#started + 1] = { name, options }
    return options
  end
end

for _, name in ipairs {
  'define_spool', 'configure_local_logs', 'configure_bounce_classifier', 'start_http_listener', 'start_esmtp_listener',
} do
  keep(name)
end
for _, name in ipairs { 'make_queue_config', 'make_egress_path', 'make_listener_domain' } do
  kumo[name] = function(options)
    return options
  end
end
kumo.on = function(event, handler)
  assert(not handlers[event], event)
  handlers[event] = handler
end
kumo.memoize = function(call)
  return call
end
kumo.shaping = {
  load = function()
    return {
      get_egress_path_config = function(_, domain, source, site)
        return python.shaping(domain, source)
      end,
    }
  end,
}

package.loaded['policy-extras.sources'] = { setup = function() end }
package.loaded['policy-extras.listener_domains'] = { setup = function() return function() end end }
package.loaded['policy-extras.dkim_sign'] = {
  setup = function()
    return function(msg)
      msg.signed_as = msg:get_data()
    end
  end,
}
package.loaded['policy-extras.queue'] = {
  setup_with_options = function()
    return {
      resolve_config = function(_, domain, tenant)
        return python.queue(domain, tenant)
      end,
    }
  end,
}

local function metadata(values)
  return {
    get_meta = function(_, name)
      return values[name]
    end,
    set_meta = function(_, name, value)
      values[name] = value
    end,
  }
end

local function message(sender, recipients, data, values)
  local msg = metadata(values)
  function msg.sender() return sender end
  function msg.recipient() return recipients[1] end
  function msg.recipient_list() return recipients end
  function msg.set_recipient(_, list) recipients = list end
  function msg.get_data() return data end
  function msg.set_data(_, text) data = text end
  function msg.from_header() return data:match 'From:' end
  return msg
end

-- A message as kumod takes it: RCPT for each recipient, DATA for the whole, then each recipient by itself.
local function deliver(connection, sender, recipients, data)
  local conn, taken, out = metadata(connection), {}, {}
  handlers.smtp_server_mail_from(sender, conn)
  for _, recipient in ipairs(recipients) do
    local is_taken, said = pcall(handlers.smtp_server_rcpt_to, recipient, conn)
    if is_taken then
      taken[#taken + 1] = recipient
    else
      out[#out + 1] = { recipient = recipient, refused = said }
    end
  end
  if #taken == 0 then
    return out
  end
  local whole_values = {}
  local whole = message(sender, taken, data, whole_values)
  local is_taken, said = pcall(handlers.smtp_server_data, whole, conn)
  if not is_taken then
    out[#out + 1] = { refused = said }
    return out
  end
  for _, recipient in ipairs(whole:recipient_list()) do
    local values = {}
    for name, value in pairs(whole_values) do values[name] = value end
    local msg = message(sender, { recipient }, whole:get_data(), values)
    local is_sent, why = pcall(handlers.smtp_server_message_received, msg)
    local queued = { recipient = recipient, data = msg:get_data(), signed = msg.signed_as == msg:get_data() }
    queued.tenant, queued.hop, queued.queue = values.tenant, values.routing_domain, values.queue
    queued.refused = not is_sent and why or nil
    out[#out + 1] = queued
  end
  return out
end

local function requeue(tenant, hop)
  local values = { tenant = tenant, routing_domain = hop }
  handlers.requeue_message(message('', { 'a@b.example' }, '', values))
  return values.routing_domain
end

return { deliver = deliver, requeue = requeue, handlers = handlers, started = started }
