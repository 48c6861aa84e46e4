-- Asks the tables of routes.lua in the order in which trivial-rewrite(8) and cleanup(8) would.
-- The ways stand in routes.lua; this file holds none and is the same for every set.

local content = require 'content_checks'

local M = {}

-- The whole address in small letters, the same without its extension, the extension, and the domain.
local function parts_of(address, delimiter)
  local whole = address == '' and '<>' or address:lower()
  local user, domain = whole:match '^(.*)@([^@]*)$'
  local bare, extension = nil, ''
  if user and delimiter ~= '' then
    local at = user:find('[' .. delimiter:gsub('%W', '%%%0') .. ']', 2)
    if at then
      bare, extension = user:sub(1, at - 1) .. '@' .. domain, user:sub(at)
    end
  end
  return whole, bare, extension, domain
end

local function by_parent(rows, domain)
  local rest = domain:match '^[^.]*%.(.*)$'
  while rest do
    if rows[rest] ~= nil then
      return rows[rest]
    end
    rest = rest:match '^[^.]*%.(.*)$'
  end
  return nil
end

local function in_block(block, address, whole, domain)
  if block.on == 'everything' then
    return block.value
  elseif block.on == 'pattern' then
    return content.holds(block.tests, address == '' and '<>' or address) and block.value or nil
  elseif block.on == 'keys' then
    return block.rows[whole]
  elseif domain and block.on == 'domain' then
    return block.rows[domain]
  elseif domain then
    return by_parent(block.rows, domain)
  end
  return nil
end

-- The value of the first row that fits, and the extension when it fits only without.
-- The whole address is asked everywhere before its domain is.
function M.find(lists, address, delimiter)
  if not lists then
    return nil
  end
  local whole, bare, extension, domain = parts_of(address, delimiter)
  for _, block in ipairs(lists.whole or {}) do
    local found = in_block(block, address, whole, domain)
    if found then
      return found, ''
    end
  end
  for _, block in ipairs(bare and lists.whole or {}) do
    if block.on == 'keys' and block.rows[bare] then
      return block.rows[bare], extension
    end
  end
  for _, block in ipairs(lists.rest or {}) do
    local found = in_block(block, address, whole, domain)
    if found then
      return found, ''
    end
  end
  return nil
end

local function is_relayed(ways, domain)
  local domains = ways.relay_domains
  return domains and domain and (domains[domain] or by_parent(domains, domain)) or false
end

-- The way by the relay host of the sender, or that of all; a relay host that is not reached holds the mail.
local function by_relay(ways, sender, way)
  local relay = M.find(ways.sender_relays, sender, ways.delimiter)
  if relay and relay.action ~= 'send' then
    return relay
  elseif relay and relay.hop then
    way.hop = relay.hop
  elseif ways.relay_lost then
    return ways.relay_lost
  else
    way.hop = ways.relay_hop
  end
  return way
end

-- The way of a message: action, transport, hop and text. Without a hop it goes to the recipient's own domain.
function M.way(ways, sender, recipient)
  local own = M.find(ways.recipients, recipient, ways.delimiter)
  if own and (own.transport or own.action ~= 'send') then
    return own
  end
  local _, _, _, domain = parts_of(recipient, ways.delimiter)
  local relayed = is_relayed(ways, domain)
  local start = relayed and ways.relay or ways.default
  local by_sender = not relayed and M.find(ways.sender_transports, sender, ways.delimiter)
  if by_sender and (by_sender.transport or by_sender.action ~= 'send') then
    start = by_sender
  end
  local way = { action = start.action, transport = start.transport, hop = start.hop, text = start.text }
  if own and own.hop then
    way.hop = own.hop
  elseif way.action == 'send' and not way.hop then
    return by_relay(ways, sender, way)
  end
  return way
end

-- Why a message is not taken for the addresses that aliases and copies add: KumoMTA asks for each of them whether the
-- client may relay there and would leave it out without a word, whereas Postfix asks for the recipient as it came.
function M.refusal_of_added(ways, before, after, may_relay)
  local came = {}
  for _, address in ipairs(before) do
    came[address:lower()] = true
  end
  for _, address in ipairs(may_relay and {} or after) do
    local _, _, _, domain = parts_of(address, '')
    if not came[address:lower()] and not is_relayed(ways, domain) then
      return 451, '4.7.1 forwarding to another domain is open to known networks only'
    end
  end
  return nil
end

-- Why a recipient is not taken at all: code and text, or nil.
function M.refusal(way)
  if way.action == 'reject' then
    local status = way.text:match '^5%.%d+%.%d+ '
    return 550, status and way.text or '5.0.0 ' .. way.text
  elseif way.action == 'hold' then
    local status = way.text:match '^4%.%d+%.%d+ '
    return 451, status and way.text or '4.3.0 ' .. way.text
  end
  return nil
end

local function with_extension(target, address, extension)
  if target:sub(1, 1) == '@' then
    return (address:match '^(.*)@' or address) .. target
  end
  return extension == '' and target or (target:gsub('@', function()
    return extension .. '@'
  end, 1))
end

local function add(list, seen, address)
  if not seen[address:lower()] then
    seen[address:lower()] = true
    list[#list + 1] = address
  end
end

-- virtual_alias_maps: each result is asked again, until an address leads nowhere or to itself.
local function expand(ways, address, list, seen, asked)
  local targets, extension = M.find(ways.aliases, address, ways.delimiter)
  if not targets or asked[address:lower()] then
    return add(list, seen, address)
  end
  asked[address:lower()] = true
  for _, target in ipairs(targets) do
    expand(ways, with_extension(target, address, extension), list, seen, asked)
  end
end

-- The recipients after copies and aliases, in their order, each once.
function M.recipients(ways, sender, recipients, copies)
  local asked_for, list, seen = {}, {}, {}
  local named = {}
  local function take(addresses)
    for _, address in ipairs(addresses or {}) do
      add(asked_for, named, address)
    end
  end
  take(recipients)
  take(copies)
  take(ways.copies)
  take((M.find(ways.sender_copies, sender, ways.delimiter)))
  for _, address in ipairs(recipients) do
    take((M.find(ways.recipient_copies, address, ways.delimiter)))
  end
  for _, address in ipairs(asked_for) do
    expand(ways, address, list, seen, {})
  end
  return list
end

return M
